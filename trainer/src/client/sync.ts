/** Delivers what trainers left on disk when the server was out of reach. */

import { setTimeout as pause } from "node:timers/promises";
import { pauseAfter, Refused, type Unreachable } from "../../../lib/sending/answers.ts";
import { readWaiting, WriterDelivery } from "./delivery.ts";
import type { Target } from "./http.ts";
import { say } from "./say.ts";
import { listWriters, type WriterSpool } from "./spool.ts";

export type SyncReport = {
  /** Writers of which nothing is left here. */
  delivered: number;
  /** Writers that are still at work, and deliver their own. */
  alive: number;
  /** Runs that were delivered without their split manifest, and why the server refused it. */
  unmanifested: { run: string; why: string }[];
  /** Writers of which something stays here, and why; refused files are among them. */
  left: { run: string; writer: string; folder: string; why: string }[];
};

/**
 * Delivers every run, batch and end below `dir` under the writer and number that each had, so that what the server
 * has already isn't stored twice, and removes what it took. Tries again for a minute where the server doesn't answer.
 * May be repeated; never throws for what the server answers: `left` says what stays.
 */
export async function syncSpool(dir: string, target: Target): Promise<SyncReport> {
  const report: SyncReport = { delivered: 0, alive: 0, unmanifested: [], left: [] };
  for (const spool of listWriters(dir)) {
    if (spool.isAlive()) {
      report.alive++;
      continue;
    }
    const { why, manifestRefused } = await deliverWriter(spool, { ...target, url: target.url.replace(/\/+$/, "") });
    if (manifestRefused !== null) report.unmanifested.push({ run: spool.runId, why: manifestRefused });
    if (why === null) report.delivered++;
    else report.left.push({ run: spool.runId, writer: spool.writer, folder: spool.folder, why });
  }
  return report;
}

/** `why` is null when all of it is delivered and removed, else why not. */
async function deliverWriter(
  spool: WriterSpool,
  target: Target,
): Promise<{ why: string | null; manifestRefused: string | null }> {
  const waiting = readWaiting(spool);
  if (!waiting) return { why: "there is no writer.json that says whose points these are", manifestRefused: null };
  const delivery = new WriterDelivery(target, spool, waiting);
  const why = await deliverAll(delivery);
  return { why, manifestRefused: delivery.manifestRefused };
}

async function deliverAll(delivery: WriterDelivery): Promise<string | null> {
  const { spool } = delivery;
  const until = Date.now() + 60_000;
  for (let failures = 0; ; ) {
    try {
      if (await delivery.advance()) {
        failures = 0;
        continue;
      }
      await delivery.tellLost();
      spool.removeDelivered();
      return spool.remains() ? "the server refused what is left; see the .refused files" : null;
    } catch (error) {
      if (error instanceof Refused) return error.message;
      const wait = pauseAfter(error, ++failures);
      if (Date.now() + wait > until) return (error as Unreachable).message;
      if (failures === 1) say(`${(error as Unreachable).message}; trying for a minute`);
      await pause(wait);
    }
  }
}
