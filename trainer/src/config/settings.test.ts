import fc from "fast-check";
import { expect, test } from "vitest";
import { type BackendName, type Load, loadBackend, NoBackend } from "../backend/backend.ts";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../model/safetensors.ts";
import { parseSettings, setPath } from "./settings.ts";
import { defaultName } from "./training.ts";

test("defaults are recorded, the optimizer's own parameters too", () => {
  const { training } = parseSettings({ family: "cnn", optimizer: { name: "momentum" } });
  expect(training).toEqual({
    family: "cnn",
    filters: [8, 16],
    encoder: "plain",
    batchNorm: false,
    dropout: 0,
    loss: null,
    preprocessing: { resize: null, pad: null, normalise: "standardise" },
    augmentation: { shift: 0, flip: false, noise: 0 },
    freeze: [],
    transfer: null,
    expect: { input: null, classes: null },
    optimizer: { name: "momentum", learningRate: 0.05, momentum: 0.9, nesterov: false },
    schedule: { name: "constant", warmupSteps: 0 },
    clipNorm: null,
    earlyStopping: null,
    batchSize: 64,
    epochs: 3,
    steps: null,
    seed: 1,
  });
  expect(defaultName(training)).toBe("cnn momentum 0.05 ×64");
});

test.each([
  [{ learningRate: 0.1 }, "learningRate"],
  [{ optimizer: { name: "adam", momentum: 0.9 } }, "momentum"],
  [{ batchSize: 0 }, "batchSize"],
  [{ family: "transformer" }, "family"],
  [{ family: "mlp", filters: [8] }, "filters"],
  [{ optimizer: { name: "sgd", learningRate: -1 } }, "optimizer.learningRate"],
  [{ validationFraction: 1 }, "validationFraction"],
  [{ schedule: { name: "cosine", everySteps: 3 } }, "everySteps"],
  [{ schedule: { name: "step" } }, "schedule.everySteps"],
  [{ earlyStopping: { metric: "loss" } }, "earlyStopping.direction"],
  [{ loss: "l2" }, "loss"],
  [{ transfer: { mode: "both" } }, "transfer.run"],
  [{ preprocessing: { resize: [28] } }, "preprocessing.resize"],
])("%o is refused by the name %s", (given, name) => {
  expect(() => parseSettings(given)).toThrow(name);
});

test("an optimizer that isn't named is Adam, and its parameters count", () => {
  const { training } = parseSettings({ optimizer: { learningRate: 0.02 } });
  expect(training.optimizer).toMatchObject({ name: "adam", learningRate: 0.02, beta1: 0.9 });
});

test("one layer may be given as a number", () => {
  expect(parseSettings({ family: "mlp", units: 32 }).training).toMatchObject({ units: [32] });
  expect(parseSettings({ family: "cnn", filters: 4 }).training).toMatchObject({ filters: [4] });
});

test("flags make nested settings: numbers, lists and text", () => {
  const settings = {};
  setPath(settings, "optimizer.learningRate", "0.1");
  setPath(settings, "optimizer.name", "sgd");
  setPath(settings, "units", "128,64");
  setPath(settings, "data", "/images");
  expect(settings).toEqual({ optimizer: { learningRate: 0.1, name: "sgd" }, units: [128, 64], data: "/images" });
});

/** Loads what is really here, and fails for the rest as Node does, or as a broken native library does. */
const loading =
  (here: string[], broken: Record<string, string> = {}): Load =>
  async (module) => {
    if (broken[module]) throw new Error(broken[module]);
    if (here.includes(module)) return import(module);
    throw Object.assign(new Error(`Cannot find package '${module}'`), { code: "ERR_MODULE_NOT_FOUND" });
  };
const wasm = "@tensorflow/tfjs-backend-wasm";

test("the first backend that loads is taken, and each before it says why not", async () => {
  const broken = { "@tensorflow/tfjs-node": "libtensorflow.so.2: cannot open shared object file\nmore" };
  const { name, tried, reproducible } = await loadBackend(null, loading(["@tensorflow/tfjs", wasm], broken));
  expect([name, reproducible]).toEqual(["wasm", true]);
  expect(tried.map(({ name, taken, reason }) => [name, taken, reason.slice(0, 30)])).toEqual(
    [
      ["tfjs-node-gpu", false, "not installed"],
      ["tfjs-node", false, "libtensorflow.so.2: cannot ope"],
      ["wasm", true, "WebAssembly on one core"],
    ].map(([name, taken, reason]) => [name, taken, expect.stringContaining(String(reason).slice(0, 22))]),
  );
});

/** Stands in for TensorFlow's native library, which takes its name: the plain backend, with a GPU or without. */
const native =
  (isUsingGpuDevice: boolean): Load =>
  async (module) => {
    const tf = await import("@tensorflow/tfjs");
    if (!module.startsWith("@tensorflow/tfjs-node")) return tf;
    await tf.setBackend("cpu");
    const plain = tf.backend();
    tf.registerBackend("tensorflow", () => Object.create(plain, { isUsingGpuDevice: { value: isUsingGpuDevice } }));
    return {};
  };

test.each([
  [true, ["tfjs-node-gpu: a GPU, through TensorFlow's own library"]],
  [false, ["tfjs-node-gpu: its native library loads, but finds no GPU", "tfjs-node: "]],
])("the native library is taken where it loads, and on a GPU where there is one: %s", async (hasGpu, said) => {
  try {
    const { name, tried, reproducible } = await loadBackend(null, native(hasGpu));
    expect([name, reproducible]).toEqual([hasGpu ? "tfjs-node-gpu" : "tfjs-node", false]);
    const lines = tried.map((one) => `${one.name}: ${one.reason}`);
    expect(lines).toEqual(said.map((line) => expect.stringContaining(line)));
  } finally {
    const tf = await import("@tensorflow/tfjs");
    await tf.setBackend("cpu");
    tf.engine().removeBackend("tensorflow");
  }
});

test("plain JavaScript is there where nothing else is", async () => {
  expect((await loadBackend(null, loading(["@tensorflow/tfjs"]))).name).toBe("cpu");
});

test.each<BackendName>(["cpu", "wasm"])("%s is taken where it is forced", async (forced) => {
  expect((await loadBackend(forced)).name).toBe(forced);
});

test("a forced backend that doesn't load is an error, not another backend", async () => {
  await expect(loadBackend("wasm", loading(["@tensorflow/tfjs"]))).rejects.toThrow(NoBackend);
});

test("safetensors read back as written, and a cut file is refused", () => {
  const tensor: fc.Arbitrary<StoredTensor> = fc
    .tuple(fc.array(fc.float({ noNaN: true }), { maxLength: 9 }), fc.boolean())
    .map(([values, integer]) => ({
      shape: [values.length],
      values: integer ? Int32Array.from(values) : Float32Array.from(values),
    }));
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[a-z/]{1,8}$/), tensor),
      fc.dictionary(fc.constantFrom("a", "b"), fc.string()),
      (tensors, metadata) => {
        const file = encodeSafetensors({ tensors: new Map(Object.entries(tensors)), metadata });
        const read = decodeSafetensors(file);
        expect(read.tensors).toEqual(new Map(Object.entries(tensors)));
        expect(read.metadata).toEqual({ ...metadata });
        expect(() => decodeSafetensors(file.subarray(0, 8))).toThrow();
      },
    ),
    { seed: 2 },
  );
});
