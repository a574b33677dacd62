/**
 * The bootstrap of metrics that are functions of a confusion matrix: its cells are drawn anew, which has the law of drawing
 * samples and costs nothing for their number. Assumes that samples are independent units. Pure.
 */
import type { Jackknife } from "../intervals/bootstrap.ts";
import { counted, type Measured, type MeasuredOrCounted } from "../measured.ts";
import type { Resampling } from "../resampling/bootstrap.ts";
import { drawCounts, drawRange } from "../resampling/multinomial-draw.ts";
import { seededRandom } from "../resampling/random.ts";
import { type Confusion, marginsOf } from "./confusion.ts";

export type ConfusionMetric = (confusion: Confusion) => Measured | MeasuredOrCounted;

/** As a replicate: what it is counted as; NaN where it has no value. */
export const replicateOf = (value: Measured | MeasuredOrCounted): number =>
  typeof value === "number" ? value : "countsAs" in value ? counted(value) : Number.NaN;

/** Replicates by metric, in the order given. `stratified` keeps the number of samples of each true class. */
export function bootstrapConfusion(
  { classes, cells }: Confusion,
  { resamples, seed, stratified = false }: Resampling & { stratified?: boolean },
  metrics: ConfusionMetric[],
): Float64Array[] {
  const random = seededRandom(seed);
  const { rows } = marginsOf({ classes, cells });
  const drawn = { classes, cells: new Float64Array(classes * classes) };
  const replicates = metrics.map(() => new Float64Array(resamples));
  for (let at = 0; at < resamples; at++) {
    if (!stratified) drawCounts(cells, random, drawn.cells);
    else
      for (const [row, total] of rows.entries())
        drawRange({ counts: cells, from: row * classes, to: (row + 1) * classes, total }, random, drawn.cells);
    for (const [of, metric] of metrics.entries()) replicates[of]![at] = replicateOf(metric(drawn));
  }
  return replicates;
}

/** The metric without a sample of each cell in turn, for BCa. */
export function jackknifeConfusion({ classes, cells }: Confusion, metric: ConfusionMetric): Jackknife {
  const less = Float64Array.from(cells);
  const values = less.map((count, at) => {
    if (count === 0) return 0;
    less[at] = count - 1;
    const value = replicateOf(metric({ classes, cells: less }));
    less[at] = count;
    return value;
  });
  return { values, counts: Float64Array.from(cells) };
}
