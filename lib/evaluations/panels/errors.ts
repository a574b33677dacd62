/** What the failures are: the samples that say most, by their place. Pure. */
import { suspectedLabels } from "../../statistics/classification/label-errors.ts";
import { filled } from "../../statistics/filled.ts";
import { meanIou } from "../../statistics/segmentation/overlap.ts";
import type { ErrorListKind, Errors } from "../../wire/evaluations/errors.ts";
import type { Classified, Evaluated, Regressed, Segmented } from "../measures/evaluated.ts";
import { logLossTerms } from "../measures/probability-terms.ts";
import { largest, type Ranked, smallest } from "../measures/worst.ts";
import { panelOf, type Shared } from "./panel.ts";

const ROWS_MAX = 200;

type List = Errors["lists"][number];
type Answers = (sample: number) => { truth: number | null; predicted: number | null };

const listOf = (
  kind: ErrorListKind,
  ranked: Ranked,
  { total, answers }: { total: number; answers: Answers },
): List => ({
  kind,
  total,
  rows: ranked.map(({ sample, figure }) => ({ sample, ...answers(sample), figure })),
});

export const errors = panelOf({
  name: "errors",
  needs: ["classification", "regression", "segmentation"],
  make: (evaluated: Evaluated, shared) => {
    if (evaluated.task === "regression") return { lists: [ofNumbers(evaluated)] };
    if (evaluated.task === "segmentation") return { lists: [ofMasks(evaluated)] };
    return {
      lists:
        evaluated.probabilities === null ? [ofLabels(evaluated)] : ofScores(evaluated, evaluated.probabilities, shared),
    };
  },
});

const answersOf =
  ({ truth, predicted }: Classified | Regressed): Answers =>
  (sample) => ({ truth: truth[sample]!, predicted: predicted[sample]! });

function ofLabels(evaluated: Classified): List {
  const figures = filled(new Float64Array(evaluated.samples), (at) =>
    evaluated.truth[at] === evaluated.predicted[at] ? Number.NaN : 1,
  );
  const total = figures.filter((figure) => figure === 1).length;
  return listOf("wrong", smallest(figures, ROWS_MAX), { total, answers: answersOf(evaluated) });
}

function ofScores(evaluated: Classified, probabilities: ArrayLike<number>[], { validation, split }: Shared): List[] {
  const { truth, predicted, samples } = evaluated;
  const answers = answersOf(evaluated);
  const confidence = filled(new Float64Array(samples), (at) =>
    predicted[at] === truth[at] ? Number.NaN : probabilities[predicted[at]!]![at]!,
  );
  const wrong = confidence.filter((figure) => !Number.isNaN(figure)).length;
  const suspected = suspectedLabels(truth, probabilities).samples;
  const selfConfidence = new Float64Array(samples).fill(Number.NaN);
  for (const at of suspected) selfConfidence[at] = probabilities[truth[at]!]![at]!;
  const threshold = split === "test" ? (validation?.threshold ?? null) : null;
  return [
    listOf("confident-errors", largest(confidence, ROWS_MAX), { total: wrong, answers }),
    listOf("highest-loss", largest(logLossTerms(truth, probabilities), ROWS_MAX), { total: samples, answers }),
    listOf("near-threshold", smallest(distances(probabilities, samples, threshold), ROWS_MAX), {
      total: samples,
      answers,
    }),
    listOf("suspected-labels", smallest(selfConfidence, ROWS_MAX), { total: suspected.length, answers }),
  ];
}

/** Of two classes the distance from the threshold (.5 where none was chosen); of more that of the best two. */
function distances(probabilities: ArrayLike<number>[], samples: number, threshold: number | null): Float64Array {
  if (probabilities.length === 2)
    return filled(new Float64Array(samples), (at) => Math.abs(probabilities[1]![at]! - (threshold ?? 0.5)));
  return filled(new Float64Array(samples), (at) => {
    let [first, second] = [0, 0];
    for (const column of probabilities) {
      const p = column[at]!;
      if (p > first) [first, second] = [p, first];
      else if (p > second) second = p;
    }
    return first - second;
  });
}

function ofNumbers(evaluated: Regressed): List {
  const { truth, predicted, samples } = evaluated;
  const sizes = truth.map((target, at) => Math.abs(predicted[at]! - target));
  const ranked = largest(sizes, ROWS_MAX).map(({ sample }) => ({
    sample,
    figure: predicted[sample]! - truth[sample]!,
  }));
  return listOf("largest-errors", ranked, { total: samples, answers: answersOf(evaluated) });
}

function ofMasks({ images, samples }: Segmented): List {
  const figures = Float64Array.from(images, ({ pixels }) => {
    const value = meanIou(pixels);
    return typeof value === "number" ? value : Number.NaN;
  });
  const answers = () => ({ truth: null, predicted: null });
  return listOf("lowest-iou", smallest(figures, ROWS_MAX), { total: samples, answers });
}
