/**
 * The bootstrap of metrics that are functions of a confusion matrix: its cells are drawn anew, which has the law of drawing
 * samples and costs nothing for their number. Pure.
 */
import type { Jackknife } from "../intervals/bootstrap.ts";
import { counted, type Measured, type MeasuredOrCounted } from "../measured.ts";
import { bootstrapUnits, type Resampling, type Weights } from "../resampling/bootstrap.ts";
import { drawCounts, drawRange } from "../resampling/multinomial-draw.ts";
import { seededRandom } from "../resampling/random.ts";
import {
  addToMargins,
  type Confusion,
  clearMargins,
  emptyMargins,
  type HeldCells,
  heldCells,
  type Margins,
  marginsOf,
} from "./confusion.ts";

export type ConfusionMetric = (margins: Margins) => Measured | MeasuredOrCounted;

/** As a replicate: what it is counted as; NaN where it has no value. */
export const replicateOf = (value: Measured | MeasuredOrCounted): number =>
  typeof value === "number" ? value : "countsAs" in value ? counted(value) : Number.NaN;

/**
 * Replicates by metric, in the order given. `stratified` keeps the number of samples of each true class. Assumes that
 * samples are independent units.
 */
export function bootstrapConfusion(
  confusion: Confusion,
  { resamples, seed, stratified = false }: Resampling & { stratified?: boolean },
  metrics: ConfusionMetric[],
): Float64Array[] {
  const random = seededRandom(seed);
  const held = heldCells(confusion);
  const strata = stratified ? strataOf(held) : null;
  const drawn = new Float64Array(held.counts.length);
  const margins = emptyMargins(confusion.classes);
  const replicates = metrics.map(() => new Float64Array(resamples));
  for (let at = 0; at < resamples; at++) {
    if (strata) for (const stratum of strata) drawRange({ counts: held.counts, ...stratum }, random, drawn);
    else drawCounts(held.counts, random, drawn);
    clearMargins(margins);
    for (let cell = 0; cell < drawn.length; cell++)
      if (drawn[cell]! > 0) addToMargins(margins, held.rows[cell]!, held.columns[cell]!, drawn[cell]!);
    for (const [of, metric] of metrics.entries()) replicates[of]![at] = replicateOf(metric(margins));
  }
  return replicates;
}

/** Where the cells of each row begin and end, and what they hold. */
function strataOf({ rows, counts }: HeldCells): { from: number; to: number; total: number }[] {
  const strata: { from: number; to: number; total: number }[] = [];
  for (let at = 0; at < rows.length; at++) {
    const last = strata.at(-1);
    if (!last || rows[at] !== rows[at - 1]) strata.push({ from: at, to: at + 1, total: counts[at]! });
    else {
      last.to = at + 1;
      last.total += counts[at]!;
    }
  }
  return strata;
}

/** The metric without a sample of each cell in turn, for BCa: of the cells that hold one, row after row. */
export function jackknifeConfusion(confusion: Confusion, metric: ConfusionMetric): Jackknife {
  const { rows, columns, counts } = heldCells(confusion);
  const margins = marginsOf(confusion);
  const values = counts.map((_, cell) => {
    addToMargins(margins, rows[cell]!, columns[cell]!, -1);
    const value = replicateOf(metric(margins));
    addToMargins(margins, rows[cell]!, columns[cell]!, 1);
    return value;
  });
  return { values, counts };
}

/** How often each (group, truth, prediction) occurs, group after group: what whole groups are drawn from. */
export type GroupedCells = HeldCells & { classes: number; groups: number; starts: Uint32Array };

/** `group` is each sample's, in 0 … groups − 1. */
export function groupedCells(
  truth: ArrayLike<number>,
  prediction: ArrayLike<number>,
  { group, groups, classes }: { group: ArrayLike<number>; groups: number; classes: number },
): GroupedCells {
  const keys = new Float64Array(truth.length);
  for (let at = 0; at < truth.length; at++) keys[at] = (group[at]! * classes + truth[at]!) * classes + prediction[at]!;
  keys.sort();
  let distinct = 0;
  for (let at = 0; at < keys.length; at++) if (keys[at] !== keys[at - 1]) distinct++;
  const cells = {
    rows: new Uint32Array(distinct),
    columns: new Uint32Array(distinct),
    counts: new Float64Array(distinct),
  };
  const starts = new Uint32Array(groups + 1);
  let cell = -1;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at]!;
    if (key !== keys[at - 1]) {
      cell++;
      cells.rows[cell] = Math.floor(key / classes) % classes;
      cells.columns[cell] = key % classes;
      starts[Math.floor(key / classes / classes) + 1]!++;
    }
    cells.counts[cell]!++;
  }
  for (let at = 0; at < groups; at++) starts[at + 1]! += starts[at]!;
  return { classes, groups, starts, ...cells };
}

/** The same where samples of a group are not independent: whole groups are drawn. Assumes independent groups. */
export function bootstrapGroupedConfusion(
  cells: GroupedCells,
  { resamples, seed }: Resampling,
  metrics: ConfusionMetric[],
): Float64Array[] {
  const margins = emptyMargins(cells.classes);
  const replicates = metrics.map(() => new Float64Array(resamples));
  let at = 0;
  bootstrapUnits(cells.groups, { resamples, seed }, (weights: Weights) => {
    clearMargins(margins);
    for (let group = 0; group < weights.length; group++)
      if (weights[group]! > 0) addGroup(margins, cells, group, weights[group]!);
    for (const [of, metric] of metrics.entries()) replicates[of]![at] = replicateOf(metric(margins));
    at++;
    return 0;
  });
  return replicates;
}

/** Adds what a group holds, so many times. */
export function addGroup(
  margins: Margins,
  { starts, rows, columns, counts }: GroupedCells,
  group: number,
  times: number,
): void {
  for (let cell = starts[group]!; cell < starts[group + 1]!; cell++)
    addToMargins(margins, rows[cell]!, columns[cell]!, times * counts[cell]!);
}

/** The metric without each group in turn. */
export function jackknifeGroupedConfusion(cells: GroupedCells, metric: ConfusionMetric): Jackknife {
  const margins = emptyMargins(cells.classes);
  for (let group = 0; group < cells.groups; group++) addGroup(margins, cells, group, 1);
  return {
    values: Float64Array.from({ length: cells.groups }, (_, group) => {
      addGroup(margins, cells, group, -1);
      const value = replicateOf(metric(margins));
      addGroup(margins, cells, group, 1);
      return value;
    }),
  };
}
