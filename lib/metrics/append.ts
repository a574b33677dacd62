/** The way in for points: one batch, one transaction, one row; and the summaries that follow from it. */
import { createHash } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { batches, looks, manifests, series, writers } from "../../db/schema.ts";
import type { Actor } from "../access/actor.ts";
import { noticeRun } from "../live/notices.ts";
import { ProblemError } from "../problem.ts";
import { locateLivingRun, type RunPlace } from "../runs/runs.ts";
import { touchRun } from "../runs/status.ts";
import { type Batch, type BatchAnswer, encodeBatch } from "../wire.ts";
import { parseSeriesKey, partsOf, readParts, seriesKey } from "./batches.ts";
import { addSeries, isQuarantined, keyOf } from "./series-rows.ts";
import { type Columns, continues, emptySummary, extendSummary, resolve, type Summary } from "./summary.ts";

/**
 * Stores a batch once: the same (run, writer, sequence) again with the same points stores nothing and says so, with
 * other points it is a `conflict`. Returns after the commit. No batch is refused for a name or split: a test series is
 * kept, quarantined, and counted as a look.
 */
export async function appendBatch(actor: Actor, runId: string, batch: Batch): Promise<BatchAnswer> {
  const run = await locateLivingRun(actor, runId, "runs.log");
  const data = encodeBatch(batch);
  const hash = createHash("sha256").update(data).digest();
  const parts = partsOf(batch);
  const points = [...parts.values()].flat().reduce((sum, part) => sum + part.values.length, 0);
  const duplicate = await connections().db.transaction(async (tx) => {
    const writer = await requireWriter(tx, runId, batch.writer);
    const { sequence } = batch;
    const stored = await tx
      .insert(batches)
      .values({ runId, writer, sequence, points, hash, data })
      .onConflictDoNothing()
      .returning({ sequence: batches.sequence });
    await touchRun(tx, runId);
    if (stored.length === 0) {
      await requireSameBatch(tx, runId, writer, sequence, hash);
      return true;
    }
    await summarise(tx, actor, run, runId, parts);
    return false;
  });
  if (!duplicate) noticeRun(runId);
  const quarantined = [...parts.keys()].filter(isQuarantined);
  return { stored: !duplicate, duplicate, points, quarantined };
}

async function requireWriter(tx: Executor, runId: string, writer: string): Promise<number> {
  const [found] = await tx
    .select({ number: writers.number })
    .from(writers)
    .where(and(eq(writers.runId, runId), eq(writers.id, writer)));
  if (found) return found.number;
  throw new ProblemError("not-found", `writer ${writer} is not registered with this run`, [
    { field: "writer", detail: "POST it to /writers first" },
  ]);
}

async function requireSameBatch(tx: Executor, runId: string, writer: number, sequence: number, hash: Buffer) {
  const [there] = await tx
    .select({ hash: batches.hash })
    .from(batches)
    .where(and(eq(batches.runId, runId), eq(batches.writer, writer), eq(batches.sequence, sequence)));
  if (there && Buffer.from(there.hash).equals(hash)) return;
  throw new ProblemError("conflict", `sequence ${sequence} of this writer is stored already, with other points`, [
    { field: "sequence", detail: `${sequence} is taken; number each batch once, and retry it unchanged` },
  ]);
}

type StoredSummary = Summary & { key: string };

async function summarise(
  tx: Executor,
  actor: Actor,
  run: RunPlace,
  runId: string,
  parts: Map<string, Columns[]>,
): Promise<void> {
  const keys = [...parts.keys()].sort();
  const fresh = await addSeries(tx, runId, run.projectId, keys);
  await recordLooks(tx, actor, run, runId, fresh.filter(isQuarantined));
  const before = await lockSummaries(tx, runId, keys);
  const after: StoredSummary[] = [];
  const recount = new Set<string>();
  for (const key of keys) {
    const added = parts.get(key)!;
    let summary: Summary | null = before.get(key) ?? emptySummary;
    for (const part of added)
      summary = summary && continues(summary.stepLast, part) ? extendSummary(summary, part) : null;
    if (summary) after.push({ key, ...summary });
    else recount.add(key);
  }
  if (recount.size > 0)
    for (const [key, all] of await readParts(tx, runId, recount)) {
      const { overwrittenCount, ...columns } = resolve(all);
      after.push({ key, ...extendSummary(emptySummary, columns), overwrittenCount });
    }
  await storeSummaries(tx, runId, after);
}

async function lockSummaries(tx: Executor, runId: string, keys: string[]): Promise<Map<string, Summary>> {
  const rows = await tx
    .select()
    .from(series)
    .where(
      sql`${series.runId} = ${runId} and (${series.split}, ${series.metric}) in (
        select * from unnest(${sql.param(keys.map((key) => parseSeriesKey(key).split ?? "none"))}::text[],
          ${sql.param(keys.map((key) => parseSeriesKey(key).metric))}::text[]))`,
    )
    .orderBy(series.split, series.metric)
    .for("update");
  return new Map(rows.map((row) => [keyOf(row), row]));
}

async function storeSummaries(tx: Executor, runId: string, summaries: StoredSummary[]): Promise<void> {
  const names = summaries.map(({ key }) => parseSeriesKey(key));
  const column = (pick: (summary: Summary) => number | null) => sql.param(summaries.map(pick));
  await tx.execute(sql`
    update series s set count = u.count, non_finite_count = u.non_finite_count,
      overwritten_count = u.overwritten_count, step_last = u.step_last, last = u.last,
      min = u.min, min_step = u.min_step, max = u.max, max_step = u.max_step, sum = u.sum
    from unnest(
      ${sql.param(names.map(({ split }) => split ?? "none"))}::text[], ${sql.param(names.map(({ metric }) => metric))}::text[],
      ${column((s) => s.count)}::bigint[], ${column((s) => s.nonFiniteCount)}::bigint[],
      ${column((s) => s.overwrittenCount)}::bigint[], ${column((s) => s.stepLast)}::bigint[],
      ${column((s) => s.last)}::float8[], ${column((s) => s.min)}::float8[], ${column((s) => s.minStep)}::bigint[],
      ${column((s) => s.max)}::float8[], ${column((s) => s.maxStep)}::bigint[], ${column((s) => s.sum)}::float8[]
    ) as u (split, metric, count, non_finite_count, overwritten_count, step_last, last, min, min_step, max, max_step, sum)
    where s.run_id = ${runId} and s.split = u.split and s.metric = u.metric`);
}

/** Writes down, once a series, that a client logged test numbers as ordinary metrics. */
async function recordLooks(tx: Executor, actor: Actor, run: RunPlace, runId: string, keys: string[]): Promise<void> {
  if (keys.length === 0) return;
  const { projectId, manifestId } = run;
  const [manifest] = manifestId
    ? await tx.select({ testDigest: manifests.testDigest }).from(manifests).where(eq(manifests.id, manifestId))
    : [];
  await tx.insert(looks).values(
    keys.map((key) => ({
      id: uuidv7(),
      projectId,
      runId,
      manifestId,
      testDigest: manifest?.testDigest ?? null,
      kind: "logged" as const,
      actor: actor.name,
      reason: `logged as the metric ${seriesKey(parseSeriesKey(key))}`,
    })),
  );
}
