/** The confusion matrix: whole where it is small, else its fullest cells. Pure. */
import { confusionOf, heldCells, marginsOf } from "../../statistics/classification/confusion.ts";
import type { Classified, Segmented } from "../measures/evaluated.ts";
import { allPixels } from "../measures/mask-metrics.ts";
import { panelOf } from "./panel.ts";

/** So many cells beside the diagonal make a report of half a megabyte; a matrix of 141 classes has fewer. */
const MISTAKES_MAX = 20_000;

export const confusion = panelOf({
  name: "confusion",
  needs: ["classification", "segmentation"],
  make: (evaluated: Classified | Segmented) => {
    const { classes } = evaluated;
    const matrix =
      evaluated.task === "segmentation"
        ? allPixels(evaluated)
        : confusionOf(evaluated.truth, evaluated.predicted, classes.length);
    const { rows, columns, diagonal, total, right } = marginsOf(matrix);
    const held = heldCells(matrix);
    const wrong = [...held.counts.keys()].filter((at) => held.rows[at] !== held.columns[at]);
    // of equal ones the earlier row, then the earlier column, comes first
    const shown = wrong.sort((a, b) => held.counts[b]! - held.counts[a]! || a - b).slice(0, MISTAKES_MAX);
    const mistakes = shown.map((at): [number, number, number] => [held.rows[at]!, held.columns[at]!, held.counts[at]!]);
    return {
      classes,
      rows: [...rows],
      columns: [...columns],
      diagonal: [...diagonal],
      mistakes,
      left: {
        cells: wrong.length - mistakes.length,
        samples: total - right - mistakes.reduce((sum, [, , count]) => sum + count, 0),
      },
    };
  },
});
