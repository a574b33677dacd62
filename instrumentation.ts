/**
 * What a server does by itself: the clock by which silent runs are lost, lapsed trials end and candidates of loops go on, the
 * sweeps of files that crashes left, of predictions that nobody completed and of tries that are over, and what it learns of
 * requests that failed.
 */

const TICK_MS = 5_000;
const BLOBS_SWEPT_MS = 6 * 60 * 60_000;
const TRIES_SWEPT_MS = 60_000;

export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { markLostRuns } = await import("./lib/runs/status.ts");
  const { endLapsed } = await import("./lib/queue/lease.ts");
  const { settleCandidates } = await import("./lib/loops/settle.ts");
  const { sweepTries } = await import("./lib/access/throttle.ts");
  const { sweepBlobs } = await import("./lib/blobs/blobs.ts");
  const { dropAbandonedBatches } = await import("./lib/evaluations/receive.ts");
  const tick = attempt(markLostRuns, "the clock missed a tick");
  await tick();
  setInterval(() => void tick(), TICK_MS).unref();
  const lapsed = attempt(endLapsed, "trials that nobody holds were not ended");
  setInterval(() => void lapsed(), TICK_MS).unref();
  const candidates = attempt(settleCandidates, "candidates of loops were not brought on");
  setInterval(() => void candidates(), TICK_MS).unref();
  const blobs = attempt(sweepBlobs, "files were not swept");
  void blobs();
  setInterval(() => void blobs(), BLOBS_SWEPT_MS).unref();
  const predictions = attempt(dropAbandonedBatches, "predictions that nobody completed were not dropped");
  setInterval(() => void predictions(), BLOBS_SWEPT_MS).unref();
  const tries = attempt(sweepTries, "old tries were not swept");
  setInterval(() => void tries(), TRIES_SWEPT_MS).unref();
}

/** What a failure costs is one time: it is said, and the next goes on. */
const attempt =
  (work: () => Promise<unknown>, failed: string): (() => Promise<void>) =>
  async () => {
    const { logError } = await import("./lib/log.ts");
    await work().catch((error: unknown) => logError(failed, String(error)));
  };

/** An error of a page: its boundary asks the health answer for the reason. */
export async function onRequestError(error: unknown): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { noteFullDisk } = await import("./lib/health.ts");
  noteFullDisk(error);
}
