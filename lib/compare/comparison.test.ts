/** Runs side by side, from the database: who is chosen, what is known of them, what bars it, and what is noise. */
import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { newCheckpointRun, newManifestOf, type TestSample } from "../evaluations/test-evaluation.ts";
import { appendBatch } from "../metrics/append.ts";
import { refreshSummaries } from "../metrics/compact.ts";
import { archiveRuns, deleteRuns } from "../runs/bulk.ts";
import { finishRun } from "../runs/status.ts";
import { updateProject } from "../settings/project-settings.ts";
import { batchOf, newMember, newProject, newRun, newToken, prepareWorkspace } from "../test-workspace.ts";
import { comparisonSchema } from "../wire/comparison.ts";
import type { Project } from "../wire/projects.ts";
import { chooseRuns } from "./choose.ts";
import { compareRuns } from "./comparison.ts";

prepareWorkspace();

type Logged = { values: number[]; input?: object; status?: "finished" | "failed" | null };

/** A run with validation losses, and one of a test split that nobody may see. */
async function logged(project: Project, { values, input = {}, status = "finished" }: Logged): Promise<string> {
  const { run, writer } = await newRun(project, input);
  const steps = [...values.keys()];
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", steps, { loss: values }));
  await appendBatch(systemActor, run.id, batchOf(writer, 2, "test", [0], { loss: [0.123456] }));
  if (status === "finished") await finishRun(systemActor, run.id, { status });
  if (status === "failed")
    await finishRun(systemActor, run.id, { status, failure: { reason: "diverged", message: "NaN" } });
  await refreshSummaries(run.id);
  return run.id;
}

const asked = (runs: string[] | null, more: object = {}) => ({ runs, baseline: null, summary: null, ...more });
const samples = (tests: string[], train: string[]): TestSample[] => [
  ...train.map((key) => ({ key, split: "train" as const, label: "cat" })),
  ...tests.map((key) => ({ key, split: "test" as const, label: "dog" })),
  { key: "v", split: "validation", label: "cat" },
];

test("a link keeps its order, and says which runs are unknown, deleted or foreign; a token learns of its project alone", async () => {
  const [project, other] = [await newProject(), await newProject("Others")];
  const [a, b, gone] = [
    await logged(project, { values: [1] }),
    await logged(project, { values: [2], input: { name: '信号 "x"' } }),
    await logged(project, { values: [3], input: { name: "gone" } }),
  ];
  const foreign = await logged(other, { values: [4], input: { name: "theirs" } });
  const archived = await logged(project, { values: [5] });
  await deleteRuns(systemActor, project.id, { ids: [gone] });
  await archiveRuns(systemActor, project.id, { ids: [archived] });
  const link = [b, "no uuid", foreign, a.toUpperCase(), gone, b, archived];
  const chosen = await chooseRuns(systemActor, project.id, { runs: link });
  expect(chosen.ids).toEqual([b, a, archived]);
  expect(chosen.leftOut).toEqual([
    { run: "no uuid", reason: "unknown", name: null },
    { run: foreign, reason: "foreign", name: "theirs" },
    { run: gone, reason: "deleted", name: "gone" },
  ]);
  const { actor } = await newToken(project, "read");
  const ofToken = await chooseRuns(actor, project.id, { runs: link });
  expect(ofToken.leftOut[1]).toEqual({ run: foreign, reason: "unknown", name: null });
  const { actor: stranger } = await newToken(other, "read");
  await expect(chooseRuns(stranger, project.id, { runs: link })).rejects.toMatchObject({ status: 404 });
  await expect(compareRuns(systemActor, project.slug, asked([gone]))).rejects.toMatchObject({ status: 400 });
});

test("a filter finds runs in the table's order, archived ones where they are asked for, and says how many are beyond", async () => {
  const project = await newProject();
  const ids: string[] = [];
  for (const lr of [0.3, 0.1, 0.2]) ids.push((await newRun(project, { config: { lr } })).run.id);
  const [high, low, middle] = ids as [string, string, string];
  await archiveRuns(systemActor, project.id, { ids: [middle] });
  const choice = { runs: null, filter: "config.lr > 0", sort: "config.lr" };
  expect(await chooseRuns(systemActor, project.id, choice)).toMatchObject({ ids: [low, high], beyond: 0 });
  expect((await chooseRuns(systemActor, project.id, { ...choice, archived: true })).ids).toEqual([low, middle, high]);
  // the first of too many by the order of the table, whatever the link's
  const few = await chooseRuns(systemActor, project.id, { runs: ids, sort: "config.lr" }, 2);
  expect(few).toEqual({ ids: [low, middle], leftOut: [], beyond: 1 });
  for (const bad of [{ filter: "nonsense <" }, { sort: "no column" }])
    await expect(chooseRuns(systemActor, project.id, { ...choice, ...bad })).rejects.toMatchObject({ status: 400 });
});

