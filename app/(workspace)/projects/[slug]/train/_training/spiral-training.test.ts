import * as core from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import "@tensorflow/tfjs-backend-cpu";
import { expect, test } from "vitest";
import { browserDefaults } from "@/lib/runs/browser-settings.ts";
import { firstBackend } from "./backend.ts";
import type { Progress } from "./messages.ts";
import { nextRate } from "./next-rate.ts";
import { proveBackend } from "./prove-backend.ts";
import { makeSpirals } from "./spirals.ts";
import { train } from "./train.ts";

const short = { ...browserDefaults, hiddenUnits: 4, epochs: 2 };

async function trained(settings = short, whyStop: () => string | null = () => null) {
  await core.setBackend("cpu");
  const seen: Progress[] = [];
  const ending = await train({ core, layers }, settings, {
    onProgress: (one) => seen.push(one),
    rest: async () => {},
    whyStop,
  });
  return { seen, ending };
}

test("the same seed trains the same, another one otherwise, and no tensor stays behind", async () => {
  const before = core.memory().numTensors;
  const [one, same, other] = [await trained(), await trained(), await trained({ ...short, seed: 2 })];
  expect(same.seen).toEqual(one.seen);
  expect(other.seen).not.toEqual(one.seen);
  expect(one.ending).toEqual({ outcome: "finished", why: "" });
  expect(one.seen.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, step) => step));
  expect(one.seen.filter(({ validation }) => validation).map(({ step }) => step)).toEqual([19, 39]);
  expect(core.memory().numTensors).toBe(before);
});

test("ends where it is told to, and where the loss is no number", async () => {
  let left = 3;
  const stopped = await trained(short, () => (left-- > 0 ? null : "enough"));
  expect(stopped.seen).toHaveLength(4);
  expect(stopped.ending).toEqual({ outcome: "stopped", why: "enough" });
  const diverged = await trained({ ...short, optimizer: "sgd", learningRate: 1e30, epochs: 5 });
  expect(diverged.ending).toMatchObject({ outcome: "failed", why: expect.stringMatching(/^the loss is/) });
});

test("the samples are the same on every machine, half of each class, and those of validation are others", () => {
  const [one, again, validation] = [makeSpirals("train"), makeSpirals("train"), makeSpirals("validation")];
  expect(again).toEqual(one);
  expect(one.classes.reduce((sum, of) => sum + of, 0)).toBe(one.count / 2);
  const places = new Set(Array.from({ length: one.count }, (_, at) => one.inputs.subarray(2 * at, 2 * at + 2).join()));
  expect(places.size).toBe(one.count);
  for (let at = 0; at < validation.count; at++)
    expect(places).not.toContain(validation.inputs.subarray(2 * at, 2 * at + 2).join());
});

test("the first backend that starts is taken, and why not the ones before it is said", async () => {
  const fails = (why: string) => () => Promise.reject(new Error(why));
  const starts = {
    webgpu: fails("no adapter"),
    webgl: fails("no GPU"),
    wasm: async () => "one core",
    cpu: async () => "slow",
  };
  expect(await firstBackend(starts)).toEqual([
    { name: "webgpu", taken: false, reason: "no adapter" },
    { name: "webgl", taken: false, reason: "no GPU" },
    { name: "wasm", taken: true, reason: "one core" },
  ]);
  expect(await firstBackend(starts, "wasm")).toEqual([{ name: "wasm", taken: true, reason: "one core" }]);
  await expect(firstBackend(starts, "webgl")).rejects.toThrow(/^webgl: no GPU$/);
  const none = { webgpu: fails("a"), webgl: fails("b"), wasm: fails("c"), cpu: fails("d") };
  await expect(firstBackend(none)).rejects.toThrow("webgpu: a; webgl: b; wasm: c; cpu: d");
});

/** A backend of plain JavaScript, but for one kernel. */
async function broken(backendName: string, kernelFunc: core.KernelFunc | null): Promise<void> {
  core.copyRegisteredKernels("cpu", backendName);
  core.unregisterKernel("Relu", backendName);
  if (kernelFunc) core.registerKernel({ kernelName: "Relu", backendName, kernelFunc });
  core.registerBackend(backendName, () => core.findBackend("cpu"));
  await core.setBackend(backendName);
}

test("a backend whose kernel is missing or computes otherwise is told from one that computes as it should", async () => {
  await core.setBackend("cpu");
  await proveBackend({ core, layers });
  try {
    await broken("wrong", core.getKernel("Sigmoid", "cpu").kernelFunc);
    await expect(proveBackend({ core, layers })).rejects.toThrow(/computes wrongly: the first loss .* is \d.*, not \d/);
    await broken("missing", null);
    await expect(proveBackend({ core, layers })).rejects.toThrow(/Relu/);
  } finally {
    await core.setBackend("cpu");
  }
});

test("another learning rate is one that wasn't tried", () => {
  expect(nextRate([])).toBe(0.01);
  expect(nextRate([0.01])).toBe(0.003);
  expect(nextRate([0.01, 0.003, 0.03, 0.1, 0.001, 0.3])).toBeNull();
});
