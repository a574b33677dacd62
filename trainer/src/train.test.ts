/** One file, though it is long: each test trains on the same halves through the same server. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Tensor } from "@tensorflow/tfjs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { modelRecordPath, modelRecordSchema } from "../../lib/wire/models.ts";
import { type Backend, loadBackend } from "./backend/backend.ts";
import { createRun } from "./client/client.ts";
import { parseSettings } from "./config/settings.ts";
import type { DataSet } from "./data/data.ts";
import { readDataSet } from "./data/sets.ts";
import { splitSamples } from "./data/split.ts";
import { checkpointPath, keepLocally, readBest, readFacts, readLocal } from "./model/checkpoint.ts";
import { createModel, seedDropout } from "./model/models.ts";
import { decodeSafetensors } from "./model/safetensors.ts";
import { writeHalves } from "./test/test-images.ts";
import { TestServer } from "./test/test-server.ts";
import { type Outcome, type Progress, train } from "./train.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdout-train-"));
let backend: Backend;
let server: TestServer;
let trainings = 0;

beforeAll(async () => {
  writeHalves(folder, { train: 60, test: 10 });
  backend = await loadBackend("wasm");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = new TestServer();
  await server.up();
});
afterEach(() => server.down());

const weightFiles = () => [...server.artifacts.keys()].filter((file) => file.endsWith(".safetensors")).sort();

type Options = {
  /** A set by its name; the halves where none is named. */
  data?: string;
  parent?: Buffer;
  restore?: Buffer;
  stopAtEpoch?: number;
  checkpointFolder?: string;
  subset?: number;
};

const sets = new Map<string, Promise<DataSet>>();

/** A set is read once: a training leaves it as it is. */
function setOf(name: string): Promise<DataSet> {
  const known = sets.get(name) ?? readDataSet(name);
  sets.set(name, known);
  return known;
}

/** Trains on the halves, or another set; returns the outcome and the newest checkpoint. */
async function trainHalves(
  settings: object,
  { data = folder, subset, parent, restore, stopAtEpoch, ...rest }: Options = {},
): Promise<{ outcome: Outcome; checkpoint: Buffer | null }> {
  const checkpointFolder = rest.checkpointFolder ?? path.join(folder, `checkpoints-${trainings + 1}`);
  const { training: config } = parseSettings({ epochs: 3, batchSize: 8, ...settings });
  const set = await setOf(data);
  const { samples } = splitSamples(set, { seed: 1, subset: subset ?? null, testSubset: 0, validationFraction: 0.25 });
  const indexesOf = (split: string) =>
    Uint32Array.from(
      samples.filter((sample) => sample.split === split),
      ({ index }) => index,
    );
  const spoolDir = path.join(folder, `spool-${++trainings}`);
  const run = await createRun({ url: server.url, token: "hold_test", config, code: false, spoolDir });
  const stopping = new AbortController();
  const onProgress = ({ epoch, validation }: Progress) => {
    if (validation && epoch + 1 === stopAtEpoch) stopping.abort();
  };
  const indexes = { train: indexesOf("train"), validation: indexesOf("validation"), trainDigest: "c".repeat(64) };
  const fetchCheckpoint = async (file: string) => server.artifacts.get(file) ?? null;
  const common = {
    backend,
    run,
    config,
    set,
    indexes,
    checkpointFolder,
    fetchCheckpoint,
    onProgress,
    parent: parent ?? null,
  };
  const outcome = await train({ ...common, restore: restore ?? null, signal: stopping.signal });
  await run.finish();
  return { outcome, checkpoint: readLocal(checkpointFolder) };
}

