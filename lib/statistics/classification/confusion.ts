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

export function marginsOf({ classes, cells }: Confusion): Margins {
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
