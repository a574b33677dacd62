import { eq } from "drizzle-orm";
import { v4 as uuidv4 } from "uuid";
import { beforeAll, expect, test, vi } from "vitest";
import { connections } from "../../db/connection.ts";
import { studies } from "../../db/schema/studies.ts";
import { systemActor } from "../access/actor.ts";
import { newManifest } from "../manifests/test-manifest.ts";
import { appendBatch } from "../metrics/append.ts";
import { catchUp } from "../metrics/compact.ts";
import { updateTrial } from "../queue/act.ts";
import { endRunAndTrial } from "../queue/end-trial.ts";
import { tellTrial } from "../queue/lease.ts";
import { requireTrial } from "../queue/trials.ts";
import { registerWorker } from "../queue/workers.ts";
import { requireRun } from "../runs/runs.ts";
import { createWriter } from "../runs/writers.ts";
import { batchOf, newProject, newToken, prepareWorkspace } from "../test-workspace.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import type { Project } from "../wire/projects.ts";
import type { Study } from "../wire/studies/studies.ts";
import type { ClaimedTrial } from "../wire/studies/trials.ts";
import { addTrials, seedFor } from "./ask.ts";
import { askStudy, claimNext } from "./claim.ts";
import { renewTrial } from "./early-stop.ts";
import { createStudy, updateStudy } from "./studies.ts";

prepareWorkspace();

const rate = { kind: "float", path: "optimizer.learningRate", role: "scientific", low: 1e-4, high: 0.1, scale: "log" };
const NAME = "optimizer.learningRate";
let [project, manifest] = [{} as Project, {} as Manifest];
beforeAll(async () => {
  project = await newProject();
  manifest = await newManifest(project);
});

async function openStudy(changes: object = {}): Promise<Study> {
  const { id } = await createStudy(systemActor, {
    project: project.id,
    title: "Rates",
    manifest: manifest.id,
    base: { family: "mlp", optimizer: { name: "sgd" } },
    space: [rate],
    objective: { metric: "loss", split: "validation", direction: "min" },
    trialsBudget: 3,
    ...changes,
  });
  return updateStudy(systemActor, id, { status: "open" });
}

const ask = async (study: Study, input: object = {}) => (await askStudy(systemActor, study.id, input)).trial;
const tell = ({ trial, lease }: ClaimedTrial, value: unknown) =>
  tellTrial(systemActor, trial, { lease, outcome: "finished", value });

/** Asks a study until it gives nothing more; each trial is worth what `worth` makes of its rate. */
async function askAll(study: Study, worth: (rate: number) => unknown): Promise<ClaimedTrial[]> {
  const given: ClaimedTrial[] = [];
  for (let next = await ask(study); next; next = await ask(study)) {
    given.push(next);
    await tell(next, worth(Number(next.values?.[NAME])));
  }
  return given;
}

test("a study is asked up to its budget: each trial's run has the base with the values, and a name and seed of its own", async () => {
  const study = await openStudy({ replicates: 2 });
  const given = await askAll(study, (value) => value);
  expect(given.map(({ number, replicate }) => [number, replicate])).toEqual([
    [1, 0],
    [1, 1],
    [2, 0],
    [2, 1],
    [3, 0],
    [3, 1],
  ]);
  const [first, second] = given as [ClaimedTrial, ClaimedTrial];
  expect(first.run).toMatchObject({
    name: `study ${study.number}, trial 1, seed ${first.run.seed}`,
    config: { family: "mlp", optimizer: { name: "sgd", learningRate: first.values?.[NAME] } },
    manifest: manifest.id,
  });
  expect(first.objective).toEqual(study.objective);
  expect(second.values).toEqual(first.values);
  expect(new Set(given.map(({ run }) => run.seed)).size).toBe(6);
  expect(given.every(({ run }) => run.seed! >= 0)).toBe(true);
  expect(await requireRun(systemActor, first.run.id)).toMatchObject({ status: "finished" });
  expect(await requireTrial(systemActor, second.trial)).toMatchObject({ origin: "replicate", status: "finished" });
});

