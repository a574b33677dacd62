/** The commands of the trainer, each with what it needs already parsed. */
import { constants } from "node:os";
import path from "node:path";
import { checkpointListSchema } from "../../../lib/wire/checkpoints.ts";
import type { Manifest } from "../../../lib/wire/manifests.ts";
import type { MetricDeclaration } from "../../../lib/wire/projects.ts";
import { runSchema } from "../../../lib/wire/runs.ts";
import { backendNames, loadBackend, type NoBackend } from "../backend/backend.ts";
import { ask, download } from "../client/ask.ts";
import { createRun, type RunHandle, resumeRun } from "../client/client.ts";
import { Refused, type Target, Unreachable } from "../client/http.ts";
import { say } from "../client/say.ts";
import type { Post } from "../client/spool.ts";
import type { DataConfig, SplitSettings } from "../config/data.ts";
import type { Settings } from "../config/settings.ts";
import { defaultName, type TrainingConfig, trainingSchema } from "../config/training.ts";
import { type DataSet, type Part, sizeOf } from "../data/data.ts";
import { isMadeSet } from "../data/made-sets.ts";
import { readDataSet } from "../data/sets.ts";
import { allSamples, splitSamples } from "../data/split.ts";
import { completeDataset, registerDataset, requireSamples } from "../manifests/dataset.ts";
import {
  awaitReport,
  manifestHere,
  readManifest,
  registerManifest,
  requestSplit,
  requireTakeable,
  type SplitRequest,
  type TrainingSamples,
} from "../manifests/manifest.ts";
import { countClasses } from "../model/baseline.ts";
import { readFacts, readLocal } from "../model/checkpoint.ts";
import { createModel, describeModel } from "../model/models.ts";
import { prepareSet } from "../model/preprocessing.ts";
import { contractFacts, requireClasses, requireFit, requireValues } from "../model/shape-contract.ts";
import { agreementName, chosenBy, lossOf, measures, outputsOf } from "../model/task.ts";
import { majorityName, train } from "../train.ts";
import { formatSeconds, showProgress, wordsOf } from "./progress.ts";

/** How long the end of an offline training waits for a server that may be there after all. */
const OFFLINE_FINISH_MS = 2_000;
/** Quantile bins of numbers to be told, where nobody says how many. */
const REGRESSION_BINS = 10;
/** The exit code of a training whose loss was no longer a number. */
export const DIVERGED = 3;

/** A signal ended the program before it had a run to end. */
export class Stopped extends Error {
  constructor(readonly signal: string) {
    super(`stopped by ${signal}`);
  }
}

/** As shells count: 128 and the signal's number. */
export const exitCodeOf = (signal: string): number => 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);

/** What `work` promises; once a signal came, its failure is no error but a stop. */
async function unlessStopped<T>({ signal }: Place, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw signal.aborted ? new Stopped(String(signal.reason)) : error;
  }
}

/** `offline`: the server isn't asked for anything before a training; what comes of it is delivered when it is there. */
export type Place = { target: Target; spoolDir: string; code: boolean; offline: boolean; signal: AbortSignal };

/** Reads a set, and says what reading left out or changed. */
async function readSet(data: Pick<DataConfig, "data" | "target" | "task">, isTrained = true): Promise<DataSet> {
  const options = { ...data, isTrained };
  const set = await readDataSet(data.data, options);
  for (const remark of set.remarks ?? []) say(`${set.name}: ${remark}`);
  return set;
}

const descriptionOf = ({ inputShape, classes, task }: DataSet): string =>
  `${inputShape.join("×")}, ${task === "regression" ? "numbers to be told" : `${classes.length} classes`}${task === "segmentation" ? " of pixels" : ""}`;

/** Makes the split of a set and registers it. Returns the manifest's id. */
export async function register(place: Place, data: DataConfig, given?: DataSet): Promise<string> {
  const set = given ?? (await readSet(data));
  const { split, registration } = splitOf(set, data);
  const manifest = await unlessStopped(place, () =>
    registerManifest(place.target, set, split, registration, place.signal),
  );
  await sayFound(place, manifest);
  return manifest.id;
}

