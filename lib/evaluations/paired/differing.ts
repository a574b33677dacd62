/** The samples on which two models differ. Pure. */
import type { PairedRow } from "../../wire/evaluations/paired.ts";
import type { Evaluated } from "../measures/evaluated.ts";
import { imageIous } from "../measures/mask-metrics.ts";
import { smallest } from "../measures/worst.ts";

const ROWS_MAX = 200;

/** Null: of no classes. */
export function agreementWith(baseline: Evaluated, model: Evaluated): PairedRow["agreement"] {
  if (baseline.task !== "classification" || model.task !== "classification") return null;
  const counts = { bothRight: 0, onlyBaseline: 0, onlyModel: 0, bothWrong: 0 };
  for (const [at, label] of baseline.truth.entries()) {
    const [first, second] = [baseline.predicted[at] === label, model.predicted[at] === label];
    counts[first ? (second ? "bothRight" : "onlyBaseline") : second ? "onlyModel" : "bothWrong"]++;
  }
  return counts;
}

/** How good an answer is, by sample: 1 or 0 for a class, the size of the error below 0, an image's mean IoU. */
function goodness(evaluated: Evaluated): (sample: number) => number {
  if (evaluated.task === "segmentation") return imageIous(evaluated);
  const { truth, predicted } = evaluated;
  if (evaluated.task === "classification") return (at) => (truth[at] === predicted[at] ? 1 : 0);
  return (at) => -Math.abs(predicted[at]! - truth[at]!);
}

export function gainedAndLost(baseline: Evaluated, model: Evaluated): Pick<PairedRow, "gained" | "lost"> {
  const [of, to] = [goodness(model), goodness(baseline)];
  const gains = Float64Array.from({ length: baseline.samples }, (_, at) => of(at) - to(at));
  const answer = (evaluated: Evaluated, at: number, which: "truth" | "predicted") =>
    evaluated.task === "segmentation" ? null : evaluated[which][at]!;
  const rowsOf = (sign: 1 | -1): PairedRow["gained"] => {
    const ours = gains.map((gain) => (sign * gain > 0 ? -sign * gain : Number.NaN));
    return {
      total: ours.reduce((sum, gain) => (Number.isNaN(gain) ? sum : sum + 1), 0),
      rows: smallest(ours, ROWS_MAX).map(({ sample, figure }) => ({
        sample,
        truth: answer(baseline, sample, "truth"),
        baseline: answer(baseline, sample, "predicted"),
        model: answer(model, sample, "predicted"),
        figure: -figure,
      })),
    };
  };
  return { gained: rowsOf(1), lost: rowsOf(-1) };
}
