/** A study with many trials of twelve hyperparameters: some that failed, a few seeds of the best, curves for all. */
import { v4 as uuidv4, v7 as uuidv7 } from "uuid";
import { systemActor } from "../../lib/access/actor.ts";
import { appendBatch } from "../../lib/metrics/append.ts";
import { compactWhole } from "../../lib/metrics/compact.ts";
import { createProject } from "../../lib/projects/projects.ts";
import { createRun } from "../../lib/runs/runs.ts";
import { createWriter } from "../../lib/runs/writers.ts";
import { ask } from "../../lib/search/ask.ts";
import { configOf, toSpace } from "../../lib/studies/plan.ts";
import { createStudy } from "../../lib/studies/studies.ts";
import type { StudyAssignment, StudyParameter } from "../../lib/wire/studies/parameters.ts";
import { asOwner } from "../app.ts";
import type { Context } from "../harness.ts";
import type { Writer } from "../load.ts";
import { copyRun } from "../seed.ts";

/** Runs with points of their own; the others have copies of theirs. */
const PATTERNS = 10;
const EVALUATIONS = 60;
const STEPS_APART = 50;

const learningRate: StudyParameter = {
  kind: "float",
  path: "optimizer.learningRate",
  role: "nuisance",
  low: 1e-5,
  high: 1,
  scale: "log",
};
const optimizer: StudyParameter = {
  kind: "categorical",
  path: "optimizer.name",
  role: "scientific",
  choices: ["adam", "sgd", "momentum"],
};
const others = Array.from(
  { length: 10 },
  (_, at): StudyParameter => ({
    kind: "float",
    path: `parameter${at}`,
    role: "nuisance",
    low: 0,
    high: 1,
    scale: "linear",
  }),
);
const space = [learningRate, optimizer, ...others];

/** The best rate is 10⁻³; from 10⁻¹ on training fails. */
function lossOf(values: StudyAssignment, noise: number): number | null {
  const log = Math.log10(Number(values["optimizer.learningRate"]));
  if (log > -1) return null;
  return 0.2 + 0.03 * (log + 3) ** 2 + 0.05 * (Number(values.parameter0) - 0.5) ** 2 + 0.002 * noise;
}

/** Returns the address of the study's page. */
export async function seedStudy(context: Context, trials: number): Promise<string> {
  const { id: project, slug } = await createProject(systemActor, { name: "Many trials", primaryMetric: "loss" });
  const base = { optimizer: { name: "adam", learningRate: 0.001 }, batchSize: 64, epochs: 10 };
  const study = await createStudy(systemActor, {
    project,
    title: "Which optimizer?",
    base,
    space,
    objective: { metric: "loss", split: "validation", direction: "min" },
    trialsBudget: trials,
  });
  const rows: Record<string, unknown>[] = [];
  const writers: (Writer & { loss: number | null })[] = [];
  for (let at = 0; at < trials; at++) {
    const values = valuesOf(at, context.seed);
    const loss = lossOf(values, Math.sin(at * 12.9898 + context.seed));
    const { id: run } = await createRun(systemActor, {
      project,
      name: `study 1, trial ${at + 1}`,
      seed: 1,
      config: configOf(base, space, values),
      metrics: [{ name: "loss", direction: "min" }],
    });
    writers.push({ run, writer: uuidv4(), sent: 0, loss });
    rows.push({
      id: uuidv7(),
      run_id: run,
      number: at + 1,
      values,
      told: loss,
      infeasible: loss === null ? "diverged" : null,
    });
  }
  await logCurves(context, writers);
  await asOwner(context.app.ownerUrl, async (sql) => {
    await sql`insert into trials (id, project_id, study_id, number, replicate, run_id, "values", origin, status, told, infeasible, created_by)
      select r.id, ${project}, ${study.id}, r.number, 0, r.run_id, r.values, 'search',
        case when r.infeasible is null then 'finished' else 'failed' end, r.told, r.infeasible, 'bench'
      from jsonb_to_recordset(${sql.json(rows as never)}) r (id uuid, run_id uuid, number int, "values" jsonb, told float8, infeasible text)`;
    await sql`update runs set status = 'finished', started_at = created_at, ended_at = created_at + interval '1 minute'
      where project_id = ${project}`;
    await sql`analyze`;
  });
  return `/projects/${slug}/studies/${study.number}`;
}

function valuesOf(at: number, seed: number): StudyAssignment {
  const history = { length: at } as never;
  return ask(toSpace(space), history, { method: "quasi-random", goal: "min", seed })!;
}

async function logCurves(context: Context, writers: (Writer & { loss: number | null })[]): Promise<void> {
  const patterns = writers.slice(0, PATTERNS);
  for (const [at, writer] of patterns.entries()) {
    await createWriter(systemActor, writer.run, { writer: writer.writer });
    const steps = Float64Array.from({ length: EVALUATIONS }, (_, step) => (step + 1) * STEPS_APART);
    const values = (end: number) =>
      Float64Array.from(steps, (step) => end + 0.8 * Math.exp(-step / 500) + 0.003 * Math.sin(step * (at + 1)));
    const group = (split: "validation" | "train" | null, name: string, end: number) => ({
      split,
      steps,
      times: steps.map((step) => 1_767_600_000_000 + step * 20),
      metrics: new Map([[name, values(end)]]),
    });
    const groups = [
      group("validation", "loss", 0.2 + at / 100),
      group("train", "loss", 0.1),
      group(null, "gradient_norm", 1),
      group(null, "learning_rate", 0.001),
    ];
    await appendBatch(systemActor, writer.run, { writer: writer.writer, sequence: ++writer.sent, groups });
    await compactWhole(writer.run);
    const copies = writers.filter((_, other) => other >= PATTERNS && other % PATTERNS === at);
    if (copies.length > 0) await copyRun(context, writer, copies);
  }
}