function splitOf(set: DataSet, data: DataConfig) {
  const split = splitSamples(set, {
    seed: data.splitSeed,
    subset: data.subset,
    testSubset: data.testSubset,
    validationFraction: data.validationFraction,
    testFraction: data.testFraction,
  });
  const { leftOut } = split;
  const cut = [set.test.count > 0 ? null : "Test", isValidated(set) ? null : "Validation"].filter(
    (one) => one !== null,
  );
  const notes = [
    cut.length < 2 ? "Samples that the set's maker put into a split stay in it." : "",
    cut.length > 0 ? `${cut.join(" and ")} ${cut.length > 1 ? "are" : "is"} cut from the others, seeded.` : "",
    leftOut > 0 ? `${leftOut} training samples that share a content or a group with test samples are left out.` : "",
  ];
  const registration = {
    name: data.manifestName ?? `${set.name} ${data.subset ?? set.train.count}`,
    dataset: { name: set.name, version: data.datasetVersion, description: descriptionOf(set) },
    notes: notes.filter(Boolean).join(" "),
  };
  requireTakeable(split, registration);
  return { split, registration };
}

type Ready = TrainingSamples & { manifest: string; before: Post[] };

/**
 * The manifest of a training and its samples. Where the server isn't there, or isn't to be asked, the split is
 * made here all the same, and registered with the run once it can be.
 */
async function makeReady(place: Place, { manifest, data }: Settings, set: DataSet): Promise<Ready> {
  if (manifest !== null) return { manifest, ...(await findSamples(place, manifest, set)), before: [] };
  try {
    if (!place.offline) {
      const id = await register(place, data, set);
      return { manifest: id, ...(await findSamples(place, id, set)), before: [] };
    }
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    console.log(`${error.message}: training goes on, and all of it is delivered later`);
  }
  const { split, registration } = splitOf(set, data);
  const { id, posts, ...training } = manifestHere(set, split, registration);
  console.log(
    `Split manifest ${registration.name} (${id.slice(0, 12)}) is made here; its checks run once it is registered`,
  );
  return { manifest: id, ...training, before: posts };
}

/** Whether the set's maker said which samples validate. */
const isValidated = ({ train }: DataSet): boolean => train.facts?.some(({ split }) => split === "validation") ?? false;

/**
 * Registers a whole set and has the server split and check it. Returns the manifest's id, or those of a k-fold's folds: a
 * run cites one of them.
 */
export async function splitCommand(place: Place, settings: SplitSettings): Promise<string[]> {
  const set = await readSet(settings, false);
  const dataset = { name: set.name, version: settings.datasetVersion };
  requireSamples(allSamples(set), { ...dataset, description: descriptionOf(set) });
  console.log(`Registering ${set.train.count + set.test.count} samples of ${set.name} ${dataset.version} …`);
  const made = await unlessStopped(place, async () => {
    const { target, signal } = place;
    const given = { ...dataset, description: descriptionOf(set) };
    await completeDataset(target, await registerDataset(target, set, allSamples(set), given, signal), signal);
    const { method, splitSeed: seed } = settings;
    const name = settings.manifestName ?? `${set.name} ${method}`;
    return requestSplit(target, { name, dataset, method, seed, options: splitOptionsOf(set, settings) }, signal);
  });
  for (const manifest of made) await sayFound(place, manifest);
  const [whole, ...folds] = made.map(({ id }) => id);
  if (folds.length === 0) return [whole!];
  console.log(`A run cites one of these ${folds.length} folds (--manifest ID); the whole has no validation samples:`);
  return folds;
}

function splitOptionsOf(set: DataSet, settings: SplitSettings): SplitRequest["options"] {
  const { keep, assignment, folds, gapSeconds, method } = settings;
  const apart = set.test.count > 0 && keep.includes("test");
  const shares = (settings.fractions ?? (apart ? "85/15/0" : "70/15/15")).split("/");
  const [train = 0, validation = 0, test = 0] = shares.map((share) => Number(share) / 100);
  const binned = set.task === "regression" && method.startsWith("stratified");
  const quantileBins = settings.quantileBins ?? (binned ? REGRESSION_BINS : null);
  return { fractions: { train, validation, test }, keep, assignment, folds, gapSeconds, quantileBins };
}

