/**
 * What is due by the clock: silent runs are lost, lapsed trials end, candidates of loops go on; files that crashes left,
 * predictions that nobody completed and tries that are over are swept.
 */
import { setTimeout as delay } from "node:timers/promises";
import { sweepTries } from "../../lib/access/throttle.ts";
import { sweepBlobs } from "../../lib/blobs/blobs.ts";
import { dropAbandonedBatches } from "../../lib/evaluations/receive.ts";
import { logError } from "../../lib/log.ts";
import { settleCandidates } from "../../lib/loops/settle.ts";
import { endLapsed } from "../../lib/queue/lease.ts";
import { markLostRuns } from "../../lib/runs/status.ts";

const TICK_MS = 5_000;
const SWEPT_MS = 6 * 60 * 60_000;
const TRIES_SWEPT_MS = 60_000;

/** Each at once, and then again and again, until `signal` aborts. */
export const runClockUntil = (signal: AbortSignal): Promise<void> =>
  allUntil(signal, [
    { everyMs: TICK_MS, work: markLostRuns, failed: "the clock missed a tick" },
    { everyMs: TICK_MS, work: endLapsed, failed: "trials that nobody holds were not ended" },
    { everyMs: TICK_MS, work: settleCandidates, failed: "candidates of loops were not brought on" },
  ]);

export const sweepUntil = (signal: AbortSignal): Promise<void> =>
  allUntil(signal, [
    { everyMs: SWEPT_MS, work: sweepBlobs, failed: "files were not swept" },
    { everyMs: SWEPT_MS, work: dropAbandonedBatches, failed: "predictions that nobody completed were not dropped" },
    { everyMs: TRIES_SWEPT_MS, work: sweepTries, failed: "old tries were not swept" },
  ]);

type Clock = { everyMs: number; work: () => Promise<unknown>; failed: string };

async function allUntil(signal: AbortSignal, clocks: Clock[]): Promise<void> {
  await Promise.all(
    clocks.map(async ({ everyMs, work, failed }) => {
      while (!signal.aborted) {
        // what a failure costs is one time: it is said, and the next goes on
        await work().catch((error: unknown) => logError(failed, String(error)));
        await delay(everyMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }),
  );
}
