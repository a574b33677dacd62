import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { newManifest } from "../manifests/test-manifest.ts";
import { appendBatch } from "../metrics/append.ts";
import { refreshSummaries } from "../metrics/compact.ts";
import { findEpochAtBest } from "../metrics/epoch-at-best.ts";
import { archiveRuns } from "../runs/bulk.ts";
import { deleteRun } from "../runs/deleted.ts";
import { updateProject } from "../settings/project-settings.ts";
import { batchOf, newMember, newProject, newRun, newToken, prepareWorkspace } from "../test-workspace.ts";
import type { Project } from "../wire/projects.ts";
import { readRunStanding } from "./run-standing.ts";

prepareWorkspace();

type Given = { seed?: number; config?: object; manifest?: string; values?: number[] };

/** A run whose validation accuracy at steps 0, 10, 20 … is `values`. */
async function runWith(project: Project, name: string, { values = [], ...input }: Given): Promise<string> {
  const { run, writer } = await newRun(project, { name, ...input });
  const steps = values.map((_, index) => index * 10);
  if (values.length > 0) {
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", steps, { accuracy: values }));
    const epochs = { epoch: steps.map((step) => step / 10) };
    await appendBatch(systemActor, run.id, batchOf(writer, 2, null, steps, epochs));
    await refreshSummaries(run.id);
  }
  return run.id;
}

const standing = (run: string) => readRunStanding(systemActor, run);

test("the best is the best of the others, with its step; deleted and archived runs are none", async () => {
  const project = await newProject("Best", "accuracy");
  const good = await runWith(project, "good", { values: [0.5, 0.9, 0.7] });
  const tied = await runWith(project, "as good", { values: [0.9] });
  const poor = await runWith(project, "poor", { values: [0.2, 0.1] });
  const silent = await runWith(project, "silent", {});
  await runWith(project, "nan", { values: [Number.NaN] });
  expect(await standing(poor)).toMatchObject({
    primary: { split: "validation", metric: "accuracy", direction: "max" },
    usesManifests: false,
    best: { id: good, name: "good", value: 0.9, step: 10, manifestId: null },
    bestOnManifest: { id: good },
  });
  expect((await standing(good)).best).toMatchObject({ id: tied, step: 0 });
  expect((await standing(silent)).best).toMatchObject({ id: good });
  const { actor } = await newMember("admin");
  await deleteRun(actor, good);
  expect((await standing(poor)).best).toMatchObject({ id: tied });
  await archiveRuns(actor, project.id, { ids: [tied] });
  expect((await standing(silent)).best).toMatchObject({ id: poor, value: 0.2, step: 0 });
  await updateProject(systemActor, project.id, { primaryDirection: "min" });
  expect((await standing(silent)).best).toMatchObject({ id: poor, value: 0.1, step: 10 });
});

test("a run is compared with the best that cites its manifest; the project's best on other samples is named beside it", async () => {
  const project = await newProject("Manifests", "accuracy");
  const manifest = (await newManifest(project)).id;
  const poor = await runWith(project, "poor", { manifest, values: [0.2] });
  expect(await standing(poor)).toMatchObject({ usesManifests: true, best: null, bestOnManifest: null });
  const uncited = await runWith(project, "uncited", { values: [0.9] });
  expect(await standing(poor)).toMatchObject({ best: { id: uncited, manifestId: null }, bestOnManifest: null });
  const middling = await runWith(project, "middling", { manifest, values: [0.5] });
  expect(await standing(poor)).toMatchObject({ best: { id: uncited }, bestOnManifest: { id: middling } });
  expect(await standing(uncited)).toMatchObject({ best: { id: middling }, bestOnManifest: null });
});

test("replicates are summed up by seed, the run among them; one seed has a mean and no spread", async () => {
  const project = await newProject("Replicates", "accuracy");
  const config = { lr: 0.1 };
  const first = await runWith(project, "first", { config, seed: 1, values: [0.8, 0.7] });
  expect((await standing(first)).replicates).toMatchObject({
    count: 1,
    summary: { n: 1, mean: 0.8, sd: null, low: null },
  });
  await runWith(project, "again", { config, seed: 1, values: [0.82] });
  expect((await standing(first)).replicates).toMatchObject({ count: 2, summary: { n: 1, sd: null } });
  await runWith(project, "second", { config, seed: 2, values: [0.85] });
  await runWith(project, "another", { config: { lr: 1 }, seed: 3, values: [0.1] });
  const { replicates } = await standing(first);
  expect(replicates).toMatchObject({ count: 3, codeDiffers: false, summary: { n: 2 } });
  expect(replicates!.summary!.mean).toBeCloseTo((0.81 + 0.85) / 2, 12);
  expect(replicates!.summary!.sd).toBeCloseTo(0.04 / Math.SQRT2, 12);
  const silent = await runWith(project, "silent", { config: { lr: 2 }, seed: 4 });
  expect((await standing(silent)).replicates).toMatchObject({ count: 1, summary: null });
});

test("a project without a primary metric has no best, and a stranger's token reads nothing of it", async () => {
  const project = await newProject("None");
  const run = await runWith(project, "run", { values: [1] });
  expect(await standing(run)).toEqual({
    primary: null,
    usesManifests: false,
    best: null,
    bestOnManifest: null,
    replicates: null,
  });
  const { actor } = await newToken(await newProject("Another"), "read");
  await expect(readRunStanding(actor, run)).rejects.toMatchObject({ status: 404 });
  await expect(findEpochAtBest(actor, run, 0)).rejects.toMatchObject({ status: 404 });
});

test("the epoch is that of the best step; of another step it says nothing", async () => {
  const project = await newProject("Epochs", "accuracy");
  const run = await runWith(project, "run", { values: [0.1, 0.2, 0.9, 0.3] });
  expect(await findEpochAtBest(systemActor, run, 20)).toBe(2);
  expect(await findEpochAtBest(systemActor, run, 10)).toBeNull();
});