/** Prints what a manifest holds, waits for its checks, and prints those that didn't pass. */
async function sayFound(place: Place, { id, name, counts, project }: Manifest): Promise<void> {
  console.log(
    `Split manifest ${name} (${id.slice(0, 12)}): ` +
      `${counts.train} train, ${counts.validation} validation, ${counts.test} test samples`,
  );
  const report = await unlessStopped(place, () => awaitReport(place.target, id, place.signal));
  for (const check of report?.checks ?? [])
    if (check.verdict !== "pass") console.log(`  ${check.verdict.padEnd(11)} ${check.name}: ${check.detail}`);
  const page = `${place.target.url}/projects/${encodeURIComponent(project)}/manifests/${id}`;
  console.log(`  ${report ? `checks: ${report.verdict}` : "the checks aren't done"}; ${page}`);
}

/** Trains one model as a new run. Returns the exit code. */
export async function trainCommand(place: Place, settings: Settings): Promise<number> {
  const { training, data } = settings;
  const backend = await loadBackend(settings.backend);
  const set = await readSet(data);
  const facts = await modelFacts(backend, training, set);
  const parent = await parentOf(place, training);
  const { manifest, before, ...samples } = await makeReady(place, settings, set);
  requireClasses(samples.set, countClasses(samples.set, samples.indexes.train));
  const { transfer } = training;
  const run = await createRun({
    url: place.target.url,
    token: place.target.token,
    spoolDir: place.spoolDir,
    code: place.code,
    name: settings.name ?? defaultName(training),
    config: training,
    seed: training.seed,
    manifest,
    before,
    parent: transfer ? { run: transfer.run, checkpoint: transfer.checkpoint } : null,
    metrics: declarationsOf(set, training),
    environment: { ...environmentOf(backend, data), ...facts },
  });
  return follow(place, { run, training, backend, ...samples, parent, restore: null });
}

/** Directions and units of what is logged; a surrogate loss has no direction, as its value ranks nothing. */
function declarationsOf({ task }: DataSet, { loss: name }: TrainingConfig): MetricDeclaration[] {
  const loss = lossOf(task, name);
  const none = (metric: string, unit = "") => ({ name: metric, direction: "none" as const, unit });
  return [
    loss.kind === "meaningful" ? { name: "loss", direction: "min", unit: loss.unit } : none("surrogate_loss"),
    ...Object.entries(measures[task]).map(([metric, direction]) => ({ name: metric, direction, unit: "" })),
    ...(task === "regression" ? [] : [none(majorityName(task))]),
    none("learning_rate"),
    none("gradient_norm"),
    none("epoch"),
    none("images_per_second", "1/s"),
    none("data_wait"),
    none("inference_difference"),
  ];
}

/** The checkpoint that a training starts from; null where it starts from nothing. Throws where it isn't there. */
async function parentOf(place: Place, { transfer }: TrainingConfig): Promise<Buffer | null> {
  if (!transfer) return null;
  const file = await unlessStopped(place, () => downloadCheckpoint(place, transfer.run, transfer.checkpoint));
  if (!file)
    throw new Error(
      `transfer: run ${transfer.run} has no file ${transfer.checkpoint}; one of its checkpoints is right`,
    );
  return file;
}

/** A manifest's samples in the set; before there is a run that would fail for want of them. */
const findSamples = (place: Place, manifest: string, set: DataSet): Promise<TrainingSamples> =>
  unlessStopped(place, () => readManifest(place.target, manifest, set, place.signal));

/**
 * Goes on with a run from its newest checkpoint, here or on the server. A run whose images aren't here, or that is
 * finished, stays as it is. Returns the exit code.
 */
