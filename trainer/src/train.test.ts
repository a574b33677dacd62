import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Tensor } from "@tensorflow/tfjs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Backend, loadBackend } from "./backend.ts";
import { checkpointPath, keepLocally, readBest, readFacts, readLocal } from "./checkpoint.ts";
import { createRun } from "./client.ts";
import { parseSettings } from "./config.ts";
import { readImageSet } from "./data.ts";
import { createModel, seedDropout } from "./models.ts";
import { decodeSafetensors } from "./safetensors.ts";
import { splitImages } from "./split.ts";
import { writeHalves } from "./test-images.ts";
import { TestServer } from "./test-server.ts";
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

type Options = { restore?: Buffer; stopAtEpoch?: number; checkpointFolder?: string };

/** Trains on the halves; returns the outcome and the newest checkpoint. */
async function trainHalves(
  settings: object,
  { restore, stopAtEpoch, checkpointFolder = path.join(folder, `checkpoints-${trainings + 1}`) }: Options = {},
): Promise<{ outcome: Outcome; checkpoint: Buffer | null }> {
  const { training: config } = parseSettings({ epochs: 3, batchSize: 8, ...settings });
  const set = readImageSet(folder);
  const { samples } = splitImages(set, { seed: 1, subset: null, testSubset: null, validationFraction: 0.25 });
  const indexesOf = (split: string) =>
    Uint32Array.from(
      samples.filter((sample) => sample.split === split),
      ({ key }) => Number(key.split("/")[1]),
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
])("%o learns what tells the classes apart", async (model) => {
  const { outcome } = await trainHalves({ ...model, epochs: 6, optimizer: { name: "adam", learningRate: 0.01 } });
  expect(outcome).toMatchObject({ kind: "finished" });
  expect(outcome.kind === "finished" && outcome.best?.accuracy).toBeGreaterThan(0.9);
  const steps = server.points("loss").map(([step]) => step);
  expect(steps).toEqual(Array.from({ length: 36 }, (_, step) => step));
  expect(server.points("accuracy", "validation")).toHaveLength(6);
});

test.each(["lstm", "gru"])("the same seed gives the same weights to the bit with a %s", async (cell) => {
  const weights = async (seed: number) => (await trainHalves({ family: "rnn", cell, units: 8, seed })).checkpoint;
  const first = decodeSafetensors((await weights(4))!).tensors;
  expect(decodeSafetensors((await weights(4))!).tensors).toEqual(first);
  expect(decodeSafetensors((await weights(5))!).tensors).not.toEqual(first);
});

const optimizers = [{ name: "sgd" }, { name: "momentum" }, { name: "rmsprop" }, { name: "adam" }, { name: "adamw" }];

test.each(optimizers)(
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
    expect(server.points("loss").slice(-90)).toEqual(server.points("loss").slice(45, 135));
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
    const dropout = model.getLayer("dropout1");
    return (dropout.apply(tf.ones([1, 64]), { training: true }) as Tensor).dataSync().join();
  });
  expect(masks[1]).not.toBe(masks[0]);
  expect(masks[2]).toBe(masks[0]);
  model.dispose();
});

test("a plateau of the validation loss lowers the learning rate, after a resume as well", async () => {
  // at this rate the weights hardly move, and no epoch is better than the first by so much
  const settings = {
    ...{ family: "mlp", epochs: 4, optimizer: { name: "sgd", learningRate: 1e-6 } },
    schedule: { name: "plateau", patience: 1, minDelta: 0.5, factor: 0.5 },
  };
  const part = await trainHalves(settings, { stopAtEpoch: 2 });
  await trainHalves(settings, { restore: part.checkpoint! });
  const rates = server.points("learning_rate", null).map(([, rate]) => rate);
  expect(rates.filter((_, step) => step % 6 === 0)).toEqual([1e-6, 1e-6, 0.5e-6, 0.25e-6]);
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
  expect([...server.artifacts.keys()].sort()).toEqual(["best.safetensors", ...[1, 2, 3, 4].map(checkpointPath)]);
  expect(server.artifacts.get("best.safetensors")).toEqual(server.artifacts.get(checkpointPath(best!.epoch)));
  const validated = server.points("accuracy", "validation").map(([, accuracy]) => accuracy);
  expect(best?.accuracy).toBe(Math.max(...validated));
});

test("a disk that takes no checkpoint ends no training: the server has them all", async () => {
  const blocked = path.join(folder, "a-file");
  writeFileSync(blocked, "");
  const { outcome } = await trainHalves({ family: "mlp", epochs: 2 }, { checkpointFolder: path.join(blocked, "run") });
  const best = outcome.kind === "finished" ? outcome.best! : null;
  expect([...server.artifacts.keys()].sort()).toEqual(["best.safetensors", ...[1, 2].map(checkpointPath)]);
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
