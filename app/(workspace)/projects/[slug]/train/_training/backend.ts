/** Which TensorFlow.js backend computes in this browser: the first that starts, and why not the ones before it. */
import type * as Core from "@tensorflow/tfjs-core";
import { type BackendName, type BackendTried, backendNames } from "./messages.ts";

/** Starts a backend, and resolves to why it is taken; rejects with why not. */
export type Start = () => Promise<string>;

/** Takes the first that starts. Throws, with every reason, where none does. */
export async function firstBackend(starts: Record<BackendName, Start>): Promise<BackendTried[]> {
  const tried: BackendTried[] = [];
  for (const name of backendNames) {
    try {
      tried.push({ name, taken: true, reason: await starts[name]() });
      return tried;
    } catch (error) {
      tried.push({ name, taken: false, reason: reasonOf(error) });
    }
  }
  throw new Error(tried.map(({ name, reason }) => `${name}: ${reason}`).join("; "));
}

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]!;

/** The backends of a browser's worker. `tf` is the core that they register with. */
export const browserBackends = (tf: typeof Core): Record<BackendName, Start> => ({
  webgl: async () => {
    const renderer = rendererOf();
    const isSoftware = /swiftshader|llvmpipe|software|basic render/i.test(renderer);
    if (isSoftware) throw new Error(`drawn by software (${renderer}), where WebAssembly is faster`);
    await import("@tensorflow/tfjs-backend-webgl");
    await use(tf, "webgl");
    return `WebGL, on ${renderer}`;
  },
  wasm: async () => {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(wasmFiles());
    await use(tf, "wasm");
    return "WebAssembly, on one core";
  },
  cpu: async () => {
    await import("@tensorflow/tfjs-backend-cpu");
    await use(tf, "cpu");
    return "plain JavaScript, which runs everywhere and is slow";
  },
});

async function use(tf: typeof Core, backend: BackendName): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js refused the backend ${backend}`);
  await tf.ready();
}

/** The name of what draws. Throws where nothing does. */
function rendererOf(): string {
  const gl = typeof OffscreenCanvas === "undefined" ? null : new OffscreenCanvas(1, 1).getContext("webgl2");
  if (!gl) throw new Error("this browser has no WebGL 2 in a worker");
  const more = gl.getExtension("WEBGL_debug_renderer_info");
  return String(gl.getParameter(more ? more.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

/**
 * The files that the library fetches, from this installation's own address. It wants to know all three; the one with threads
 * is for pages that are isolated by headers, which none is here.
 */
function wasmFiles(): Record<`tfjs-backend-wasm${"" | "-simd" | "-threaded-simd"}.wasm`, string> {
  const plain = new URL("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm", import.meta.url);
  const simd = new URL("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm", import.meta.url);
  const at = (file: URL): string => new URL(file, self.location.href).href;
  return {
    "tfjs-backend-wasm.wasm": at(plain),
    "tfjs-backend-wasm-simd.wasm": at(simd),
    "tfjs-backend-wasm-threaded-simd.wasm": at(simd),
  };
}
