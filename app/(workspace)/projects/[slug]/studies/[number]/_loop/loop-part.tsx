import Link from "next/link";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { runHref } from "@/app/paths.ts";
import type { MemberActor } from "@/lib/access/actor.ts";
import { greedyOf } from "@/lib/loops/greedy.ts";
import { findLoop } from "@/lib/loops/loops.ts";
import type { Loop, RulingAnswer, RulingWord } from "@/lib/wire/studies/loops.ts";
import type { Study } from "@/lib/wire/studies/studies.ts";
import { numberWords, significantWords, valueWords } from "@/lib/words/numbers.ts";
import { blindnessWords, reasonWords, rulingWords, wantedWords } from "@/lib/words/studies/ruling-words.ts";

type LoopPartProps = { member: MemberActor; study: Study; projectId: string };

/** A loop: what it holds now, what the referee has left to spend, and each ruling with its reason. */
export async function LoopPart({ member, study, projectId }: LoopPartProps) {
  const loop = await findLoop(member, study, projectId);
  return (
    <section aria-labelledby="loop-title" className="grid min-w-0 gap-4 border-b border-line px-4 py-6 md:px-6">
      <h2 id="loop-title" className="text-base font-medium">
        Loop
      </h2>
      {loop ? <BegunLoop loop={loop} study={study} /> : <HowToBegin study={study} />}
    </section>
  );
}

const HowToBegin = ({ study }: { study: Study }) => (
  <div className="grid max-w-160 gap-2 text-sm text-muted">
    <p>
      The loop begins with a run of its first recipe. From then on its rule stands, and candidates are handed in by
      their runs.
    </p>
    <pre className="overflow-x-auto rounded-md border border-line bg-raised p-3 text-xs">
      {`curl -X POST ${new URL(study.url).origin}/api/v1/studies/${study.id}/loop \\
  -H "authorization: Bearer $HOLDOUT_TOKEN" -H "content-type: application/json" -d '{"run": "RUN"}'
npx holdout-trainer referee RUN… --study ${study.id}`}
    </pre>
  </div>
);

function BegunLoop({ loop, study }: { loop: Loop; study: Study }) {
  const { incumbent, noiseFloor, rulings } = loop;
  const first = rulings.at(-1)?.figures?.incumbent[0] ?? incumbent.value;
  const greedy = greedyOf(rulings, first, study.objective.direction);
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 md:grid-cols-4">
        <Fact name="Incumbent" note={`mean of ${numberWords(incumbent.runs)}`}>
          <Link href={runHref(study.project, incumbent.run)} prefetch={false} className="hover:text-accent">
            {incumbent.value === null ? "to be run" : valueWords(incumbent.value)}
          </Link>
        </Fact>
        <Fact
          name="Noise floor"
          note={noiseFloor ? `${numberWords(noiseFloor.dof)} degrees of freedom` : "needs two more runs"}
        >
          {noiseFloor ? significantWords(noiseFloor.sd, 2) : "unknown"}
        </Fact>
        <Fact name="Kept" note={`of ${numberWords(greedy.candidates)} candidates`}>
          {numberWords(loop.keeps)}
        </Fact>
        <Fact name="Next level" note={`${numberWords(loop.spent)} of the error budget's places are spent`}>
          {significantWords(loop.nextLevel, 2)}
        </Fact>
      </dl>
      {greedy.claim !== null && (
        <p className="max-w-160 text-sm text-muted">
          By one run each, {numberWords(greedy.keeps)} would have been kept, and {valueWords(greedy.claim)} would be
          claimed; the mean over the incumbent's own runs is{" "}
          {incumbent.value === null ? "not known yet" : valueWords(incumbent.value)}.
        </p>
      )}
      {loop.blindness && <p className="max-w-160 text-sm text-muted">{blindnessWords(loop.blindness)}</p>}
      {rulings.length === 0 ? (
        <p className="text-sm text-muted">No candidate has been handed in yet.</p>
      ) : (
        <Rulings rulings={rulings} slug={study.project} />
      )}
    </>
  );
}

const Fact = ({ name, note, children }: { name: string; note: string; children: React.ReactNode }) => (
  <div>
    <dt className="text-xs text-muted">{name}</dt>
    <dd className="text-lg font-medium tabular-nums">{children}</dd>
    <dd className="text-xs text-muted">{note}</dd>
  </div>
);

const tones: Record<RulingWord, "accent" | "plain" | "warning"> = {
  keep: "accent",
  discard: "plain",
  "run-again": "warning",
  refused: "plain",
};

const Rulings = ({ rulings, slug }: { rulings: RulingAnswer[]; slug: string }) => (
  <WideTable>
    <table className="table bleed">
      <thead>
        <tr>
          <th className="number">No.</th>
          <th>Ruling</th>
          <th>Because</th>
          <th className="number">Gain</th>
          <th className="number">p</th>
          <th className="number">Level</th>
          <th>Candidate</th>
          <th>By</th>
          <th>When</th>
        </tr>
      </thead>
      <tbody>
        {rulings.map((ruling) => (
          <RulingRow key={ruling.id} ruling={ruling} slug={slug} />
        ))}
      </tbody>
    </table>
  </WideTable>
);

function RulingRow({ ruling, slug }: { ruling: RulingAnswer; slug: string }) {
  const { figures } = ruling;
  const gain = figures?.test?.gain ?? figures?.screened?.gain ?? null;
  const wanted = wantedWords(ruling);
  return (
    <tr>
      <td className="number text-muted">{ruling.number}</td>
      <td>
        <Badge tone={tones[ruling.ruling]}>{rulingWords(ruling.ruling)}</Badge>
      </td>
      <td>
        {reasonWords(ruling.reason)}
        {wanted && <span className="text-muted">; to run: {wanted}</span>}
      </td>
      <td className="number">{gain === null ? "" : significantWords(gain, 3)}</td>
      <td className="number">{figures?.test ? significantWords(figures.test.p, 2) : ""}</td>
      <td className="number text-muted">{figures ? significantWords(figures.level, 2) : ""}</td>
      <td>
        {ruling.run && (
          <Link href={runHref(slug, ruling.run)} prefetch={false} className="font-mono text-xs hover:text-accent">
            {ruling.recipe.slice(0, 8)}
          </Link>
        )}
      </td>
      <td className="text-muted">{ruling.askedBy}</td>
      <td className="text-muted">{ruling.ruledAt && <Time at={ruling.ruledAt} />}</td>
    </tr>
  );
}
