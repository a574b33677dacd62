/** The confusion matrix of one label a sample, and its margins. Pure. */
import { refuseNonClass, refuseSetting, refuseUnequalLengths } from "../inputs.ts";

/** Counts by truth (rows) and prediction (columns), row after row: `classes` × `classes` numbers. */
export type Confusion = { classes: number; cells: ArrayLike<number> };

/** Of samples whose truth and prediction are classes in 0 … classes − 1. */
export function confusionOf(truth: ArrayLike<number>, prediction: ArrayLike<number>, classes: number): Confusion {
  refuseSetting(Number.isInteger(classes) && classes > 0, "a confusion matrix needs a class");
  refuseUnequalLengths(truth, prediction, "truth and prediction");
  refuseNonClass(truth, classes, "true classes");
  refuseNonClass(prediction, classes, "predicted classes");
  const cells = new Float64Array(classes * classes);
  for (let at = 0; at < truth.length; at++) cells[truth[at]! * classes + prediction[at]!]!++;
  return { classes, cells };
}

export type Margins = {
  /** Samples by true class. */
  rows: Float64Array;
  /** Samples by predicted class. */
  columns: Float64Array;
  /** Right ones by class. */
  diagonal: Float64Array;
  total: number;
  right: number;
};

/** What metrics by label are functions of: margins do, and cost no more for many classes than the classes. */
export type Counts = Confusion | Margins;

export function marginsOf(counts: Counts): Margins {
  if ("rows" in counts) return counts;
  const { classes, cells } = counts;
  const rows = new Float64Array(classes);
  const columns = new Float64Array(classes);
  const diagonal = new Float64Array(classes);
  let [total, right] = [0, 0];
  for (let row = 0; row < classes; row++) {
    for (let column = 0; column < classes; column++) {
      const count = cells[row * classes + column]!;
      rows[row]! += count;
      columns[column]! += count;
      total += count;
    }
    diagonal[row] = cells[row * classes + row]!;
    right += diagonal[row]!;
  }
  return { rows, columns, diagonal, total, right };
}

/** Of no sample, to be added to. */
export const emptyMargins = (classes: number): Margins => ({
  rows: new Float64Array(classes),
  columns: new Float64Array(classes),
  diagonal: new Float64Array(classes),
  total: 0,
  right: 0,
});

export function clearMargins(margins: Margins): void {
  margins.rows.fill(0);
  margins.columns.fill(0);
  margins.diagonal.fill(0);
  margins.total = 0;
  margins.right = 0;
}

/** Adds `count` samples of one cell, or takes them off where it is below 0. */
export function addToMargins(margins: Margins, row: number, column: number, count: number): void {
  margins.rows[row]! += count;
  margins.columns[column]! += count;
  margins.total += count;
  if (row !== column) return;
  margins.diagonal[row]! += count;
  margins.right += count;
}

/** The cells that hold a sample, row after row. */
export type HeldCells = { rows: Uint32Array; columns: Uint32Array; counts: Float64Array };

export function heldCells({ classes, cells }: Confusion): HeldCells {
  const held: number[] = [];
  for (let at = 0; at < cells.length; at++) if (cells[at]! !== 0) held.push(at);
  return {
    rows: Uint32Array.from(held, (at) => Math.floor(at / classes)),
    columns: Uint32Array.from(held, (at) => at % classes),
    counts: Float64Array.from(held, (at) => cells[at]!),
  };
}
