/** How long a ruling takes in a loop that has ruled on ten thousand candidates. */
import { v4 as uuidv4 } from "uuid";
import { systemActor } from "../../lib/access/actor.ts";
import { startLoop } from "../../lib/loops/loops.ts";
import { ruleOnCandidate } from "../../lib/loops/rule.ts";
import { appendBatch } from "../../lib/metrics/append.ts";
import { endRun } from "../../lib/metrics/end-run.ts";
import { createRun } from "../../lib/runs/runs.ts";
import { createWriter } from "../../lib/runs/writers.ts";
import { seededNormal, seededRandom } from "../../lib/statistics/resampling/random.ts";
import { createStudy } from "../../lib/studies/studies.ts";
import { asOwner } from "../app.ts";
import { type Context, type Mode, quantile, type Row, rowOf, shown } from "../harness.ts";

const EARLIER = 10_000;
const CANDIDATES: Record<Mode, number> = { quick: 40, usual: 200, full: 400 };

export async function run({ app, mode, seed, project }: Context): Promise<Row[]> {
  const normal = seededNormal(seededRandom(seed));
  const objective = { metric: "accuracy", split: "validation", direction: "max" };
  const { id: study } = await createStudy(systemActor, {
    project: project.id,
    title: "rulings",
    mode: "loop",
    objective,
  });
  let made = 0;
  const trained = async (rate: number, accuracy: number): Promise<string> => {
    const { id } = await createRun(systemActor, { project: project.id, config: { rate }, seed: ++made });
    const writer = uuidv4();
    await createWriter(systemActor, id, { writer });
    const metrics = new Map([["accuracy", Float64Array.of(accuracy)]]);
    const group = { split: "validation" as const, steps: Float64Array.of(1), times: Float64Array.of(1e12), metrics };
    await appendBatch(systemActor, id, { writer, sequence: 1, groups: [group] });
    await endRun(systemActor, id, { status: "finished" });
    return id;
  };
  const incumbents: string[] = [];
  for (let at = 0; at < 4; at++) incumbents.push(await trained(0, 0.9 + 0.002 * normal()));
  await startLoop(systemActor, study, { run: incumbents[0]! });
  await ruleOnCandidate(systemActor, study, { runs: incumbents.slice(1) });
  await asOwner(app.ownerUrl, async (sql) => {
    await sql`insert into rulings (id, study_id, project_id, number, recipe, run_id, ruling, reason, figures, after, asked_by, asked_by_actor)
      select gen_random_uuid(), study_id, project_id, number + n, encode(sha256(n::text::bytea), 'hex'), run_id, 'discard', 'screen',
        figures, after, asked_by, asked_by_actor
      from rulings, generate_series(1, ${EARLIER}::int) n where study_id = ${study} and number = 1`;
    await sql`insert into loop_runs (study_id, run_id, project_id, number, recipe, seed, value)
      select ${study}, gen_random_uuid(), ${project.id}, 1000 + n, encode(sha256(n::text::bytea), 'hex'), n::text, 0.5
      from generate_series(1, ${EARLIER}::int) n`;
    await sql`analyze rulings, loop_runs`;
  });
  const candidates: string[] = [];
  for (let at = 1; at <= CANDIDATES[mode]; at++) candidates.push(await trained(at, 0.9 + 0.002 * normal()));
  const tookMs: number[] = [];
  for (const candidate of candidates) {
    const startedAt = performance.now();
    await ruleOnCandidate(systemActor, study, { runs: [candidate] });
    tookMs.push(performance.now() - startedAt);
  }
  return [
    rowOf({
      id: "studies-ruling",
      name: `a ruling after ${shown(EARLIER)} others: p95 of ${tookMs.length}`,
      unit: "ms",
      bar: { atMost: 30, by: "loop" },
      against: `screened or to be confirmed, in the process; median ${quantile(tookMs, 0.5).toFixed(1)} ms`,
      samples: tookMs,
      value: quantile(tookMs, 0.95),
    }),
  ];
}
