import Link from "next/link";
import { ProposalLink } from "@/app/_ui/domain/studies/proposal-link.tsx";
import { type NextAct, nextActOf, standingOf } from "@/lib/studies/standing/standing.ts";
import type { StudySection } from "@/lib/wire/studies/sections.ts";
import { countWords, valueWords } from "@/lib/words/numbers.ts";
import { flagWords, studySectionWords } from "@/lib/words/studies/panels/panel-words.ts";
import { nextActWords, noiseFloorWords, playbookWords, spanWords } from "@/lib/words/studies/standing-words.ts";
import { modeWords } from "@/lib/words/studies/study-words.ts";
import type { PanelProps, StudyPanel } from "../frame/panel.ts";
import { floorOf } from "./floor.ts";

/** What is best now, what that is worth, and what to do next. */
async function Standing(props: PanelProps) {
  const { review, study } = props;
  const floor = await floorOf(props);
  const standing = standingOf(review.facts, floor);
  const asked = review.facts.configurations.length;
  const next = nextActOf(study, review.flags, { asked, seeds: standing?.best.seeds ?? 0 });
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <dl className="grid content-start gap-3 text-sm">
        {standing === null ? (
          <Fact name="Best">No trial has ended with a value yet.</Fact>
        ) : (
          <>
            <Fact name="Best">
              <span className="text-lg font-semibold tabular-nums">{valueWords(standing.best.value)}</span>{" "}
              {study.objective.split}/{study.objective.metric}, trial {standing.best.number},{" "}
              {countWords(standing.best.seeds, "seed")}
            </Fact>
            <Fact name="95 % interval">
              {standing.interval === null
                ? "unknown: one seed, and the project has no noise floor"
                : `${spanWords(standing.interval)}, ${standing.by === "seeds" ? "by its own seeds" : "by the project’s noise floor"}`}
            </Fact>
            <Fact name="Corrected">
              {standing.corrected === null
                ? "unknown: how much of a lead is luck is told by seeds"
                : `${valueWords(standing.corrected.value)}: the best of ${standing.corrected.of} is lucky by about ${valueWords(standing.corrected.optimism)}`}
            </Fact>
          </>
        )}
        <Fact name="Mode">{modeWords(study.mode)}</Fact>
        <Fact name="Noise">{noiseFloorWords(floor)}</Fact>
      </dl>
      <NextActCard {...props} next={next} best={standing?.best.number ?? null} />
    </div>
  );
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="grid grid-cols-[110px_minmax(0,1fr)] items-baseline gap-3">
    <dt className="text-muted">{name}</dt>
    <dd>{children}</dd>
  </div>
);

function NextActCard({ next, best, project, study }: PanelProps & { next: NextAct; best: number | null }) {
  const isFlag = next.kind === "flag";
  const words = isFlag ? flagWords(next.flag) : null;
  const { title, detail } = words ? { title: words.act, detail: words.seen } : nextActWords(next.kind);
  const proposal = isFlag ? next.proposal : next.kind === "follow" ? "follow" : null;
  const said = playbookWords(next.rule);
  return (
    <section aria-label="Next" className="grid content-start gap-2 rounded-md border border-line p-4 text-sm">
      <h3 className="text-xs text-muted">Next, by {next.rule}</h3>
      <p className="text-base font-medium">{title}</p>
      <p>
        {detail}{" "}
        {isFlag && (
          <Link href={`#${next.section}`} className="underline">
            {studySectionWords(next.section as StudySection).title}
          </Link>
        )}
      </p>
      {said && <p className="text-muted">{said}</p>}
      {proposal !== null && proposal !== "seeds" && (
        <ProposalLink
          slug={project.slug}
          parent={study.number}
          proposal={proposal}
          {...(isFlag && next.flag.kind === "boundary" && { parameter: next.flag.parameter, edge: next.flag.edge })}
        />
      )}
      {(proposal === "seeds" || next.kind === "more-seeds") && best !== null && (
        <p className="text-muted">“More seeds” above queues them for trial {best}.</p>
      )}
    </section>
  );
}

export const standingPanel: StudyPanel = { name: "standing", content: Standing };
