/** The way in for points: a batch becomes one row, stored once, and is acknowledged after the commit. */

import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { writers } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { authorise, reachesRun } from "../access/permissions.ts";
import { BoundedMap } from "../bounded-map.ts";
import { counters } from "../counters.ts";
import { noticeRun } from "../live/notices.ts";
import { isWatched } from "../live/watched.ts";
import { recordLooks } from "../looks/looks.ts";
import { ProblemError } from "../problem.ts";
import { locateLivingRun, type RunPlace } from "../runs/runs.ts";
import { touchRun } from "../runs/status.ts";
import { type Batch, type BatchAnswer, encodeBatch, firstFormOf } from "../wire/points/batch.ts";
import { seriesKey } from "../wire/points/series-name.ts";
import { addSeries, quarantineOf } from "./add-series.ts";
import { insertBatch } from "./insert-batches.ts";

/**
 * Stores a batch once: the same (run, writer, sequence) again stores nothing and says so; with other points it is a
 * `conflict`. Returns after the commit. No batch is refused for a name or split: a
 * test series is kept, quarantined, and counted as a look; one of a split that the run's manifest lacks is quarantined.
 */
export async function appendBatch(actor: Actor, runId: string, batch: Batch): Promise<BatchAnswer> {
  try {
    return await append(actor, runId, batch);
  } catch (error) {
    counters().batches.inc({ outcome: "refused" });
    throw error;
  }
}

async function append(actor: Actor, runId: string, batch: Batch): Promise<BatchAnswer> {
  const run = await placeOf(actor, runId);
  const { writer, sequence } = batch;
  const points = pointsIn(batch);
  const reasons = keysOf(batch).map((key) => ({ key, reason: quarantineOf(key, run.absentSplits) }));
  const quarantined = reasons.flatMap(({ key, reason }) => (reason ? [key] : []));
  const tests = reasons.flatMap(({ key, reason }) => (reason === "test" ? [key] : []));
  if (tests.length > 0) await lookOnce(actor, run, runId, writer, tests);
  const { data, hash } = packBatch(batch);
  const outcome = await insertBatch({ runId, writer, sequence, points, hash, data });
  if (outcome.kind === "unknown") {
    forgetPlace(runId);
    await locateLivingRun(actor, runId, "points.log");
    throw unknownWriter(writer);
  }
  if (outcome.kind === "conflict")
    throw new ProblemError("conflict", `sequence ${sequence} of this writer is stored already, with other points`, [
      { field: "sequence", detail: `${sequence} is taken; number each batch once, and retry it unchanged` },
    ]);
  if (outcome.isLost || isTouchDue(runId)) await touchRun(connections().db, runId);
  const stored = outcome.kind === "stored";
  countBatch(stored, points, data.byteLength);
  if (stored) noticeRun(runId);
  return { stored, duplicate: !stored, points, quarantined, watched: isWatched(runId) };
}

export const pointsIn = ({ groups }: Batch): number =>
  groups.reduce((sum, group) => sum + group.steps.length * group.metrics.size, 0);

/** A batch as it is stored, and the hash by which it is known again. */
export function packBatch(batch: Batch): { data: Uint8Array; hash: Buffer } {
  const data = encodeBatch(batch);
  const hash = createHash("sha256");
  for (const part of firstFormOf(data)) hash.update(part);
  return { data, hash: hash.digest() };
}

export function countBatch(stored: boolean, points: number, bytes: number): void {
  const counted = counters();
  counted.batches.inc({ outcome: stored ? "stored" : "duplicate" });
  if (!stored) return;
  counted.points.inc(points);
  counted.bytes.inc(bytes);
}

const unknownWriter = (writer: string) =>
  new ProblemError("not-found", `writer ${writer} is not registered with this run`, [
    { field: "writer", detail: "POST it to /writers first" },
  ]);

/** How long what was read of a run is taken for true; the insert itself asks whether the run has been deleted. */
const REMEMBERED_MS = 4_000;
const REMEMBERED_MAX = 10_000;
const places = new BoundedMap<string, { place: RunPlace; until: number }>(REMEMBERED_MAX);
const forgetPlace = (runId: string) => void places.delete(runId);

async function placeOf(actor: Actor, runId: string): Promise<RunPlace> {
  const known = places.get(runId);
  if (known && reachesRun(actor, { id: runId, projectId: known.place.projectId }) && known.until > Date.now()) {
    authorise(actor, "points.log", known.place.projectId);
    return known.place;
  }
  const place = await locateLivingRun(actor, runId, "points.log");
  places.set(runId, { place, until: Date.now() + REMEMBERED_MS });
  return place;
}

/** Runs are marked as alive at most this often from here: a run is lost after a minute. */
const TOUCH_MS = 5_000;
const touched = new BoundedMap<string, number>(REMEMBERED_MAX);

function isTouchDue(runId: string): boolean {
  const now = performance.now();
  if (now - (touched.get(runId) ?? Number.NEGATIVE_INFINITY) < TOUCH_MS) return false;
  touched.set(runId, now);
  return true;
}

function keysOf({ groups }: Batch): string[] {
  const keys = groups.flatMap(({ split, metrics }) =>
    [...metrics.keys()].map((metric) => seriesKey({ split, metric })),
  );
  return [...new Set(keys)];
}

/** Series whose look is written down already. */
const counted = new BoundedMap<string, true>(REMEMBERED_MAX);

/** Writes down, once a series and before its first points, that a client logged test numbers as ordinary metrics. */
async function lookOnce(actor: Actor, run: RunPlace, runId: string, writer: string, keys: string[]): Promise<void> {
  if (keys.every((key) => counted.has(`${runId} ${key}`))) return;
  await connections().db.transaction(async (tx) => {
    const [known] = await tx
      .select({ number: writers.number })
      .from(writers)
      .where(and(eq(writers.runId, runId), eq(writers.id, writer)));
    if (!known) throw unknownWriter(writer);
    const fresh = await addSeries(tx, runId, run.projectId, keys);
    const { projectId, manifestId } = run;
    await recordLooks(tx, actor, { projectId, runId, manifestId }, { kind: "logged", reasons: fresh });
  });
  for (const key of keys) counted.set(`${runId} ${key}`, true);
}
