/** Which TensorFlow.js backend computes: the first of a list that loads, and why not the ones before it. */

import { cpus } from "node:os";
import type { Tf } from "./tf.ts";
import { registerKernels } from "./wasm-kernels.ts";

/** In order of preference. */
export const backendNames = ["tfjs-node-gpu", "tfjs-node", "wasm", "cpu"] as const;
export type BackendName = (typeof backendNames)[number];

export type BackendAttempt = { name: BackendName; taken: boolean; reason: string };
export type Backend = {
  name: BackendName;
  tf: Tf;
  tried: BackendAttempt[];
  /** Whether the same seed gives the same bits. */
  reproducible: boolean;
};
/** Loads a module by name; rejects where it isn't there or doesn't load. */
export type Load = (module: string) => Promise<unknown>;

const load: Load = (module) => import(module);

/** Takes the forced backend, or the first that loads. Throws, with every reason, where none does. */
export async function loadBackend(forced: BackendName | null = null, loadModule = load): Promise<Backend> {
  const tf = (await loadModule("@tensorflow/tfjs")) as Tf;
  tf.enableProdMode();
  const tried: BackendAttempt[] = [];
  for (const name of backendNames) {
    if (forced !== null && name !== forced) continue;
    try {
      const reason = await start[name](tf, loadModule);
      tried.push({ name, taken: true, reason });
      return { name, tf, tried, reproducible: name === "wasm" || name === "cpu" };
    } catch (error) {
      tried.push({ name, taken: false, reason: firstLine(error) });
    }
  }
  throw new NoBackend(tried);
}

/** None of the backends that were allowed loads. */
export class NoBackend extends Error {
  constructor(readonly tried: BackendAttempt[]) {
    super(`no backend loads: ${tried.map(({ name, reason }) => `${name} (${reason})`).join("; ")}`);
    this.name = "NoBackend";
  }
}

const start: Record<BackendName, (tf: Tf, loadModule: Load) => Promise<string>> = {
  "tfjs-node-gpu": async (tf, loadModule) => {
    await loadModule("@tensorflow/tfjs-node-gpu");
    await use(tf, "tensorflow");
    const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean };
    if (!isUsingGpuDevice) throw new Error("its native library loads, but finds no GPU");
    return "a GPU, through TensorFlow's own library";
  },
  "tfjs-node": async (tf, loadModule) => {
    await loadModule("@tensorflow/tfjs-node");
    await use(tf, "tensorflow");
    return `${cpus().length} cores, through TensorFlow's own library`;
  },
  wasm: async (tf, loadModule) => {
    await loadModule("@tensorflow/tfjs-backend-wasm");
    await use(tf, "wasm");
    const added = registerKernels(tf);
    return `WebAssembly on one core${added.length > 0 ? `, with our own ${added.join(" and ")}` : ""}`;
  },
  cpu: async (tf) => {
    await use(tf, "cpu");
    return "plain JavaScript, which runs everywhere and is slow";
  },
};

async function use(tf: Tf, backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js refused the backend ${backend}`);
  await tf.ready();
}

function firstLine(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") return "not installed";
  return (message ?? String(error)).split("\n", 1)[0] ?? "unknown";
}