export async function resumeCommand(place: Place, runId: string, settings: Settings): Promise<number> {
  const { target, signal } = place;
  const request = { method: "GET", path: `/api/v1/runs/${runId}`, signal } as const;
  const run = runSchema.parse(await unlessStopped(place, () => ask(target, request)));
  if (!run.manifest) throw new Error(`run ${runId} cites no split manifest, so its samples aren't known`);
  const training = trainingSchema.parse(run.config);
  const { environment } = run;
  const data = {
    data: settings.data.data ?? environment.data ?? null,
    target: settings.data.target ?? environment["data target"] ?? null,
    task: settings.data.task ?? (environment["data task"] as DataConfig["task"] | undefined) ?? null,
    columns: settings.data.columns ?? environment["data columns"] ?? null,
    blanks: settings.data.blanks ?? (environment["data blanks"] as DataConfig["blanks"] | undefined) ?? null,
  };
  const set = await readSet(data);
  const samples = await findSamples(place, run.manifest, set);
  const restore = await unlessStopped(place, () => newestCheckpoint(place, runId));
  const facts = restore && readFacts(restore);
  if (run.status === "finished" && facts && facts.epoch >= training.epochs) {
    console.log(`Run ${runId} is finished: all of its ${training.epochs} epochs are trained.`);
    return 0;
  }
  const backend = await loadBackend(settings.backend);
  const before = run.environment.backend ?? backend.name;
  if (before !== backend.name)
    console.log(`The run began on ${before} and goes on on ${backend.name}: not the same to the bit.`);
  const step = facts?.step ?? 0;
  console.log(facts ? `Going on from the checkpoint at step ${step}.` : "There is no checkpoint: from the beginning.");
  const handle = await resumeRun(runId, {
    url: target.url,
    token: target.token,
    spoolDir: place.spoolDir,
    resumeStep: step,
    environment: environmentOf(backend, data),
  });
  const parent = await parentOf(place, training);
  return follow(place, { run: handle, training, backend, ...samples, parent, restore });
}

type Following = TrainingSamples & {
  run: RunHandle;
  training: Settings["training"];
  backend: Awaited<ReturnType<typeof loadBackend>>;
  parent: Buffer | null;
  restore: Buffer | null;
};

async function follow(place: Place, following: Following): Promise<number> {
  const { run, training, backend, set, indexes, parent, restore } = following;
  const startedAt = Date.now();
  const label = defaultName(training);
  console.log(`${label}: run ${run.id} on ${backend.name}, at ${place.target.url}/runs/${run.id}`);
  try {
    const outcome = await train({
      backend,
      run,
      config: training,
      set,
      indexes,
      parent,
      restore,
      checkpointFolder: checkpointFolder(place, run.id),
      fetchCheckpoint: (file) => downloadCheckpoint(place, run.id, file),
      onProgress: showProgress(label),
      signal: place.signal,
    });
    const took = formatSeconds((Date.now() - startedAt) / 1000);
    if (outcome.kind === "interrupted") return await endKilled(place, run, label);
    if (outcome.kind === "diverged") {
      await run.fail({ reason: "diverged", message: outcome.message });
      console.log(`${label}: diverged after ${took}: ${outcome.message}`);
      return DIVERGED;
    }
    const { delivered } = await run.finish(place.offline ? { timeoutMs: OFFLINE_FINISH_MS } : {});
    const { best, stoppedEarly, majority } = outcome;
    const { metric } = training.earlyStopping ?? chosenBy[set.task];
    const beside =
      majority && metric === agreementName[set.task]
        ? `, where always saying ${majority.name} reaches ${majority.share.toFixed(4)}`
        : "";
    const score = best
      ? `best validation ${wordsOf(metric)} ${best.values[metric]?.toFixed(4)} in epoch ${best.epoch}${beside}`
      : "nothing left to train";
    const early = stoppedEarly === null ? "" : `, stopped early after epoch ${stoppedEarly}`;
    console.log(`${label}: done in ${took}, ${score}${early}${delivered ? "" : "; the rest waits in the spool"}`);
    return 0;
  } catch (error) {
    if (place.signal.aborted) return endKilled(place, run, label);
    const { message, stack = "" } = error as Error;
    await run.fail({ reason: "crashed", message, stack });
    throw error;
  }
}