test.each([
  { family: "mlp" },
  { family: "cnn" },
  { family: "mlp", dropout: 0.2 },
  { family: "cnn", batchNorm: true, dropout: 0.2 },
  { family: "rnn", units: [16] },
  { family: "rnn", cell: "gru", units: [16, 8] },
  { family: "cnn", encoder: "double", filters: [4, 8] },
  { family: "cnn", encoder: "residual", batchNorm: true },
  { family: "cnn", loss: "hinge" },
  { family: "mlp", preprocessing: { resize: [4, 4], pad: [8, 8], normalise: "scale" } },
  { family: "mlp", augmentation: { shift: 1, flip: true, noise: 0.1 } },
])("%o learns what tells the classes apart", async (model) => {
  const { outcome } = await trainHalves({ ...model, epochs: 6, optimizer: { name: "adam", learningRate: 0.01 } });
  expect(outcome).toMatchObject({ kind: "finished" });
  expect(outcome.kind === "finished" && outcome.best?.values.accuracy).toBeGreaterThan(0.9);
  const loss = "loss" in model && model.loss ? "surrogate_loss" : "loss";
  const steps = server.points(loss).map(([step]) => step);
  expect(steps).toEqual(Array.from({ length: 36 }, (_, step) => step));
  expect(server.points("accuracy", "validation")).toHaveLength(6);
});

test.each(["lstm", "gru"])("the same seed gives the same weights to the bit with a %s", async (cell) => {
  const weights = async (seed: number) => (await trainHalves({ family: "rnn", cell, units: 8, seed })).checkpoint;
  const first = decodeSafetensors((await weights(4))!).tensors;
  expect(decodeSafetensors((await weights(4))!).tensors).toEqual(first);
  expect(decodeSafetensors((await weights(5))!).tensors).not.toEqual(first);
});

test("the same seed gives the same weights to the bit on plain JavaScript", async () => {
  backend = await loadBackend("cpu");
  try {
    const settings = { family: "cnn", filters: [2, 4], batchNorm: true, dropout: 0.2, epochs: 2 };
    const weights = async (seed: number) => (await trainHalves({ ...settings, seed })).checkpoint;
    const first = decodeSafetensors((await weights(4))!).tensors;
    expect(decodeSafetensors((await weights(4))!).tensors).toEqual(first);
    expect(decodeSafetensors((await weights(5))!).tensors).not.toEqual(first);
    expect(backend).toMatchObject({ name: "cpu", reproducible: true });
  } finally {
    backend = await loadBackend("wasm");
  }
});

const optimizers = [{ name: "sgd" }, { name: "momentum" }, { name: "rmsprop" }, { name: "adam" }, { name: "adamw" }];

// that the same seed gives the same weights is part of what each of them is asked below
test.each(process.env.HOLDOUT_TEST_SLOW ? optimizers : optimizers.slice(-1))(
  "the same seed gives the same weights to the bit with $name, another seed others",
  async (optimizer) => {
    const weights = async (seed: number) => (await trainHalves({ family: "cnn", optimizer, seed })).checkpoint;
    const first = decodeSafetensors((await weights(4))!).tensors;
    expect(decodeSafetensors((await weights(4))!).tensors).toEqual(first);
    expect(decodeSafetensors((await weights(5))!).tensors).not.toEqual(first);
  },
);

test.each(optimizers)(
  "a training that went on from a checkpoint ends where one that never stopped does: $name",
  async (optimizer) => {
    // many steps: what an optimizer multiplies up at each of them must not be rounded anew
    const settings = { family: "mlp", batchSize: 1, optimizer };
    const whole = await trainHalves(settings);
    const part = await trainHalves(settings, { stopAtEpoch: 1 });
    expect(part.outcome).toEqual({ kind: "interrupted" });
    const rest = await trainHalves(settings, { restore: part.checkpoint! });
    expect(rest.outcome).toEqual(whole.outcome);
    expect(decodeSafetensors(rest.checkpoint!)).toEqual(decodeSafetensors(whole.checkpoint!));
    expect(server.points("loss").slice(-92)).toEqual(server.points("loss").slice(46, 138));
  },
);

test("the learning rate of each step is logged as the schedule has it, with the norm of the gradients", async () => {
  const schedule = { name: "cosine", warmupSteps: 6, floor: 0.1 };
  await trainHalves({ family: "mlp", optimizer: { name: "sgd", learningRate: 0.2 }, schedule });
  const rates = server.points("learning_rate", null);
  expect(rates).toHaveLength(18);
  for (let step = 0; step <= 6; step++) expect(rates[step]![1]).toBeCloseTo((0.2 * step) / 6, 12);
  // half of the way down from 0.2 to 0.02, at the middle of the 12 steps that follow
  expect(rates[12]![1]).toBeCloseTo(0.11, 12);
  expect(server.points("gradient_norm", null).every(([, norm]) => norm > 0)).toBe(true);
});