test("the base's own seed is the first of a configuration, and stands in its config", async () => {
  const study = await openStudy({ base: { seed: 40 }, trialsBudget: 1, replicates: 3 });
  const given = await askAll(study, () => 1);
  expect(given.map(({ run }) => [run.seed, run.config.seed])).toEqual([
    [40, 40],
    [41, 41],
    [42, 42],
  ]);
  const last = { base: { seed: Number.MAX_SAFE_INTEGER }, search: study.search };
  const seeds = [0, 1, 2].map((replicate) => seedFor(last, { number: 1, replicate } as Parameters<typeof seedFor>[1]));
  expect(new Set(seeds).size).toBe(3);
  expect(seeds.every(Number.isSafeInteger)).toBe(true);
});

test.each(["tpe", "gaussian-process"])(
  "by %s the same study asked again chooses the same, also where trials failed",
  async (method) => {
    const plan = { search: { method, seed: 5 }, trialsBudget: 14 };
    const worth = (value: number) => (value > 0.05 ? "NaN" : Math.abs(Math.log(value / 0.01)));
    const [one, other] = [await askAll(await openStudy(plan), worth), await askAll(await openStudy(plan), worth)];
    expect(one).toHaveLength(14);
    expect(other.map(({ values }) => values)).toEqual(one.map(({ values }) => values));
    const lost = one.find(({ values }) => Number(values?.[NAME]) > 0.05)!;
    expect(await requireTrial(systemActor, lost.trial)).toMatchObject({ status: "finished", infeasible: "diverged" });
  },
);

test("what was cancelled isn't tried again", async () => {
  const study = await openStudy({ trialsBudget: 3 });
  const [added] = await addTrials(systemActor, study.id, { values: [{ [NAME]: 0.02 }] });
  await updateTrial(systemActor, added!.id, { act: "stop" });
  const rest = await askAll(study, () => 1);
  expect(rest.map(({ number }) => number)).toEqual([2, 3, 4]);
  const places = rest.map(({ values }) => values?.[NAME]);
  expect(new Set(places).size).toBe(3);
});

test("workers are given what waits first, then what studies choose, in the order of their priority; a paused one gives nothing", async () => {
  const own = await newProject();
  const split = await newManifest(own);
  const of = (changes: object) => openStudy({ project: own.id, manifest: split.id, trialsBudget: 1, ...changes });
  const [late, urgent, paused] = [await of({}), await of({ priority: 3 }), await of({ priority: 9 })];
  await addTrials(systemActor, paused.id, { values: [{ [NAME]: 0.01 }] });
  await updateStudy(systemActor, paused.id, { status: "paused" });
  const big = await of({ labels: ["gpu"], priority: 8 });
  const worker = await registerWorker(systemActor, { project: own.id, name: "w" });
  const claim = async () => (await claimNext(systemActor, { worker: worker.id })).trial;
  const [waiting] = await addTrials(systemActor, late.id, { values: [{ [NAME]: 0.01 }] });
  expect(await claim()).toMatchObject({ trial: waiting!.id });
  const [first, second] = [await claim(), await claim()];
  expect([first?.study?.id, second]).toEqual([urgent.id, null]);
  await expect(askStudy(systemActor, paused.id, {})).rejects.toThrow(/is paused/);
  expect((await ask(big))?.study?.id).toBe(big.id);
});

test("a study whose space no search can take keeps no other waiting, and says why", async () => {
  const own = await newProject();
  const split = await newManifest(own);
  const of = (changes: object) => openStudy({ project: own.id, manifest: split.id, ...changes });
  const [odd, other] = [await of({ priority: 9 }), await of({})];
  // as it may have been stored before spaces were held against their search
  const many = Array.from({ length: 26 }, (_, at) => ({ ...rate, path: `rate${at}` }));
  await connections().db.update(studies).set({ space: many }).where(eq(studies.id, odd.id));
  const worker = await registerWorker(systemActor, { project: own.id, name: "w" });
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  expect((await claimNext(systemActor, { worker: worker.id })).trial?.study?.id).toBe(other.id);
  expect(said).toHaveBeenCalledWith(expect.stringContaining(odd.id), expect.stringContaining("26 parameters"));
  said.mockRestore();
  await expect(ask(odd)).rejects.toThrow(/space: 26 parameters/);
});

