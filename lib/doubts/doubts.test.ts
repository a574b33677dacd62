/** How far a past can be believed: a history with every fault planted, and one without. */
import { beforeAll, expect, test } from "vitest";
import { type Actor, systemActor } from "../access/actor.ts";
import { confirmLook, readLedger } from "../evaluations/ledger.ts";
import { newManifestOf } from "../evaluations/test-evaluation.ts";
import { setAlias } from "../interop/model-aliases.ts";
import { addVersion, moveToStage } from "../interop/model-versions.ts";
import { register } from "../interop/registered-models.ts";
import { appendBatch } from "../metrics/append.ts";
import { endRun } from "../metrics/end-run.ts";
import { createRun } from "../runs/runs.ts";
import { changeTags } from "../runs/tags.ts";
import { createWriter } from "../runs/writers.ts";
import { updateProject } from "../settings/project-settings.ts";
import { batchOf, newMember, newProject, newRun, newToken, prepareWorkspace } from "../test-workspace.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import { type Doubt, type DoubtKind, type DoubtOf, doubtKinds, doubtsSchema } from "../wire/doubts.ts";
import type { Project } from "../wire/projects.ts";
import { doubtsMarkdown, doubtWords, quietKinds } from "../words/doubts/doubt-words.ts";
import { readDoubts } from "./doubts.ts";
import { lookAtPick } from "./look-at-pick.ts";

prepareWorkspace();

const splitOf = (validation: string) => [
  { key: "a", split: "train" as const, label: "cat" },
  { key: validation, split: "validation" as const, label: "dog" },
  { key: "t", split: "test" as const, label: "dog" },
];
const clean = { commit: "0123456789abcdef0123456789abcdef01234567", dirty: false };
/** Twenty evaluations that settle early at a value, and twenty that never do. */
const settled = (value: number) => Array.from({ length: 20 }, (_, at) => (at < 4 ? value - 0.3 + at / 20 : value));
const climbing = (value: number) => Array.from({ length: 20 }, (_, at) => value - (19 - at) / 200);

type Logged = { name: string; manifest: Manifest; accuracy: number[]; tests?: number[]; input?: object };

async function log(project: Project, { name, manifest, accuracy, tests, input = {} }: Logged): Promise<string> {
  const { run, writer } = await newRun(project, { name, manifest: manifest.id, seed: 1, code: clean, ...input });
  const steps = [...accuracy.keys()];
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", steps, { accuracy }));
  if (tests)
    await appendBatch(systemActor, run.id, batchOf(writer, 2, null, [...tests.keys()], { test_accuracy: tests }));
  await endRun(systemActor, run.id, { status: "finished" });
  return run.id;
}

type Bad = { project: Project; manifest: Manifest; picked: string; best: string };
const bad = {} as Bad;
const people = {} as { admin: Actor; member: Actor; reader: Actor };

beforeAll(async () => {
  const project = await newProject("Bad", "accuracy");
  // as many as test series are logged
  await updateProject(systemActor, project.id, { testBudget: 2 });
  const [manifest, other] = [await newManifestOf(project, splitOf("v")), await newManifestOf(project, splitOf("w"))];
  const make = (name: string, accuracy: number[], input: object, more: Partial<Logged> = {}) =>
    log(project, { name, manifest, accuracy, input, ...more });
  for (const [seed, value] of [0.79, 0.8, 0.81].entries())
    await make(`noise ${seed}`, settled(value), { config: { lr: 0.3 }, seed });
  bad.best = await make("best", climbing(0.9), { config: { lr: 0.1 } });
  await make("small batch", settled(0.85), { config: { lr: 0.2, batchSize: 32 } });
  await make("large batch", settled(0.86), { config: { lr: 0.2, batchSize: 64 } });
  bad.picked = await make("picked", settled(0.84), { config: { lr: 0.4 } }, { tests: [0.6, 0.99] });
  await make("beside", settled(0.83), { config: { lr: 0.5 } }, { tests: [0.6, 0.7, 0.8] });
  await make("watching", settled(0.82), { config: { lr: 0.6, callbacks: { monitor: "test_accuracy" } } });
  await make("elsewhere", settled(0.88), { config: { lr: 0.7 } }, { manifest: other });
  await make("dirty", settled(0.7), { config: { lr: 0.8 }, code: { ...clean, dirty: true } });
  await make("seedless", settled(0.7), { config: { lr: 0.9 }, seed: null });
  await changeTags(systemActor, bad.picked, { add: ["best"] });
  Object.assign(bad, { project, manifest });
  people.admin = (await newMember("admin")).actor;
  people.member = (await newMember("member")).actor;
  people.reader = (await newToken(project, "read")).actor;
});

