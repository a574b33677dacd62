/** Projects whose runs have curves of 600 points, no two alike. */
import { systemActor } from "../lib/access/actor.ts";
import { appendBatch } from "../lib/metrics/append.ts";
import { compactWhole } from "../lib/metrics/compact.ts";
import { createProject } from "../lib/projects/projects.ts";
import type { Context } from "./harness.ts";
import { newWriters } from "./runs.ts";
import { lossCurve, stepsFrom, timesFrom } from "./series.ts";

export const POINTS = 600;

export type Curves = { runs: number; metrics: number };

/** The values of each metric of a run. */
export const curvesOf = (seed: number, run: number, { metrics }: Curves): Float64Array<ArrayBuffer>[] =>
  Array.from({ length: metrics }, (_, metric) => lossCurve(seed + run * metrics + metric, POINTS));

/** Returns the project's slug. */
export async function seedCurves(context: Context, name: string, curves: Curves): Promise<string> {
  const project = await createProject(systemActor, { name, primaryMetric: "loss/0" });
  for (const [index, writer] of (await newWriters({ ...context, project }, curves.runs, "run")).entries()) {
    const metrics = curvesOf(context.seed, index, curves).map((values, metric) => [`loss/${metric}`, values] as const);
    const group = { split: "train" as const, steps: stepsFrom(0, POINTS), times: timesFrom(0, POINTS) };
    const groups = [{ ...group, metrics: new Map(metrics) }];
    await appendBatch(systemActor, writer.run, { writer: writer.writer, sequence: ++writer.sent, groups });
    await compactWhole(writer.run);
  }
  return project.slug;
}
