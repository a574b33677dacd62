/** The rows that name a run's series, and which of them are kept out of charts and tables. */

import { and, eq, max, sql } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { inPieces } from "../../db/pieces.ts";
import { manifests } from "../../db/schema/manifests.ts";
import { runs } from "../../db/schema/runs.ts";
import { series } from "../../db/schema/series.ts";
import { absentSplits } from "../manifests/absent-splits.ts";
import type { Split } from "../wire/base/words.ts";
import { isTestSeries, type Quarantine } from "../wire/points/series.ts";
import { parseSeriesKey } from "../wire/points/series-name.ts";
import { emptySummary } from "./points/extend-summary.ts";
import { keyOfRow, storedSplit } from "./stored-split.ts";

/**
 * Why the series of this `seriesKey` is kept out of charts and tables; null: it isn't. `absent` are the splits that the
 * run's manifest has no samples of.
 */
export function quarantineOf(key: string, absent: Split[]): Quarantine | null {
  const { split, metric } = parseSeriesKey(key);
  if (isTestSeries(split, metric)) return "test";
  return split !== null && absent.includes(split) ? "split-not-in-manifest" : null;
}

/** Makes the rows that a run lacks, numbered on from its last; returns the keys of those. One at a time for each run. */
export async function addSeries(tx: Executor, runId: string, projectId: string, keys: string[]): Promise<string[]> {
  const metrics = [...new Set(keys.map((key) => parseSeriesKey(key).metric))];
  const known = () =>
    tx
      .select({ split: series.split, metric: series.metric })
      .from(series)
      .where(and(eq(series.runId, runId), sql`${series.metric} = any(${sql.param(metrics)}::text[])`));
  const isNew = (rows: Awaited<ReturnType<typeof known>>) => {
    const there = new Set(rows.map(keyOfRow));
    return (key: string) => !there.has(key);
  };
  if (!keys.some(isNew(await known()))) return [];
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`series ${runId}`}, 0))`);
  const fresh = keys.filter(isNew(await known()));
  if (fresh.length === 0) return [];
  const [last] = await tx
    .select({ number: max(series.number) })
    .from(series)
    .where(eq(series.runId, runId));
  const first = (last?.number ?? 0) + 1;
  const [cited] = await tx
    .select({ absent: absentSplits })
    .from(runs)
    .leftJoin(manifests, eq(manifests.id, runs.manifestId))
    .where(eq(runs.id, runId));
  const isQuarantined = (key: string) => quarantineOf(key, cited?.absent ?? []) !== null;
  const rows = fresh.map((key, index) => {
    const { split, metric } = parseSeriesKey(key);
    const number = first + index;
    const quarantined = isQuarantined(key);
    return { runId, projectId, number, split: storedSplit(split), metric, quarantined, ...emptySummary };
  });
  for (const some of inPieces(rows)) await tx.insert(series).values(some);
  return fresh;
}