const read = async (actor: Actor) => readDoubts(actor, { ...bad.project, runCount: 12 });
const ofKind = <Kind extends DoubtKind>(doubts: readonly Doubt[], kind: Kind) =>
  doubts.filter((doubt): doubt is DoubtOf<Kind> => doubt.kind === kind);
const names = ({ runs }: Pick<Doubt, "runs">) => runs.map(({ name }) => name).sort();

test("every fault that was planted is found, with its runs and figures", async () => {
  const found = await read(people.member);
  expect(doubtsSchema.parse(found)).toEqual(found);
  expect(new Set(found.doubts.map(({ kind }) => kind))).toEqual(new Set(doubtKinds));
  expect(found).toMatchObject({ looked: 12, of: 12, untold: [] });
  const one = <Kind extends DoubtKind>(kind: Kind) => ofKind(found.doubts, kind)[0]!;
  expect(one("watched-test")).toMatchObject({ key: "callbacks.monitor", series: "test_accuracy", count: 1 });
  expect(one("test-logged")).toMatchObject({ count: 2, points: 5, everyEpoch: 2, looks: 2 });
  // the floor is .01 of two degrees of freedom: 4.302653 √2 of it tells two runs apart, and the lead is .04
  const seed = one("one-seed");
  expect(seed).toMatchObject({ as: "best", verdict: "within-noise", runs: [{ id: bad.best }] });
  expect(seed.lead).toBeCloseTo(0.04, 12);
  expect(seed.tellsFrom).toBeCloseTo(4.302653 * 0.01 * Math.SQRT2, 6);
  const many = one("best-of-many");
  expect(many).toMatchObject({ candidates: 11, value: 0.9, by: "seeds" });
  expect(many.corrected).toBeCloseTo(0.9 - many.luck!, 12);
  expect(many.luck).toBeGreaterThan(0);
  expect(one("other-data").data.map(({ runs }) => runs)).toEqual([9, 1]);
  expect(one("batch-not-retuned")).toMatchObject({ key: "batchSize", sizes: [32, 64], fixed: ["lr"], count: 2 });
  expect(names(one("still-falling"))).toEqual(["best"]);
  expect(one("dirty")).toMatchObject({ count: 1, lost: 1, runs: [{ name: "dirty" }] });
  expect(one("no-seed")).toMatchObject({ count: 1, of: 12, runs: [{ name: "seedless" }] });
  const text = doubtsMarkdown("Bad", found);
  for (const doubt of found.doubts) {
    const { title, seen, act } = doubtWords(doubt);
    expect(text).toContain(title);
    expect(`${seen} ${act}`).not.toMatch(/undefined|NaN|null/);
  }
  expect(text).not.toContain("0.99");
});

test("which run a test number chose is told after a look within the budget, and never to who may see no test number", async () => {
  const { project, manifest, picked } = bad;
  const picks = async (actor: Actor) => ofKind((await read(actor)).doubts, "picked-by-test");
  expect(await picks(people.reader)).toMatchObject([{ state: "withheld", canLook: false, count: 1 }]);
  expect(await picks(people.member)).toMatchObject([{ state: "unread", canLook: true, count: 1 }]);
  const look = (actor: Actor) => lookAtPick(actor, project.id, { run: picked, reason: "a paper cites it" });
  await expect(look(people.reader)).rejects.toMatchObject({ kind: "forbidden" });
  // what was logged has spent the budget
  await expect(look(people.member)).rejects.toMatchObject({ kind: "conflict" });
  await confirmLook(people.admin, project.id, manifest.id, { reason: "the paper is due" });
  // of two at once one is recorded
  const [told] = await Promise.all([look(people.member), look(people.admin)]);
  expect(ofKind(told.doubts, "picked-by-test")).toMatchObject([
    { state: "found", runs: [{ id: picked }], chosen: [{ as: "tag", word: "best" }] },
  ]);
  // once is enough, for every member; and a token learns nothing of it
  await look(people.member);
  expect(await picks(people.admin)).toMatchObject([{ state: "found" }]);
  expect(await picks(people.reader)).toMatchObject([{ state: "withheld" }]);
  const ledger = await readLedger(people.admin, project.id, manifest.id);
  expect(ledger.count).toBe(3);
  expect(ledger.looks[0]).toMatchObject({ kind: "pick", reason: "a paper cites it", run: { id: picked } });
});

