import type { Split } from "../wire/base/words.ts";
import type { Batch } from "../wire/batch.ts";
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