test("batch norm and dropout act in training alone, come the same by the seed, and go on where they were", async () => {
  const settings = { family: "cnn", batchNorm: true, dropout: 0.5, batchSize: 4 };
  const whole = await trainHalves(settings);
  expect(server.points("inference_difference", null).map(([, apart]) => apart < 1e-4)).toEqual([true, true, true]);
  const part = await trainHalves(settings, { stopAtEpoch: 1 });
  const rest = await trainHalves(settings, { restore: part.checkpoint! });
  expect(decodeSafetensors(rest.checkpoint!)).toEqual(decodeSafetensors(whole.checkpoint!));
  const { tensors } = decodeSafetensors(whole.checkpoint!);
  const averages = tensors.get([...tensors.keys()].find((name) => name.includes("moving_mean"))!)!;
  expect(Math.max(...averages.values.map(Math.abs))).toBeGreaterThan(0);
});

test("dropout drops others at each step, and the same again at the same step", () => {
  const { tf } = backend;
  const { training } = parseSettings({ family: "mlp", units: [64], dropout: 0.5 });
  const model = createModel(tf, training, [2, 2, 1], 2);
  const masks = [0, 1, 0].map((step) => {
    seedDropout(model, 7, step);
    const dropout = model.getLayer("hidden1_dropout");
    return (dropout.apply(tf.ones([1, 64]), { training: true }) as Tensor).dataSync().join();
  });
  expect(masks[1]).not.toBe(masks[0]);
  expect(masks[2]).toBe(masks[0]);
  model.dispose();
});

test("a plateau of the validation loss lowers the learning rate, after a resume as well", async () => {
  // at this rate the weights hardly move, and no epoch is better than the first by so much
  const settings = {
    family: "mlp",
    epochs: 4,
    optimizer: { name: "sgd", learningRate: 1e-6 },
    schedule: { name: "plateau", patience: 1, minDelta: 0.5, factor: 0.5 },
  };
  const part = await trainHalves(settings, { stopAtEpoch: 2 });
  await trainHalves(settings, { restore: part.checkpoint! });
  const rates = server.points("learning_rate", null).map(([, rate]) => rate);
  expect(rates.filter((_, step) => step % 6 === 0)).toEqual([1e-6, 1e-6, 0.5e-6, 0.25e-6]);
});

