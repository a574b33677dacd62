/**
 * What a server does by itself: the clock by which silent runs are lost, the sweep of files that crashes left, and what
 * it learns of requests that failed.
 */

const TICK_MS = 5_000;
const SWEEP_MS = 6 * 60 * 60_000;

export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { markLostRuns } = await import("./lib/runs/status.ts");
  const tick = () =>
    markLostRuns().catch((error: unknown) => console.error("holdout: the clock missed a tick:", String(error)));
  await tick();
  setInterval(() => void tick(), TICK_MS).unref();
  const { sweepBlobs } = await import("./lib/artifacts/blobs.ts");
  const sweep = () =>
    sweepBlobs().catch((error: unknown) => console.error("holdout: files were not swept:", String(error)));
  void sweep();
  setInterval(() => void sweep(), SWEEP_MS).unref();
}

/** An error of a page: its boundary asks the health answer for the reason. */
export async function onRequestError(error: unknown): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { noteFullDisk } = await import("./lib/health.ts");
  noteFullDisk(error);
}
