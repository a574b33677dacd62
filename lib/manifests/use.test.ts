/** What a manifest forbids the runs that cite it, and what it makes their pages say. */
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { putArtifact } from "../artifacts/artifacts.ts";
import { createCheckpoint, listCheckpoints } from "../artifacts/checkpoints.ts";
import { listFailedChecks, overrideManifest, repairManifest, retryChecks } from "../checks/report.ts";
import { addSamples, completeDataset, createDataset } from "../datasets/datasets.ts";
import { check, clean } from "../datasets/test-samples.ts";
import { jobPrograms } from "../job-programs.ts";
import { runNextJob } from "../jobs/jobs.ts";
import { appendBatch } from "../metrics/append.ts";
import { compactWhole, refreshSummaries } from "../metrics/compact.ts";
import { listSeries } from "../metrics/list-series.ts";
import { readPoints } from "../metrics/read-points.ts";
import { createRun, getRun } from "../runs/runs.ts";
import { exportRuns } from "../table/export.ts";
import { groupRuns } from "../table/groups.ts";
import { listColumns } from "../table/known-columns.ts";
import { readRunsPage } from "../table/rows.ts";
import { batchOf, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { getManifest } from "./manifests.ts";
import { registerManifest } from "./register.ts";

prepareWorkspace();

/** Samples with one content in train and in test. */
const leaking = () =>
  clean(100).map((row, at) => (at === 1 || at === 17 ? { ...row, content: `copy ${leaks}`, label: "1" } : row));
let leaks = 0;

test("a blocked manifest takes no run before a member overrides the block, and then every page says so", async () => {
  leaks++;
  const { project, manifest } = await check(leaking());
  const refused = createRun(systemActor, { project: project.id, manifest: manifest.id });
  await expect(refused).rejects.toMatchObject({ status: 409, errors: [{ field: "manifest" }] });
  await expect(overrideManifest(systemActor, project.id, manifest.id, { reason: "short" })).rejects.toMatchObject({
    status: 400,
  });
  await overrideManifest(systemActor, project.id, manifest.id, { reason: "one known copy, harmless here" });
  const { run } = await newRun(project, { manifest: manifest.id });
  const override = { reason: "one known copy, harmless here" };
  expect((await getRun(systemActor, run.id))?.citedManifest).toMatchObject({ verdict: "block", override });
  const { rows } = await readRunsPage(systemActor, project.id, { columns: [] });
  expect(rows[0]?.manifest).toMatchObject({ id: manifest.id, verdict: "block", override });
  const { groups } = await groupRuns(systemActor, project.id, { by: ["manifest"], summaries: [] });
  expect(groups[0]).toMatchObject({ count: 1, blocked: 1, uncited: 0, manifests: 1 });
});

/** A blocked manifest, cited by a run that began before its checks ended. */
async function citedBefore() {
  leaks++;
  const project = await newProject();
  const dataset = { name: "early", version: String(leaks) };
  const rows = leaking();
  const { id } = await createDataset(systemActor, { project: project.id, ...dataset });
  await addSamples(systemActor, id, {
    key: rows.map(({ key }) => key),
    label: rows.map(({ label }) => label ?? null),
    split: rows.map(({ split }) => split ?? null),
    text: rows.map(({ key, content }) => content ?? `early ${key} ${leaks}`),
  });
  await completeDataset(systemActor, id);
  const manifest = await registerManifest(systemActor, {
    project: project.id,
    name: "early",
    dataset,
    method: "given",
  });
  const { run } = await newRun(project, { manifest: manifest.id });
  return { project, manifest, run };
}

test("a run that began while its manifest was checked wears what the checks found, and then the override", async () => {
  const { project, manifest, run } = await citedBefore();
  const expectStanding = async (words: string, counts: object) => {
    const csv: string[] = [];
    for await (const piece of exportRuns(systemActor, project.id, { columns: ["manifest", "status"] })) csv.push(piece);
    const quoted = words.includes(",") ? `"${words}"` : words;
    expect(csv.join("").split("\r\n").slice(0, 2)).toEqual([
      "\ufeffid,manifest,manifest verdict,status",
      `${run.id},${manifest.id},${quoted},running`,
    ]);
    const { groups } = await groupRuns(systemActor, project.id, { by: ["manifest"], summaries: [] });
    expect(groups[0]).toMatchObject({ count: 1, uncited: 0, unchecked: 0, blocked: 0, overridden: 0, ...counts });
  };
  await expectStanding("not checked yet", { unchecked: 1 });
  while (await runNextJob(jobPrograms));
  await expectStanding("blocked", { blocked: 1 });
  await overrideManifest(systemActor, project.id, manifest.id, { reason: "one known copy, harmless here" });
  await expectStanding("blocked, overridden", { blocked: 1, overridden: 1 });
});

test("checks that failed are told from those that run, until they are asked for again", async () => {
  const { project, manifest } = await citedBefore();
  const failed = async () => [...(await listFailedChecks(systemActor, project.id))];
  expect(await failed()).toEqual([]);
  await connections().sql`update jobs set status = 'failed', error = 'lost' where subject = ${manifest.id}`;
  expect(await failed()).toEqual([manifest.id]);
  await retryChecks(systemActor, project.id, manifest.id);
  expect(await failed()).toEqual([]);
  while (await runNextJob(jobPrograms));
  expect(await failed()).toEqual([]);
  expect(await getManifest(systemActor, project.id, manifest.id)).toMatchObject({ verdict: "block" });
});

test("a run that cites no manifest is uncited in every list", async () => {
  const project = await newProject();
  const { run } = await newRun(project);
  expect((await getRun(systemActor, run.id))?.citedManifest).toBeNull();
  expect((await readRunsPage(systemActor, project.id, { columns: [] })).rows[0]?.manifest).toBeNull();
  const { groups } = await groupRuns(systemActor, project.id, { by: ["status"], summaries: [] });
  expect(groups[0]).toMatchObject({ uncited: 1, blocked: 0, manifests: 0 });
});

test("numbers of a split that the manifest lacks are kept, named, and in no chart, table or best value", async () => {
  const rows = clean(100).map((row) => (row.split === "validation" ? { ...row, split: "train" as const } : row));
  const { project, manifest } = await check(rows);
  const { run, writer } = await newRun(project, { manifest: manifest.id });
  const answer = await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [1, 2], { loss: [3, 2] }));
  expect(answer).toMatchObject({ stored: true, quarantined: ["validation/loss"] });
  await appendBatch(systemActor, run.id, batchOf(writer, 2, "train", [1, 2], { loss: [3, 1] }));
  const quarantined = [{ split: "validation", metric: "loss", count: 2, reason: "split-not-in-manifest" }];
  const expectHidden = async () => {
    const listed = await listSeries(systemActor, run.id);
    expect(listed.quarantined).toEqual(quarantined);
    expect(listed.series.map(({ split }) => split)).toEqual(["train"]);
    const points = await readPoints(systemActor, { runs: [run.id], series: ["train/loss", "validation/loss"], px: 10 });
    expect(points.map(({ split }) => split)).toEqual(["train"]);
  };
  await expectHidden();
  await refreshSummaries(run.id);
  await compactWhole(run.id);
  await expectHidden();
  expect((await listColumns(systemActor, project.id)).metrics.map(({ split }) => split)).toEqual(["train"]);
  const page = await readRunsPage(systemActor, project.id, { columns: ["validation/loss.last", "train/loss.last"] });
  expect(page.rows[0]?.values).toEqual({ "train/loss.last": 1 });
});

