/** A project with many runs of many metrics, and one run whose page has twelve charts. */
import { systemActor } from "../lib/access/actor.ts";
import { appendBatch } from "../lib/metrics/append.ts";
import { compactWhole } from "../lib/metrics/compact.ts";
import { createProject } from "../lib/projects/projects.ts";
import type { Context } from "./harness.ts";
import type { Writer } from "./load.ts";
import { newWriters } from "./runs.ts";
import { copyRun } from "./seed.ts";
import { LoggedRun, stepsFrom, timesFrom } from "./series.ts";

const STEPS = 50;
const PANELS = 12;
const PANEL_STEPS = 5_000;

/** The runs hold copies of one run's rows. `first` is the run with twelve metrics, the newest. */
export async function seedTable(
  context: Context,
  runs: number,
  metrics: number,
): Promise<{ slug: string; first: string }> {
  const project = await createProject(systemActor, { name: "Many runs", primaryMetric: "loss/0" });
  const place = { ...context, project };
  const [pattern, ...others] = await newWriters(place, runs - 1, "run");
  await append(pattern!, new LoggedRun(context.seed, metrics), STEPS);
  await copyRun(context, pattern!, others);
  const [first] = await newWriters(place, 1, "twelve panels");
  await append(first!, new LoggedRun(context.seed + 1, PANELS), PANEL_STEPS);
  return { slug: project.slug, first: first!.run };
}

async function append(writer: Writer, logged: LoggedRun, steps: number): Promise<void> {
  const values = logged.names.map((name, metric) => [name, logged.values(metric, 0, steps)] as const);
  const group = { split: "train" as const, steps: stepsFrom(0, steps), times: timesFrom(0, steps) };
  const groups = [{ ...group, metrics: new Map(values) }];
  await appendBatch(systemActor, writer.run, { writer: writer.writer, sequence: ++writer.sent, groups });
  await compactWhole(writer.run);
}