test("a training by steps ends after so many updates, within an epoch too", async () => {
  const { checkpoint } = await trainHalves({ family: "mlp", epochs: 1, steps: 8 });
  expect(server.points("loss").map(([step]) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(server.points("loss", "validation").map(([step]) => step)).toEqual([6, 8]);
  expect(readFacts(checkpoint!)).toMatchObject({ epoch: 2, step: 8 });
});

test("early stopping ends the training once patience is over, and keeps the best epoch's weights", async () => {
  const earlyStopping = { metric: "loss", direction: "min", patience: 2, minDelta: 0.5 };
  const { outcome } = await trainHalves({ family: "mlp", epochs: 30, earlyStopping });
  expect(outcome).toMatchObject({ kind: "finished", stoppedEarly: expect.any(Number) });
  const stopped = outcome.kind === "finished" ? outcome.stoppedEarly! : 0;
  const losses = server.points("loss", "validation").map(([, loss]) => loss);
  expect(losses).toHaveLength(stopped);
  expect(stopped).toBeLessThan(30);
  const best = readFacts(server.artifacts.get("best.safetensors")!);
  expect(best.history.at(-1)!.loss).toBe(Math.min(...losses));
});

test("a loss that is no number ends the training as diverged, its last point logged", async () => {
  const { outcome } = await trainHalves({ family: "mlp", epochs: 200, optimizer: { name: "sgd", learningRate: 1e30 } });
  expect(outcome).toMatchObject({
    kind: "diverged",
    message: expect.stringMatching(/the training loss is (NaN|Infinity) at step \d+/),
  });
  expect(Number.isFinite(server.points("loss").at(-1)?.[1])).toBe(false);
});

test("every epoch's checkpoint is stored, and the best by validation again under its own name", async () => {
  const settings = { family: "mlp", epochs: 4, optimizer: { name: "momentum", learningRate: 1 } };
  const { outcome } = await trainHalves(settings);
  const best = outcome.kind === "finished" ? outcome.best! : null;
  expect(best?.epoch).toBeLessThan(4);
  expect(weightFiles()).toEqual(["best.safetensors", ...[1, 2, 3, 4].map(checkpointPath)]);
  expect(server.artifacts.get("best.safetensors")).toEqual(server.artifacts.get(checkpointPath(best!.epoch)));
  const validated = server.points("accuracy", "validation").map(([, accuracy]) => accuracy);
  expect(best?.values.accuracy).toBe(Math.max(...validated));
});

test("a disk that takes no checkpoint ends no training: the server has them all", async () => {
  const blocked = path.join(folder, "a-file");
  writeFileSync(blocked, "");
  const { outcome } = await trainHalves({ family: "mlp", epochs: 2 }, { checkpointFolder: path.join(blocked, "run") });
  const best = outcome.kind === "finished" ? outcome.best! : null;
  expect(weightFiles()).toEqual(["best.safetensors", ...[1, 2].map(checkpointPath)]);
  expect(server.artifacts.get("best.safetensors")).toEqual(server.artifacts.get(checkpointPath(best!.epoch)));
});

test("a training that goes on elsewhere fetches the best epoch from the server", async () => {
  const settings = { family: "mlp", epochs: 4, optimizer: { name: "momentum", learningRate: 1 } };
  const part = await trainHalves(settings, { stopAtEpoch: 3 });
  const { best } = readFacts(part.checkpoint!);
  const { outcome } = await trainHalves(settings, { restore: part.checkpoint! });
  expect(outcome).toMatchObject({ kind: "finished", best });
  expect(server.artifacts.get("best.safetensors")).toEqual(server.artifacts.get(checkpointPath(best!.epoch)));
});

test("a best checkpoint that is kept here is taken for its own epoch alone", async () => {
  const { checkpoint } = await trainHalves({ family: "mlp", epochs: 2 });
  const kept = path.join(folder, "kept");
  keepLocally(kept, 2, checkpoint!, true);
  expect(readBest(kept, 2)).toEqual(checkpoint);
  expect(readBest(kept, 1)).toBeNull();
});

test("a training leaves no tensor behind", async () => {
  await trainHalves({ family: "cnn", epochs: 1 });
  const before = backend.tf.memory().numTensors;
  await trainHalves({ family: "cnn", epochs: 1 });
  const once = backend.tf.memory().numTensors - before;
  const between = backend.tf.memory().numTensors;
  await trainHalves({ family: "cnn", epochs: 4 });
  expect(backend.tf.memory().numTensors - between).toBe(once);
});

test("a sequence's shape is told by its steps", async () => {
  const settings = { family: "rnn", cell: "gru", units: 12, epochs: 5, optimizer: { learningRate: 0.02 } };
  const { outcome } = await trainHalves(settings, { data: "waves", subset: 240 });
  expect(outcome.kind === "finished" && outcome.best!.values.accuracy).toBeGreaterThan(0.4); // by chance: 0.25
});

test("a curve is fitted, its loss and error in the target's own unit, below what a constant reaches", async () => {
  const settings = { family: "mlp", units: [32, 32], epochs: 40, batchSize: 32, optimizer: { learningRate: 0.01 } };
  const { outcome } = await trainHalves(settings, { data: "curve" });
  const best = outcome.kind === "finished" ? outcome.best! : null;
  expect(best!.values.r2).toBeGreaterThan(0.9);
  const { loss } = modelRecordSchema.parse(JSON.parse(server.artifacts.get("model/epoch-0040.json")!.toString()));
  expect(loss).toMatchObject({ name: "mse", kind: "meaningful" });
  const set = await setOf("curve");
  const targets = [...set.train.targets];
  const mean = targets.reduce((sum, y) => sum + y, 0) / targets.length;
  const variance = targets.reduce((sum, y) => sum + (y - mean) ** 2, 0) / targets.length;
  expect(loss.baseline! / variance).toBeGreaterThan(0.9);
  expect(loss.baseline! / variance).toBeLessThan(1.1);
  expect(best!.values.loss).toBeLessThan(0.1 * loss.baseline!);
});

const nets = [{ encoder: "residual", loss: "dice" }, {}, { encoder: "double" }, { loss: "cross_entropy_dice" }];

test.each(process.env.HOLDOUT_TEST_SLOW ? nets : nets.slice(0, 1))(
  "a U-Net with %o learns to tell ground from digits",
  async (model) => {
    const settings = {
      family: "unet",
      filters: [4, 8],
      epochs: 2,
      batchSize: 8,
      ...model,
      optimizer: { learningRate: 0.01 },
    };
    const { outcome } = await trainHalves(settings, { data: "mnist-scenes", subset: 160 });
    const values = outcome.kind === "finished" ? outcome.best!.values : null;
    expect(values!.pixel_accuracy).toBeGreaterThan(0.8); // the ground's share
    expect(values!.mean_iou).toBeGreaterThan(0.07); // nothing but ground: 0.075
    expect([...server.artifacts.keys()].join()).toMatch(/images\/predictions\/0000000(15|30)\.png/);
  },
);

test("augmentation is drawn by seed, epoch and sample: the same weights again, and others without it", async () => {
  const weights = async (augmentation: object) =>
    decodeSafetensors((await trainHalves({ family: "cnn", augmentation })).checkpoint!).tensors;
  const first = await weights({ shift: 1, flip: true, noise: 0.1 });
  expect(await weights({ shift: 1, flip: true, noise: 0.1 })).toEqual(first);
  expect(await weights({})).not.toEqual(first);
});

const recordOf = (epoch: number) =>
  modelRecordSchema.parse(JSON.parse(server.artifacts.get(modelRecordPath(epoch))!.toString()));

test("what is frozen is the same to the bit after training, batch norm's averages too, and the record proves it", async () => {
  await trainHalves({ family: "cnn", filters: [4, 8], batchNorm: true, freeze: ["encoder1"] });
  const { blocks, tensors } = recordOf(3);
  expect(blocks.map(({ name, state, origin }) => [name, state, origin])).toEqual([
    ["encoder1", "frozen", "new"],
    ["encoder2", "trained", "new"],
    ["head", "trained", "new"],
  ]);
  const frozen = tensors.filter(({ name }) => name.startsWith("encoder1"));
  expect(frozen.map(({ name }) => name.split("/").at(-1))).toContain("moving_mean");
  for (const { before, after, change } of frozen) expect([after, change]).toEqual([before, 0]);
  for (const { name, before, after } of tensors) if (!name.startsWith("encoder1")) expect(after, name).not.toBe(before);
});

test("a backbone is carried over to another task, frozen for the head's epochs and trained at a lower rate after", async () => {
  const encoder = { filters: [4, 8], batchNorm: true, encoder: "double" };
  const { checkpoint } = await trainHalves({ family: "cnn", ...encoder, epochs: 1 });
  const parent = decodeSafetensors(checkpoint!).tensors;
  await server.down();
  server = new TestServer();
  await server.up();
  const transfer = { run: "0199f3a2-1c00-7000-8000-0000000000aa", mode: "both", headEpochs: 1, fineTuningFactor: 0.5 };
  const settings = { family: "unet", ...encoder, transfer, epochs: 2, optimizer: { learningRate: 0.01 } };
  const whole = await trainHalves(settings, { data: "mnist-scenes", subset: 64, parent: checkpoint! });
  const first = decodeSafetensors(server.artifacts.get(checkpointPath(1))!).tensors;
  const carried = [...parent.keys()].filter((name) => name.startsWith("encoder"));
  expect(carried).toHaveLength(20); // four convolutions, and four of each normalisation
  for (const name of carried) expect(first.get(name), name).toEqual(parent.get(name));
  const second = decodeSafetensors(server.artifacts.get(checkpointPath(2))!).tensors;
  for (const name of carried) expect(second.get(name), name).not.toEqual(parent.get(name));
  expect(server.points("learning_rate", null).map(([, rate]) => rate)).toEqual([
    ...Array.from({ length: 6 }, () => 0.01),
    ...Array.from({ length: 6 }, () => 0.005),
  ]);
  expect(recordOf(2).blocks.map(({ name, origin, state }) => [name, origin, state])).toEqual([
    ["encoder1", "carried", "unfrozen"],
    ["encoder2", "carried", "unfrozen"],
    ["decoder1", "new", "trained"],
    ["head", "new", "trained"],
  ]);
  // a resume between the stages ends at the same weights
  const part = await trainHalves(settings, { data: "mnist-scenes", subset: 64, parent: checkpoint!, stopAtEpoch: 1 });
  const rest = await trainHalves(settings, {
    data: "mnist-scenes",
    subset: 64,
    parent: checkpoint!,
    restore: part.checkpoint!,
  });
  expect(decodeSafetensors(rest.checkpoint!)).toEqual(decodeSafetensors(whole.checkpoint!));
});

test("a backbone of another shape is refused by the layer's name, with both shapes", async () => {
  const { checkpoint } = await trainHalves({ family: "cnn", filters: [4], epochs: 1 });
  const transfer = { run: "0199f3a2-1c00-7000-8000-0000000000aa" };
  const start = (settings: object) => trainHalves({ transfer, ...settings }, { parent: checkpoint! });
  await expect(start({ family: "cnn", filters: [6] })).rejects.toThrow(
    /encoder1_convolution1\/kernel is \[3, 3, 1, 4\] in the checkpoint and \[3, 3, 1, 6\] in this model/,
  );
  await expect(start({ family: "cnn", filters: [4, 8] })).rejects.toThrow(
    "the checkpoint has no encoder2_convolution1/kernel: its backbone is encoder1",
  );
  await expect(start({ family: "mlp" })).rejects.toThrow("its backbone is encoder1, this model's hidden1");
});

test.each([
  [{ family: "unet" }, folder, "unet tells the class of each pixel"],
  [{ family: "cnn" }, "waves", "cnn reads images [height, width, channels]; waves has sequences"],
  [{ family: "rnn" }, "curve", "rnn reads sequences [steps, features] or images; curve has numbers of [1]"],
  [{ family: "mlp" }, "mnist-scenes", "mlp gives one answer a sample; mnist-scenes is for segmentation"],
  [{ family: "unet", filters: [2, 2, 2, 2, 2, 2] }, "mnist-scenes", "--preprocessing.pad 64,64 is right"],
  [{ family: "cnn", filters: [2, 2, 2] }, folder, "3 poolings halve 6×6 to nothing; at most 2 levels"],
  [{ expect: { input: [8, 8, 1] } }, folder, "the model is for [8, 8, 1], "],
  [{ expect: { classes: 10 } }, folder, "the model has 10 outputs"],
  [{ loss: "dice" }, folder, "dice is no loss of classification; cross_entropy, focal, hinge are"],
  [{ freeze: ["layer9"] }, folder, "the model has no block layer9; backbone, hidden1, head are right"],
  [{ freeze: ["hidden1", "head"] }, folder, "at least one block has to learn"],
  [{ preprocessing: { pad: [4, 4] } }, folder, "preprocessing.pad: [4, 4] is less than the images' [6, 6]"],
  [{ augmentation: { shift: 2 } }, "waves", "shift and flip are for images"],
  [{ earlyStopping: { metric: "r2", direction: "max" } }, folder, "r2 isn't measured in classification"],
])("a model %o for %s is refused before the first step, with what is right", async (settings, data, message) => {
  await expect(trainHalves(settings, { data })).rejects.toThrow(message);
  expect(server.points("loss")).toEqual([]);
});
