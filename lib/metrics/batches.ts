import type { Batch } from "../wire/batch.ts";
import { seriesKey } from "../wire/series-name.ts";
import type { Columns } from "./summary.ts";

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
