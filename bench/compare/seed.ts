/** Runs to be held beside each other: recipes with two seeds each, configs of which a third of the keys differ. */
import { v4 as uuidv4 } from "uuid";
import { systemActor } from "../../lib/access/actor.ts";
import { appendBatch } from "../../lib/metrics/append.ts";
import { compactWhole } from "../../lib/metrics/compact.ts";
import { createProject } from "../../lib/projects/projects.ts";
import { createRun } from "../../lib/runs/runs.ts";
import { finishRun } from "../../lib/runs/status.ts";
import { createWriter } from "../../lib/runs/writers.ts";
import { BATCH_POINTS_MAX } from "../../lib/wire/base/words.ts";
import type { Context } from "../harness.ts";
import type { Writer } from "../load.ts";
import { copyRun } from "../seed.ts";
import { LoggedRun, stepsFrom, timesFrom } from "../series.ts";

export type ComparedSize = { runs: number; metrics: number; steps: number; keys: number };

/** Runs with points of their own; the others have copies of theirs. */
const PATTERNS = 10;
const GROUP = 6;

/** Returns the project's slug and the runs in their order. */
export async function seedCompared(
  context: Context,
  name: string,
  { runs, metrics, steps, keys }: ComparedSize,
): Promise<{ slug: string; ids: string[] }> {
  const { id, slug } = await createProject(systemActor, { name, primaryMetric: "loss/0" });
  const writers: Writer[] = [];
  for (let run = 0; run < runs; run++) {
    const { id: made } = await createRun(systemActor, {
      project: id,
      name: `run ${run}`,
      seed: run % 2,
      config: configOf(run, keys),
      metrics: [{ name: "loss/0", direction: "min" }],
    });
    const writer = uuidv4();
    await createWriter(systemActor, made, { writer });
    writers.push({ run: made, writer, sent: 0 });
  }
  const patterns = writers.slice(0, PATTERNS);
  for (const [at, writer] of patterns.entries()) {
    await logRun(writer, new LoggedRun(context.seed + at * metrics, metrics), steps);
    const copies = writers.filter((_, run) => run >= PATTERNS && run % PATTERNS === at);
    if (copies.length > 0) await copyRun(context, writer, copies);
  }
  for (const { run } of writers) await finishRun(systemActor, run, { status: "finished" });
  return { slug, ids: writers.map(({ run }) => run) };
}

/** Two runs have one recipe; every third key differs from recipe to recipe. */
function configOf(run: number, keys: number): Record<string, Record<string, number | string>> {
  const recipe = Math.floor(run / 2);
  const config: Record<string, Record<string, number | string>> = {};
  for (let key = 0; key < keys; key++) {
    const group = `group${Math.floor(key / GROUP)}`;
    config[group] = {
      ...config[group],
      [`key${key}`]: key % 3 > 0 ? "the same" : key % 2 === 0 ? (recipe + 1) / (key + 3) : `value ${recipe}`,
    };
  }
  return config;
}

async function logRun(writer: Writer, logged: LoggedRun, steps: number): Promise<void> {
  const inBatch = Math.max(1, Math.floor(BATCH_POINTS_MAX / logged.names.length));
  for (let from = 0; from < steps; from += inBatch) {
    const count = Math.min(inBatch, steps - from);
    const metrics = new Map(logged.names.map((name, at) => [name, logged.values(at, from, count)] as const));
    const groups = [
      { split: "validation" as const, steps: stepsFrom(from, count), times: timesFrom(from, count), metrics },
    ];
    await appendBatch(systemActor, writer.run, { writer: writer.writer, sequence: ++writer.sent, groups });
  }
  await compactWhole(writer.run);
}