test("preprocessing that was fitted to another split than the run's train is refused, with the split it names", async () => {
  const { project, manifest } = await check(clean(100).map((row) => ({ ...row, content: `fit ${row.key}` })));
  const { run } = await newRun(project, { manifest: manifest.id });
  await putArtifact(systemActor, run.id, {
    path: "w.bin",
    contentType: null,
    expectedSha256: null,
    content: Readable.from([Buffer.from("weights")]),
  });
  const declare = (fittedOn: string) =>
    createCheckpoint(systemActor, run.id, {
      path: "w.bin",
      step: 1,
      epoch: 1,
      preprocessing: { fittedOn, values: { mean: 3 } },
    });
  await expect(declare(manifest.splitDigests.test)).rejects.toMatchObject({
    errors: [{ field: "preprocessing.fittedOn", detail: expect.stringContaining("the test split") }],
  });
  expect(await listCheckpoints(systemActor, run.id)).toEqual([]);
  await declare(manifest.splitDigests.train);
  expect((await listCheckpoints(systemActor, run.id))[0]?.preprocessing).toEqual({
    fittedOn: manifest.splitDigests.train,
    values: { mean: 3 },
  });
});

test("the repair of a given split keeps every sample's split, but that copies go to test together", async () => {
  leaks++;
  const { project, manifest } = await check(leaking());
  const repaired = await repairManifest(systemActor, project.id, manifest.id);
  expect(repaired).toMatchObject({ parent: manifest.id, method: "given" });
  expect(repaired.counts).toEqual({
    ...manifest.counts,
    train: manifest.counts.train - 1,
    test: manifest.counts.test + 1,
  });
  await expect(repairManifest(systemActor, project.id, repaired.id)).rejects.toMatchObject({ status: 409 });
});