test("values and seeds that are asked for by hand are held against the study, all or none", async () => {
  const study = await openStudy();
  const { actor } = await newToken(project, "ingest");
  const values = [{ [NAME]: 0.01 }, { [NAME]: 1 }];
  await expect(addTrials(actor, study.id, { values })).rejects.toThrow(/values.optimizer.learningRate: expected/);
  const { trial } = await askStudy(actor, study.id, { values: { [NAME]: 0.01 } });
  expect(trial).toMatchObject({ number: 1, values: { [NAME]: 0.01 } });
  const seeds = await addTrials(actor, study.id, { replicatesOf: 1, count: 2 });
  expect(seeds.map(({ number, replicate, values: of }) => [number, replicate, of])).toEqual([
    [1, 1, { [NAME]: 0.01 }],
    [1, 2, { [NAME]: 0.01 }],
  ]);
  await expect(addTrials(actor, study.id, { replicatesOf: 9, count: 1 })).rejects.toThrow(/replicatesOf/);
});

test("many that ask one study at once are given each place once", async () => {
  const study = await openStudy({ trialsBudget: 10, replicates: 2 });
  const given = (await Promise.all(Array.from({ length: 24 }, () => ask(study)))).filter((one) => one !== null);
  const places = given.map(({ number, replicate }) => `${number}/${replicate}`);
  expect(new Set(places).size).toBe(20);
  expect(places).toHaveLength(20);
});

/** Logs the objective of a claimed trial at each of these steps. */
async function log({ run }: ClaimedTrial, values: Record<number, number>): Promise<void> {
  const writer = uuidv4();
  await createWriter(systemActor, run.id, { writer });
  const steps = Object.keys(values).map(Number);
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", steps, { loss: Object.values(values) }));
  await catchUp(run.id);
}

test("a trial that falls behind the median of those that ended is told to stop, by the rule's name", async () => {
  const study = await openStudy({ trialsBudget: 5, stopping: { rule: "median", trialsMin: 2, warmUp: 10 } });
  for (const loss of [1, 2]) {
    const ended = (await ask(study))!;
    await log(ended, { 5: loss, 10: loss, 20: loss });
    await endRunAndTrial(systemActor, ended.run.id, { status: "finished" });
  }
  const [good, bad, early] = [(await ask(study))!, (await ask(study))!, (await ask(study))!];
  await log(good, { 5: 1, 10: 1.2 });
  await log(bad, { 5: 3, 10: 1.8 });
  await log(early, { 5: 9 });
  const signalOf = async ({ trial, lease }: ClaimedTrial) => (await renewTrial(systemActor, trial, { lease })).signal;
  expect([await signalOf(good), await signalOf(bad), await signalOf(early)]).toEqual(["none", "stop", "none"]);
  expect(await requireTrial(systemActor, bad.trial)).toMatchObject({ signal: "stop", stoppedBy: "median" });
  await tellTrial(systemActor, bad.trial, { lease: bad.lease, outcome: "stopped" });
  expect(await requireTrial(systemActor, bad.trial)).toMatchObject({ status: "stopped", stoppedBy: "median" });
});

test("of those that reach a step of halving the best go on", async () => {
  const study = await openStudy({ trialsBudget: 4, stopping: { rule: "halving", first: 10, last: 100, eta: 2 } });
  const [first, better, worse] = [(await ask(study))!, (await ask(study))!, (await ask(study))!];
  await log(first, { 10: 2 });
  await log(better, { 10: 1 });
  await log(worse, { 10: 3 });
  const signals = [];
  for (const { trial, lease } of [better, worse])
    signals.push((await renewTrial(systemActor, trial, { lease })).signal);
  expect(signals).toEqual(["none", "stop"]);
  expect(await requireTrial(systemActor, worse.trial)).toMatchObject({ stoppedBy: "halving" });
});
