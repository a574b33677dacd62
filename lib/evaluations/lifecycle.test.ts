/** What stays of evaluations and their files when runs and projects are deleted, and what labels are sealed. */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { removeUnusedBlobs, sweepBlobs } from "../blobs/blobs.ts";
import { deleteProject, purgeProject } from "../projects/deleted.ts";
import { deleteRun, purgeRun } from "../runs/deleted.ts";
import { newMember, newProject, prepareWorkspace } from "../test-workspace.ts";
import type { Panels } from "../wire/evaluations/panels.ts";
import { predictionsFromJson } from "../wire/evaluations/predictions.ts";
import { completeEvaluation } from "./complete.ts";
import { createEvaluation, requireEvaluation } from "./evaluations.ts";
import { markLabel, readLabelMarks } from "./live/label-marks.ts";
import { readEvaluated, requireComplete } from "./read-evaluated.ts";
import { requireReport } from "./read-report.ts";
import { appendPredictions, dropAbandonedBatches } from "./receive.ts";
import { doJobs, evaluate, newCheckpointRun, newEvaluable, newEvaluated } from "./test-evaluation.ts";

prepareWorkspace();

async function filesThere(): Promise<string[]> {
  const folder = path.join(process.env.HOLDOUT_DATA_DIR!, "blobs");
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

test("a report is there once the predictions are complete; their file stays, the batches' files go", async () => {
  const project = await newProject();
  const { run, evaluation } = await newEvaluated(project);
  const done = await requireEvaluation(systemActor, run, evaluation);
  expect(done).toMatchObject({ status: "done", received: 4, progress: null, failure: null });
  // the checkpoint's weights, and what is packed
  const files = await filesThere();
  expect(files).toHaveLength(2);
  expect(files).toContain(done.predictions);
  await removeUnusedBlobs();
  await sweepBlobs(undefined, -1);
  expect(await filesThere()).toEqual(files);
});

test("files of batches stay while predictions come, whatever is swept; abandoned they go, and may be sent again", async () => {
  const { run } = await newEvaluable([{ key: "a", split: "validation", label: "x" }]);
  const { id } = await createEvaluation(systemActor, run, {
    split: "validation",
    task: "classification",
    form: "class",
    classes: ["x"],
  });
  const batch = { sequence: 1, first: null, keys: ["a"], classes: ["x"] };
  await appendPredictions(systemActor, run, id, ({ classes }) => predictionsFromJson(batch, classes));
  const before = await filesThere();
  await removeUnusedBlobs();
  await sweepBlobs(undefined, -1);
  expect((await filesThere()).sort()).toEqual(before.sort());
  await dropAbandonedBatches();
  expect(await requireEvaluation(systemActor, run, id)).toMatchObject({ status: "receiving", received: 1 });
  await dropAbandonedBatches(0);
  expect(await filesThere()).toHaveLength(before.length - 1);
  expect(await requireEvaluation(systemActor, run, id)).toMatchObject({ status: "receiving", received: 0 });
  await appendPredictions(systemActor, run, id, ({ classes }) => predictionsFromJson(batch, classes));
  expect(await completeEvaluation(systemActor, run, id)).toMatchObject({ status: "computing", received: 1 });
  await dropAbandonedBatches(0);
  await doJobs();
  expect(await requireEvaluation(systemActor, run, id)).toMatchObject({ status: "done" });
});

test("a report that failed is asked for again by completing again", async () => {
  const project = await newProject();
  const { run, evaluation } = await newEvaluated(project);
  const { id } = await createEvaluation(systemActor, run, {
    split: "validation",
    task: "classification",
    form: "class",
    classes: ["cat", "dog"],
  });
  const keys = ["v0", "v1", "v2", "v3"];
  const batch = { sequence: 1, first: null, keys, classes: keys.map(() => "dog") };
  await appendPredictions(systemActor, run, id, ({ classes }) => predictionsFromJson(batch, classes));
  const { predictions } = await completeEvaluation(systemActor, run, id);
  const place = path.join(process.env.HOLDOUT_DATA_DIR!, "blobs", predictions!.slice(0, 2), predictions!);
  const content = await readFile(place);
  await rm(place);
  await doJobs();
  expect(await requireEvaluation(systemActor, run, id)).toMatchObject({
    status: "failed",
    failure: expect.stringContaining("missing from the store"),
  });
  await writeFile(place, content);
  await completeEvaluation(systemActor, run, id);
  await doJobs();
  expect(await requireEvaluation(systemActor, run, id)).toMatchObject({ status: "done", failure: null });
  expect(await requireEvaluation(systemActor, run, evaluation)).toMatchObject({ status: "done" });
});

test("of predictions that come on and on the fifth of each sample is refused", async () => {
  const { run } = await newEvaluable([{ key: "a", split: "validation", label: "x" }]);
  const { id } = await createEvaluation(systemActor, run, {
    split: "validation",
    task: "classification",
    form: "class",
    classes: ["x"],
  });
  const send = (sequence: number) =>
    appendPredictions(systemActor, run, id, ({ classes }) =>
      predictionsFromJson({ sequence, first: null, keys: ["a"], classes: ["x"] }, classes),
    );
  for (const sequence of [1, 2, 3, 4]) await send(sequence);
  await expect(send(5)).rejects.toThrow("more than 4 predictions for each of 1 samples came");
  expect(await send(4)).toMatchObject({ duplicate: true });
});

test("an evaluated run goes only with its project, and nothing of it is left then", async () => {
  const project = await newProject();
  const { run } = await newEvaluated(project);
  await deleteRun(systemActor, run);
  await expect(purgeRun(systemActor, run)).rejects.toThrow(/an evaluation cites .* it goes only with its project/);
  await deleteProject(systemActor, project.id);
  await purgeProject(systemActor, project.id);
  const [left] = await connections().sql`
    select (select count(*) from evaluations where run_id = ${run})::int as evaluations,
      (select count(*) from evaluation_predictions where run_id = ${run})::int as predictions,
      (select count(*) from evaluation_reports where run_id = ${run})::int as reports,
      (select count(*) from prediction_batches where run_id = ${run})::int as batches`;
  expect(left).toEqual({ evaluations: 0, predictions: 0, reports: 0, batches: 0 });
});

test("sealed labels are read for the report, groups are units, and samples without one stand alone", async () => {
  const { project, manifest } = await newEvaluable(
    [
      { key: "a", split: "test", label: "x", group: "p1" },
      { key: "b", split: "test", label: "y" },
      { key: "c", split: "test", label: "y", group: "p1" },
      { key: "d", split: "train", label: "x" },
    ],
    { sealed: true },
  );
  const { run } = await newCheckpointRun(project, manifest);
  const { id } = await evaluate(run, {
    input: {
      split: "test",
      purpose: "final",
      reason: "the number for the report",
      task: "classification",
      form: "scores",
      scoresAre: "logits",
      classes: ["x", "y"],
    },
    batch: {
      sequence: 1,
      keys: ["c", "b", "a"],
      scores: [
        [0, 0, 2],
        [1, 0, 0],
      ],
    },
  });
  const { evaluation, file } = await requireComplete(run, id);
  const evaluated = await readEvaluated(evaluation, file);
  if (evaluated.task !== "classification") throw new Error("another task");
  expect([...evaluated.truth]).toEqual([0, 1, 1]);
  expect([...evaluated.predicted]).toEqual([0, 0, 1]);
  expect([...evaluated.units!]).toEqual([0, 1, 0]);
  expect(evaluated.probabilities![0]![0]).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
});

test("a test report takes threshold and temperature from validation, and chooses none by itself", async () => {
  const splits = ["validation", "test"] as const;
  const labels = ["x", "x", "y", "y"];
  const samples = splits.flatMap((split) => labels.map((label, at) => ({ key: `${split} ${at}`, split, label })));
  const { run } = await newEvaluable(samples);
  const form = { task: "classification", form: "scores", scoresAre: "logits" } as const;
  const logits = { ...form, classes: ["x", "y"] };
  const reportOf = async (split: "validation" | "test", ofY: number[]) => {
    const opened = split === "test" ? { purpose: "final" as const, reason: "the number" } : {};
    const { id } = await evaluate(run, {
      input: { split, ...logits, ...opened },
      batch: { sequence: 1, keys: labels.map((_, at) => `${split} ${at}`), scores: [[0, 0, 0, 0], ofY] },
    });
    return (await requireReport(systemActor, run, id)).report.panels as Panels;
  };
  const early = await reportOf("test", [-2, -1, 1, 2]);
  expect(early.panels.operatingPoint!.chosen).toBeNull();
  expect(early.panels.calibration!.temperature).toBeNull();
  // on validation everything from 1 on is y; on test the best cut would be at −1
  const validation = await reportOf("validation", [-2, 0.5, 1, -1]);
  const later = await reportOf("test", [-3, -2, -1, 0.5]);
  const { chosen } = later.panels.operatingPoint!;
  expect(chosen).toMatchObject({ chosenOn: "validation", truePositives: 0, falseNegatives: 2 });
  expect(chosen!.threshold).toBe(validation.panels.operatingPoint!.chosen!.threshold);
  const { fittedOn, value } = later.panels.calibration!.temperature!;
  expect([fittedOn, value]).toEqual(["validation", validation.panels.calibration!.temperature!.value]);
});

test("a member's word on a label is kept, the newest holds, and no label changes; nobody marks what is sealed or isn't there", async () => {
  const project = await newProject();
  const { run, evaluation, manifest } = await newEvaluated(project);
  const { actor: member } = await newMember("member");
  const { actor: viewer } = await newMember("viewer");
  const place = { run, evaluation };
  const marksOf = async () =>
    (await readLabelMarks({ manifest: manifest.id, split: "validation" }, ["v2", "v3"])).entries();
  expect([...(await marksOf())]).toMatchObject([["v3", { isWrong: true, by: "system" }]]);
  await markLabel(member, place, { key: "v3", isWrong: false });
  await markLabel(member, place, { key: "v2", isWrong: true });
  expect([...(await marksOf())]).toMatchObject([
    ["v2", { isWrong: true, by: member.name }],
    ["v3", { isWrong: false, by: member.name }],
  ]);
  await expect(markLabel(viewer, place, { key: "v3", isWrong: true })).rejects.toMatchObject({ kind: "forbidden" });
  await expect(markLabel(member, place, { key: "t", isWrong: true })).rejects.toThrow(
    "is no sample of the validation split",
  );
  const [row] = await connections().sql`
    select label from manifest_samples s join manifests m on m.number = s.manifest_number
    where m.id = ${manifest.id} and s.key = 'v3'`;
  expect(row).toEqual({ label: "dog" });
});