test("seeds of a recipe are one mean: each counts once, and no failed, running, archived or deleted run counts", async () => {
  const project = await newProject("Signs", "loss");
  await updateProject(systemActor, project.id, { primarySplit: "validation", primaryDirection: "min" });
  const of = (seed: number, values: number[], status?: Logged["status"]) =>
    logged(project, { values, input: { seed, config: { lr: 0.1 } }, ...(status !== undefined && { status }) });
  const first = await of(1, [0.5, 0.4]);
  await of(1, [0.9]);
  await of(2, [0.5]);
  const ids = { failed: await of(3, [9], "failed"), running: await of(4, [9], null) };
  await archiveRuns(systemActor, project.id, { ids: [await of(5, [9])] });
  await deleteRuns(systemActor, project.id, { ids: [await of(6, [9])] });
  await of(7, [Number.NaN]);
  const odd = await logged(project, { values: [Number.POSITIVE_INFINITY], input: { config: { lr: 2 } } });
  const found = await compareRuns(
    systemActor,
    project.slug,
    asked([first, ids.failed, ids.running, odd], { summary: "last" }),
  );
  expect(comparisonSchema.parse(found)).toEqual(found);
  expect(found.series.map(({ split, metric }) => `${split}/${metric}`)).toEqual(["validation/loss"]);
  const [loss] = found.series;
  expect(loss!.values).toEqual([0.4, 9, 9, "Infinity"]);
  expect(loss!.recipes[0]).toMatchObject({ n: 2, sd: expect.closeTo(0.1 / Math.SQRT2, 10) });
  expect(loss!.recipes[0]!.mean).toBeCloseTo(0.45, 10);
  expect(loss!.differences.map(({ kind }) => kind)).toEqual([
    "baseline",
    "not-comparable",
    "not-comparable",
    "no-value",
  ]);
  expect(found.runs.map(({ status }) => status)).toEqual(["finished", "failed", "running", "finished"]);
  expect(JSON.stringify(found)).not.toContain("0.123456");
});

test("what was seen of the other's test samples is told, by a run of before too, and so is a parent without manifest", async () => {
  const project = await newProject();
  const clean = await newManifestOf(project, samples(["t1", "t2"], ["a"]));
  const leaky = await newManifestOf(project, samples(["t3"], ["a", "t1"]));
  const kindsOf = async (runs: string[]) =>
    (await compareRuns(systemActor, project.slug, asked(runs))).notices.map(({ kind, runs: about }) => [kind, about]);
  const [a, b] = [await newCheckpointRun(project, clean), await newCheckpointRun(project, clean)];
  expect(await kindsOf([a.run, b.run])).toEqual([]);
  const old = await newCheckpointRun(project, leaky);
  expect(await kindsOf([a.run, old.run])).toEqual(
    expect.arrayContaining([
      ["other-test", [old.run]],
      ["trained-on-test", [old.run]],
    ]),
  );
  const parent = { run: old.run, checkpoint: old.checkpoint.path };
  const child = await newCheckpointRun(project, clean, { parent, config: { lr: 1 } });
  expect(await kindsOf([a.run, child.run])).toEqual([["trained-on-test", [child.run]]]);
  expect(await kindsOf([child.run, a.run])).toEqual([["trained-on-test", [a.run]]]);
  const uncited = await newCheckpointRun(project, clean, { manifest: undefined, name: "from nowhere" });
  const began = { run: uncited.run, checkpoint: uncited.checkpoint.path };
  const begun = await newCheckpointRun(project, clean, { parent: began, config: { lr: 2 } });
  expect(await kindsOf([a.run, begun.run, uncited.run])).toEqual([
    ["uncited-ancestor", [begun.run]],
    ["uncited", [uncited.run]],
  ]);
});

test("a viewer compares, and a token compares runs of its own project", async () => {
  const project = await newProject();
  const ids = [await logged(project, { values: [1] }), await logged(project, { values: [2] })];
  const { actor: viewer } = await newMember("viewer");
  const { actor: token } = await newToken(project, "read");
  const { actor: stranger } = await newToken(await newProject("Others"), "read");
  for (const actor of [viewer, token])
    expect((await compareRuns(actor, project.slug, asked(ids))).runs).toHaveLength(2);
  await expect(compareRuns(stranger, project.slug, asked(ids))).rejects.toMatchObject({ status: 404 });
});
