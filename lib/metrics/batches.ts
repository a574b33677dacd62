/** Reads stored batches back as the parts of series, in the order of writing. */
import { and, asc, eq } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { batches, writers } from "../../db/schema.ts";
import { type Batch, decodeBatch, type Split } from "../wire.ts";
import type { Columns } from "./summary.ts";

/** A series' name within a run. Its text form is `split/metric`, with `-` for no split. */
export type SeriesName = { split: Split | null; metric: string };
export const seriesKey = ({ split, metric }: SeriesName): string => `${split ?? "-"}/${metric}`;

export function parseSeriesKey(key: string): SeriesName {
  const slash = key.indexOf("/");
  const split = key.slice(0, slash);
  return { split: split === "-" ? null : (split as Split), metric: key.slice(slash + 1) };
}

/** The parts of each series of one batch, in their order, by `seriesKey`. */
export function partsOf(batch: Batch): Map<string, Columns[]> {
  const parts = new Map<string, Columns[]>();
  for (const { split, steps, times, metrics } of batch.groups)
    for (const [metric, values] of metrics) {
      const key = seriesKey({ split, metric });
      const known = parts.get(key);
      if (known) known.push({ steps, times, values });
      else parts.set(key, [{ steps, times, values }]);
    }
  return parts;
}

/** The parts of the wanted series of a run, in order of (attempt, writer's number, sequence, position). */
export async function readParts(tx: Executor, runId: string, wanted: Set<string>): Promise<Map<string, Columns[]>> {
  const rows = await tx
    .select({ data: batches.data })
    .from(batches)
    .innerJoin(writers, and(eq(writers.runId, batches.runId), eq(writers.number, batches.writer)))
    .where(eq(batches.runId, runId))
    .orderBy(asc(writers.attempt), asc(writers.number), asc(batches.sequence));
  const all = new Map<string, Columns[]>();
  for (const { data } of rows)
    for (const [key, parts] of partsOf(decodeBatch(data)))
      if (wanted.has(key)) all.set(key, [...(all.get(key) ?? []), ...parts]);
  return all;
}
