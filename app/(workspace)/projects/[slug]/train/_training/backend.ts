/** Which TensorFlow.js backend computes in this browser: the first that starts, and why not the ones before it. */
import { type BackendName, type BackendTried, backendNames } from "./messages.ts";
import { proveBackend } from "./prove-backend.ts";
import type { Tf } from "./train.ts";

/** Starts a backend, and resolves to why it is taken; rejects with why not. */
export type Start = () => Promise<string>;

/** Takes the forced backend, or the first that starts. Throws, with every reason, where none does. */
export async function firstBackend(
  starts: Record<BackendName, Start>,
  forced: BackendName | null = null,
): Promise<BackendTried[]> {
  const tried: BackendTried[] = [];
  for (const name of backendNames) {
    if (forced !== null && name !== forced) continue;
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

/** The backends of a browser's worker. `tf` is what they register with. One that is drawn by software is taken where it is forced. */
export const browserBackends = (tf: Tf, forced: BackendName | null): Record<BackendName, Start> => ({
  webgpu: async () => {
    const adapter = await adapterOf();
    if (forced !== "webgpu") refuseSoftware(adapter.name, adapter.isSoftware);
    await import("@tensorflow/tfjs-backend-webgpu");
    await use(tf, "webgpu");
    return `WebGPU, on ${adapter.name}`;
  },
  webgl: async () => {
    const renderer = rendererOf();
    if (forced !== "webgl") refuseSoftware(renderer);
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

/** Throws where the backend doesn't start, or computes otherwise than it should. */
async function use(tf: Tf, backend: BackendName): Promise<void> {
  if (!(await tf.core.setBackend(backend))) throw new Error(`TensorFlow.js refused the backend ${backend}`);
  await tf.core.ready();
  await proveBackend(tf);
}

function refuseSoftware(name: string, isSoftware = /swiftshader|llvmpipe|software|basic render/i.test(name)): void {
  if (isSoftware) throw new Error(`drawn by software (${name}), where WebAssembly is faster`);
}

/** What is read here of WebGPU, which not every browser has. */
type Gpu = { requestAdapter(options: { powerPreference: "high-performance" }): Promise<Adapter | null> };
type Adapter = { info: Record<"vendor" | "architecture" | "description", string> & { isFallbackAdapter?: boolean } };

/** The GPU that the library would take, by name. Throws where WebGPU has none. */
async function adapterOf(): Promise<{ name: string; isSoftware: boolean }> {
  const { gpu } = navigator as { gpu?: Gpu };
  if (!gpu) throw new Error("this browser has no WebGPU in a worker");
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("WebGPU finds no GPU");
  const { vendor, architecture, description, isFallbackAdapter = false } = adapter.info;
  const name = [vendor, architecture, description].filter((word) => word !== "").join(" ") || "a GPU without a name";
  return { name, isSoftware: isFallbackAdapter || /swiftshader|llvmpipe/i.test(name) };
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
