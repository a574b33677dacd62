/** A run with a checkpoint on a small manifest, to be evaluated by tests. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { type Actor, systemActor } from "../access/actor.ts";
import { putArtifact } from "../artifacts/artifacts.ts";
import { createCheckpoint } from "../artifacts/checkpoints.ts";
import { addSamples, createDataset } from "../datasets/datasets.ts";
import { jobPrograms } from "../job-programs.ts";
import { runNextJob } from "../jobs/jobs.ts";
import { registerManifest } from "../manifests/register.ts";
import { updateProject } from "../settings/project-settings.ts";
import { newProject, newRun } from "../test-workspace.ts";
import type { Split } from "../wire/base/words.ts";
import type { Checkpoint } from "../wire/checkpoints.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import type { Evaluation, EvaluationCreate } from "../wire/evaluations/evaluations.ts";
import { type PredictionsJson, predictionsFromJson, predictionsSchema } from "../wire/evaluations/predictions.ts";
import type { Project } from "../wire/projects.ts";
import { completeEvaluation } from "./complete.ts";
import { createEvaluation, requireEvaluation } from "./evaluations.ts";
import { markLabel } from "./live/label-marks.ts";
import { appendPredictions } from "./receive.ts";
import { createShare } from "./shares/shares.ts";

export type TestSample = { key: string; split: Split; label: string | null; group?: string };

export type Evaluable = { project: Project; manifest: Manifest; run: string; checkpoint: Checkpoint };

/** Whether the labels of a split are sealed, of test unless another is named. */
type SealedOptions = { sealed?: boolean; sealedSplit?: Split };

let versions = 0;

/** A manifest of these samples, checked, and a run with one checkpoint that cites it. */
export async function newEvaluable(samples: TestSample[], options: SealedOptions = {}): Promise<Evaluable> {
  const project = await newProject();
  const manifest = await newManifestOf(project, samples, options);
  return { project, manifest, ...(await newCheckpointRun(project, manifest)) };
}

export async function newManifestOf(
  project: Project,
  samples: TestSample[],
  { sealed = false, sealedSplit = "test" }: SealedOptions = {},
): Promise<Manifest> {
  const dataset = { name: "evaluated", version: String(++versions) };
  const { id } = await createDataset(systemActor, { project: project.id, ...dataset });
  const column = <Value>(of: (sample: TestSample) => Value) => samples.map(of);
  const isSealed = ({ split }: TestSample) => sealed && split === sealedSplit;
  const contents = {
    key: column(({ key }) => key),
    group: column(({ group }) => group ?? null),
    contentHash: column(({ key }) => createHash("sha256").update(`${versions} ${key}`).digest("hex")),
  };
  if (sealed)
    await addSamples(systemActor, id, { ...contents, label: column(({ label }) => label), sealed: column(isSealed) });
  const manifest = await registerManifest(systemActor, {
    project: project.id,
    name: "evaluated",
    dataset,
    method: "given",
    samples: {
      ...contents,
      split: column(({ split }) => split),
      label: column((sample) => (isSealed(sample) ? null : sample.label)),
    },
  });
  await doJobs();
  return manifest;
}

/** Another run with a checkpoint that cites the manifest. */
export async function newCheckpointRun(
  project: Project,
  manifest: Pick<Manifest, "id">,
  input: object = {},
): Promise<{ run: string; checkpoint: Checkpoint }> {
  const { run } = await newRun(project, { manifest: manifest.id, ...input });
  const content = Readable.from([Buffer.from(`weights of ${run.id}`)]);
  const path = "checkpoints/best.safetensors";
  await putArtifact(systemActor, run.id, { path, contentType: null, expectedSha256: null, content });
  return {
    run: run.id,
    checkpoint: await createCheckpoint(systemActor, run.id, { path, step: 10, epoch: 1, values: {} }),
  };
}

/** A run of its own manifest, evaluated on validation: of four samples three are right, and the label of one is called wrong. */
export async function newEvaluated(project: Project): Promise<{ run: string; evaluation: string; manifest: Manifest }> {
  const labels = ["cat", "cat", "dog", "dog"];
  const manifest = await newManifestOf(project, [
    ...labels.map((label, at) => ({ key: `v${at}`, split: "validation" as const, label })),
    { key: "t", split: "test", label: "dog" },
  ]);
  const { run } = await newCheckpointRun(project, manifest);
  const { id } = await evaluate(run, {
    input: { split: "validation", task: "classification", form: "class", classes: ["cat", "dog"] },
    batch: { sequence: 1, keys: labels.map((_, at) => `v${at}`), classes: ["cat", "cat", "dog", "cat"] },
  });
  await markLabel(systemActor, { run, evaluation: id }, { key: "v3", isWrong: true });
  return { run, evaluation: id, manifest };
}

/** A run of a project in mode ladder, evaluated on test: what it released is stored. */
export async function newReleased(): Promise<void> {
  const project = await newProject();
  await updateProject(systemActor, project.id, { testMode: "ladder" });
  const keys = ["t0", "t1"];
  const manifest = await newManifestOf(project, [
    { key: "a", split: "train", label: "cat" },
    ...keys.map((key) => ({ key, split: "test" as const, label: "dog" })),
  ]);
  const { run } = await newCheckpointRun(project, manifest);
  await evaluate(run, {
    input: {
      split: "test",
      task: "classification",
      form: "class",
      classes: ["cat", "dog"],
      purpose: "final",
      reason: "the recipe is settled",
    },
    batch: { sequence: 1, keys, classes: ["dog", "cat"] },
  });
}

/** A report of the project's that is shared by a link. */
export async function newShare(project: Project): Promise<void> {
  await updateProject(systemActor, project.id, { sharesReports: true });
  const { run, evaluation } = await newEvaluated(project);
  await createShare(systemActor, run, evaluation, {});
}

/** Opens a split, sends one batch, completes it, and computes the report. */
export async function evaluate(
  run: string,
  { input, batch }: { input: EvaluationCreate; batch: PredictionsJson },
  actor: Actor = systemActor,
): Promise<Evaluation> {
  const { id } = await createEvaluation(actor, run, input);
  await appendPredictions(actor, run, id, ({ classes }) =>
    predictionsFromJson(predictionsSchema.parse(batch), classes),
  );
  await completeEvaluation(actor, run, id);
  await doJobs();
  return requireEvaluation(actor, run, id);
}

/** Does all jobs that wait. */
export async function doJobs(): Promise<void> {
  while (await runNextJob(jobPrograms));
}
