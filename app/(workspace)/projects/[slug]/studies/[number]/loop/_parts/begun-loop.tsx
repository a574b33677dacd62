import Link from "next/link";
import { runHref } from "@/app/paths.ts";
import type { OpenRuling } from "@/lib/loops/queue-runs.ts";
import type { Again } from "@/lib/loops/read-story.ts";
import type { LoopStory } from "@/lib/loops/story.ts";
import type { Loop } from "@/lib/wire/studies/loops.ts";
import type { Study } from "@/lib/wire/studies/studies.ts";
import { countWords, numberWords, significantWords, valueWords } from "@/lib/words/numbers.ts";
import { claimSentence, saturationSentences } from "@/lib/words/studies/loop-words.ts";
import { blindnessWords, milestoneWords } from "@/lib/words/studies/ruling-words.ts";
import { ErrorBudget } from "./error-budget.tsx";
import { Incumbents, type spentAxis } from "./incumbents.tsx";
import { OpenRulings } from "./open-rulings.tsx";
import { Part } from "./part.tsx";
import { Rulings } from "./rulings.tsx";

type BegunLoopProps = {
  loop: Loop;
  story: LoopStory;
  again: Again | null;
  open: OpenRuling[];
  study: Study;
  canQueue: boolean;
  axis: ReturnType<typeof spentAxis>;
  showsAll: boolean;
};

const SEEING =
  "Who hands candidates in sees their values, so that nothing bounds what the loop learns of the validation samples. A token of scope submit hands in configs, and learns one bit of each.";

/** A loop that has begun: what it holds, what it asks for, how far it came, and each ruling. */
export function BegunLoop({ loop, story, again, open, study, canQueue, axis, showsAll }: BegunLoopProps) {
  const { greedy, points, budget, saturation } = story;
  return (
    <>
      <LoopFacts loop={loop} story={story} slug={study.project} />
      {study.conclusion && (
        <Part title="Conclusion">
          <p className="max-w-160 text-sm wrap-anywhere">{study.conclusion}</p>
        </Part>
      )}
      {open.length > 0 && (
        <Part title="Waits for runs">
          <OpenRulings open={open} slug={study.project} study={study.id} canQueue={canQueue} />
        </Part>
      )}
      {points.length === 0 ? (
        <Part title="Rulings">
          <p className="text-sm text-muted">No candidate has been handed in yet.</p>
        </Part>
      ) : (
        <div className="grid lg:grid-cols-2">
          <Part title="What it holds">
            <p className="max-w-160 text-sm">{claimSentence(greedy, loop, again)}</p>
            <Incumbents points={points} objective={study.objective} axis={axis} />
          </Part>
          <Part title="Error budget">
            <ErrorBudget budget={budget} loop={loop} />
          </Part>
        </div>
      )}
      <div className="grid lg:grid-cols-2">
        <Part title="Whether it goes on">
          <ul className="grid max-w-160 gap-1.5 text-sm">
            {saturationSentences(saturation, loop).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </Part>
        {loop.milestone && (
          <Part title="Milestones">
            <p className="max-w-160 text-sm">{milestoneWords(loop.milestone)}</p>
          </Part>
        )}
        <Part title="What it learns of the samples">
          <p className="max-w-160 text-sm">{loop.blindness ? blindnessWords(loop.blindness) : SEEING}</p>
        </Part>
      </div>
      {loop.rulings.length > 0 && (
        <Part title="Rulings">
          <Rulings rulings={loop.rulings} study={study} showsAll={showsAll} />
        </Part>
      )}
    </>
  );
}

/** The few figures that say where a loop stands. */
export function LoopFacts({ loop, story, slug }: { loop: Loop; story: LoopStory; slug: string }) {
  const { incumbent, noiseFloor, rule } = loop;
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3 border-b border-line px-4 py-6 md:grid-cols-4 md:px-6">
      <Fact name="Incumbent" note={`mean of ${countWords(incumbent.runs, "run")}`}>
        <Link href={runHref(slug, incumbent.run)} prefetch={false} className="hover:text-accent">
          {incumbent.value === null ? "to be run" : valueWords(incumbent.value)}
        </Link>
      </Fact>
      <Fact
        name="Noise floor"
        note={
          noiseFloor
            ? `${countWords(noiseFloor.dof, "degree")} of freedom`
            : `needs ${rule.incumbentMin} runs of the incumbent`
        }
      >
        {noiseFloor ? significantWords(noiseFloor.sd, 2) : "unknown"}
      </Fact>
      <Fact name="Kept" note={`of ${countWords(story.greedy.candidates, "candidate")}`}>
        {numberWords(loop.keeps)}
      </Fact>
      <Fact name="Next level" note={`${countWords(loop.spent, "place")} of the error budget spent`}>
        {significantWords(loop.nextLevel, 2)}
      </Fact>
    </dl>
  );
}

const Fact = ({ name, note, children }: { name: string; note: string; children: React.ReactNode }) => (
  <div>
    <dt className="text-xs text-muted">{name}</dt>
    <dd className="text-lg font-medium tabular-nums">{children}</dd>
    <dd className="text-xs text-muted">{note}</dd>
  </div>
);
