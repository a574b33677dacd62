import { Badge } from "@/app/_ui/parts/badge.tsx";
import { readAnswers } from "@/lib/studies/answers.ts";
import { type StorySentence, storyOf } from "@/lib/studies/standing/story.ts";
import { type CheckName, checkNames } from "@/lib/wire/studies/answers.ts";
import { warningRules } from "@/lib/wire/studies/warnings.ts";
import { checkWords } from "@/lib/words/studies/standing-words.ts";
import { warningTitle } from "@/lib/words/studies/warning-words.ts";
import type { PanelProps, StudyPanel } from "../frame/panel.ts";
import { familyOf } from "./floor.ts";

/** What was concluded, sentence by sentence with its evidence, and what was answered on the way. */
async function Story(props: PanelProps) {
  const { study } = props;
  const [{ comparisons }, answers] = await Promise.all([familyOf(props), readAnswers(study.id)]);
  if (study.conclusion === "" && answers.length === 0) return null;
  const sentences = storyOf(study.conclusion, comparisons);
  const unlinked = sentences.filter((one) => one.comparisons.length === 0).length;
  const given = answers.flatMap(({ kind, about, answer, by }) => {
    if (kind === "warning" && about in warningRules)
      return [{ about: warningTitle({ kind: about as keyof typeof warningRules }), answer, by }];
    if (kind === "check" && checkNames.includes(about as CheckName))
      return [{ about: checkWords(about as CheckName).question, answer, by }];
    return [];
  });
  return (
    <div className="grid gap-4 text-sm">
      {sentences.length > 0 && (
        <>
          <ol aria-label="The story" className="grid max-w-160 gap-1.5">
            {sentences.map((sentence, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a sentence may stand there twice
              <li key={at} className="wrap-anywhere">
                {sentence.text} <Evidence sentence={sentence} />
              </li>
            ))}
          </ol>
          <p className="text-xs text-muted">
            {unlinked === 0
              ? "Every sentence names its comparison."
              : `${unlinked} of ${sentences.length} name no comparison. A sentence names one as C1, by its name in Comparisons.`}
          </p>
        </>
      )}
      {given.length > 0 && (
        <dl className="grid max-w-160 gap-2">
          {given.map(({ about, answer, by }) => (
            <div key={about}>
              <dt className="text-muted">{about}</dt>
              <dd className="wrap-anywhere">
                {answer} <span className="text-muted">({by})</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function Evidence({ sentence: { comparisons, unknown } }: { sentence: StorySentence }) {
  if (comparisons.length === 0 && unknown.length === 0) return <Badge tone="warning">no comparison</Badge>;
  return (
    <>
      {comparisons.map((name) => (
        <a key={name} href={`#comparison-${name}`} className="mr-1 underline">
          {name}
        </a>
      ))}
      {unknown.map((name) => (
        <Badge key={name} tone="danger">
          there is no {name}
        </Badge>
      ))}
    </>
  );
}

export const storyPanel: StudyPanel = { name: "story", content: Story };