test("a run that a client's registry names as the champion, or has in production, was chosen", async () => {
  const project = await newProject("Registered", "accuracy");
  const manifest = await newManifestOf(project, splitOf("v"));
  const make = (name: string, tests: number[]) =>
    log(project, { name, manifest, accuracy: settled(0.8), tests, input: { config: { lr: tests[0] } } });
  const [run, other, served] = [await make("named", [0.9]), await make("latest", [0.8]), await make("served", [0.7])];
  const client = (await newToken(project, "ingest")).actor;
  await register(client, { projectId: project.id, name: "signs", description: "", tags: {} });
  for (const runId of [run, other, served]) {
    const source = `runs:/${runId}/m`;
    const words = {
      runWord: runId,
      modelWord: null,
      source,
      filesAt: source,
      runLink: null,
      description: "",
      tags: {},
    };
    await addVersion(client, "signs", { runId, modelProjectId: null, ...words });
  }
  await setAlias(client, "signs", "champion", 1);
  await setAlias(client, "signs", "latest", 2);
  await moveToStage(client, "signs", 3, { stage: "production", archives: false });
  const { doubts } = await readDoubts(people.member, { ...project, runCount: 3 });
  const [doubt] = ofKind(doubts, "picked-by-test");
  const chosen = Object.fromEntries(doubt!.runs.map(({ name }, at) => [name, doubt!.chosen[at]]));
  expect(chosen).toEqual({
    named: { as: "model", word: "signs@champion" },
    served: { as: "model", word: "signs production" },
  });
});

test("runs that cite no manifest are held apart by the data that an import says they read, and what nobody says is said", async () => {
  const project = await newProject("Imported", "accuracy");
  for (const [name, environment] of [
    ["old", { "mlflow dataset train": "abc, training" }],
    ["new", { "mlflow dataset train": "def, training" }],
    ["mute", {}],
  ] as const) {
    const run = await createRun(systemActor, { project: project.id, name, seed: 1, code: clean });
    const writer = crypto.randomUUID();
    await createWriter(systemActor, run.id, { writer, environment });
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [0], { accuracy: [0.5] }));
    await endRun(systemActor, run.id, { status: "finished" });
  }
  const { doubts, untold } = await readDoubts(people.member, { ...project, runCount: 3 });
  expect(ofKind(doubts, "other-data").map(names)).toEqual([["new", "old"]]);
  expect(untold).toMatchObject([
    { reason: "no-data-named", count: 1 },
    { reason: "no-curve", count: 3 },
  ]);
});

test("a clean history is quiet, and so is an empty one", async () => {
  const project = await newProject("Clean", "accuracy");
  expect(await readDoubts(people.member, project)).toMatchObject({ doubts: [], untold: [] });
  const manifest = await newManifestOf(project, splitOf("v"));
  for (const [at, batchSize] of [32, 64].entries())
    for (const [seed, value] of [0.8, 0.81, 0.82].entries()) {
      const config = { lr: (at + 1) / 10, batchSize, monitor: "val_accuracy" };
      const accuracy = settled(value + at / 10);
      await log(project, { name: `${batchSize} ${seed}`, manifest, accuracy, input: { config, seed } });
    }
  // each batch size was tried with both rates
  for (const [batchSize, lr] of [
    [32, 0.2],
    [64, 0.1],
  ]) {
    const config = { lr, batchSize, monitor: "val_accuracy" };
    await log(project, { name: "other rate", manifest, accuracy: settled(0.7), input: { config } });
  }
  const found = await readDoubts(people.member, { ...project, runCount: 8 });
  expect(found).toMatchObject({ looked: 8, doubts: [], untold: [] });
  expect(quietKinds(found)).toEqual([...doubtKinds]);
});
