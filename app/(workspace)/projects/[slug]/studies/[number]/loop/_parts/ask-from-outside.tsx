import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import type { Study } from "@/lib/wire/studies/studies.ts";

/** How a script or an agent has its candidates ruled on. */
export const AskFromOutside = ({ study }: { study: Study }) => (
  <Section
    title="From a script or an agent"
    about="Ask before training, train, hand in, obey. The exit code is 0 keep, 10 discard, 11 run again, 12 refused."
    wide
  >
    <Snippet
      label="Copy the commands"
      text={`export HOLDOUT_URL=${new URL(study.url).origin} HOLDOUT_STUDY=${study.id}
npx --no-install holdout referee --ask '{"optimizer": {"learningRate": 0.01}}' --like RUN   # judged before?
npx --no-install holdout referee RUN --wait   # queues what is to be run again, and ends with the ruling`}
    />
  </Section>
);