/** Tells the server within three seconds; what it doesn't take waits in the spool. */
async function endKilled(place: Place, run: RunHandle, label: string): Promise<number> {
  const signal = String(place.signal.reason);
  await run.kill(signal, { timeoutMs: 3_000 });
  console.log(`${label}: stopped; npx holdout-trainer resume ${run.id}  goes on from the last checkpoint.`);
  return exitCodeOf(signal);
}

/** What the run records of model and contract. Throws where a set and a config don't fit. */
async function modelFacts({ tf }: Following["backend"], training: TrainingConfig, raw: DataSet) {
  requireValues(raw);
  const few = { ...raw, train: firstSample(raw), test: firstSample({ ...raw, train: raw.test }) };
  const set = await prepareSet(tf, few, training.preprocessing); // its shapes alone count here
  requireFit(set, training);
  const model = createModel(tf, training, set.inputShape, outputsOf(set));
  const facts = describeModel(model, training);
  model.dispose();
  return { ...facts, ...contractFacts(set) };
}

function firstSample({ inputShape, task, train }: DataSet): Part {
  const targets = task === "segmentation" ? sizeOf(inputShape.slice(0, 2)) : 1;
  return {
    count: Math.min(1, train.count),
    keys: train.keys.slice(0, 1),
    inputs: train.inputs.slice(0, sizeOf(inputShape)),
    targets: train.targets.slice(0, targets),
  };
}

const environmentOf = (
  backend: Following["backend"],
  { data, target, task, columns, blanks }: Pick<DataConfig, "data" | "target" | "task" | "columns" | "blanks">,
): Record<string, string> => ({
  backend: backend.name,
  "backend chosen": backend.tried
    .map(({ name, taken, reason }) => `${name}: ${taken ? "taken" : "not taken"}, ${reason}`)
    .join("; "),
  "tfjs version": backend.tf.version_core,
  reproducible: backend.reproducible ? "to the bit, on this machine" : "not to the bit",
  ...(data === null ? {} : { data: isMadeSet(data) ? data : path.resolve(data) }),
  ...(target === null ? {} : { "data target": target }),
  ...(task === null ? {} : { "data task": task }),
  ...(columns === null ? {} : { "data columns": columns }),
  ...(blanks === null ? {} : { "data blanks": blanks }),
});

/** Inside the spool's folder: it is the one place that the user named for what a trainer keeps. */
const checkpointFolder = ({ spoolDir }: Place, runId: string) => path.join(spoolDir, "checkpoints", runId);

/** The newest checkpoint of a run, this machine's own unless the server has a later one; null where there is none. */
async function newestCheckpoint(place: Place, runId: string): Promise<Buffer | null> {
  const { target, signal } = place;
  const here = readLocal(checkpointFolder(place, runId));
  const answer = await ask(target, { method: "GET", path: `/api/v1/runs/${runId}/checkpoints`, signal });
  const newest = checkpointListSchema.parse(answer).checkpoints.at(-1);
  if (!newest || (here && readFacts(here).step >= newest.step)) return here;
  return (await downloadCheckpoint({ target, signal }, runId, newest.path)) ?? here;
}

/** Null where the run has no such file. */
async function downloadCheckpoint(
  { target, signal }: Pick<Place, "target" | "signal">,
  runId: string,
  file: string,
): Promise<Buffer | null> {
  try {
    return await download(target, `/api/v1/runs/${runId}/artifacts/${file}`, signal);
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  }
}

/** Says which backends there are, which is taken, and why. */
export async function backendsCommand(): Promise<number> {
  for (const name of backendNames) {
    const { tried } = await loadBackend(name).catch((error: NoBackend) => error);
    const [outcome] = tried;
    console.log(`${name.padEnd(14)} ${outcome?.taken ? "loads: " : "doesn't load: "}${outcome?.reason}`);
  }
  const { name } = await loadBackend();
  console.log(`\nTaken: ${name}. --backend NAME takes another.`);
  return 0;
}
