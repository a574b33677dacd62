/** The points of one series under its client's name for it, a page at a time. Quarantined series have none. */
import type { Actor } from "../access/actor.ts";
import { listSeries } from "../metrics/list-series.ts";
import { readPoints } from "../metrics/read-points.ts";
import { STEP_MAX } from "../wire/base/words.ts";
import { seriesKey } from "../wire/points/series-name.ts";
import { plainKey, readSeriesKeys } from "./series-keys.ts";

export type HistoryPoint = { step: number; time: number; value: number };
/** `next`: the step from which the next page begins; null: there is none. */
export type HistoryPage = { points: HistoryPoint[]; next: number | null };

const nothing: HistoryPage = { points: [], next: null };
/** So wide that every point is raw. */
const EVERY_POINT_PX = 2 ** 40;

/** Up to `limit` points from a step on, in the order of steps. A series that isn't there has none. */
export async function readHistory(
  actor: Actor,
  runId: string,
  { key, from, limit }: { key: string; from: number; limit: number },
): Promise<HistoryPage> {
  const { series } = await listSeries(actor, runId);
  const names = (await readSeriesKeys([runId])).get(runId);
  const found = series.find((one) => (names?.get(seriesKey(one)) ?? plainKey(one)) === key);
  if (!found || found.count === 0 || from > found.stepLast) return nothing;
  const wanted = { runs: [runId], series: [seriesKey(found)], px: EVERY_POINT_PX, isUnwatched: true };
  // a window of so many steps holds that many points at most; where steps lie apart it grows until it is full
  for (let width = limit; ; width *= 4) {
    const to = Math.min(from + width - 1, found.stepLast, STEP_MAX);
    const [drawn] = await readPoints(actor, { ...wanted, from, to });
    const count = drawn?.steps.length ?? 0;
    if (count < limit && to < found.stepLast) continue;
    const points = Array.from({ length: Math.min(count, limit) }, (_, at) => ({
      step: drawn!.steps[at]!,
      time: drawn!.times[at]!,
      value: drawn!.values[at]!,
    }));
    const last = points.at(-1)?.step ?? found.stepLast;
    return { points, next: count > limit || to < found.stepLast ? last + 1 : null };
  }
}
