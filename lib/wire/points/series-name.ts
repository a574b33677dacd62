/** The name of a series and its one text form. Without zod: the browser's charts use it. */
import type { Split } from "../base/words.ts";

/** The name of a series within a run; a split of null: the metric belongs to none. */
export type SeriesName = { split: Split | null; metric: string };

/** How a text says that there is no split. */
const NO_SPLIT = "-";

/** The text form of a name, as addresses, columns and keys have it: `train/loss`, `-/learningRate` without a split. */
export const seriesKey = ({ split, metric }: SeriesName): string => `${split ?? NO_SPLIT}/${metric}`;

/** A name as people read it: a metric without a split goes by its own. */
export const seriesWords = ({ split, metric }: SeriesName): string => (split === null ? metric : `${split}/${metric}`);

/** The name that `seriesKey` wrote. A metric may have slashes; a split has none. */
export function parseSeriesKey(key: string): SeriesName {
  const slash = key.indexOf("/");
  const split = key.slice(0, slash);
  return { split: split === NO_SPLIT ? null : (split as Split), metric: key.slice(slash + 1) };
}
