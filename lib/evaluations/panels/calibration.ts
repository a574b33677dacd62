/** Whether probabilities mean what they say. Pure. */
import { type Calibration, calibratedNull, calibrationError } from "../../statistics/classification/calibration.ts";
import { bootstrapCalibration } from "../../statistics/classification/calibration-bootstrap.ts";
import { equalMassCalibration } from "../../statistics/classification/equal-mass-calibration.ts";
import { fitTemperature } from "../../statistics/classification/temperature.ts";
import { wilsonInterval } from "../../statistics/intervals/proportion.ts";
import { mean } from "../../statistics/moments.ts";
import { seedOf } from "../../statistics/resampling/random.ts";
import type { CalibrationBin, CalibrationData } from "../../wire/evaluations/calibration.ts";
import { confidencesOf, logitsOf, tempered } from "../measures/confidences.ts";
import { ALPHA, measured, RESAMPLES, resampledInterval } from "../measures/estimates.ts";
import { type Classified, groupsOf } from "../measures/evaluated.ts";
import { brierTerms, logLossTerms } from "../measures/probability-terms.ts";
import { panelOf, type Shared } from "./panel.ts";

const BINS = 15;
const DRAWS = 200;

export const calibration = panelOf({
  name: "calibration",
  needs: ["classification"],
  make: (evaluated, shared) => {
    const { probabilities, truth } = evaluated;
    if (probabilities === null || shared.scores === null) return null;
    const { confidence, correct } = confidencesOf(evaluated, probabilities);
    const found = calibrationError(confidence, correct, { bins: BINS });
    const draw = {
      bins: BINS,
      resamples: RESAMPLES,
      seed: seedOf(shared.seed, "calibration"),
      groups: groupsOf(evaluated),
    };
    const calibrated = calibratedNull(confidence, {
      bins: BINS,
      draws: DRAWS,
      seed: seedOf(shared.seed, "calibrated"),
    });
    return {
      bins: found.bins.map(binOf),
      ece: {
        value: measured(found.ece),
        interval: resampledInterval(found.ece, bootstrapCalibration(confidence, correct, draw)),
      },
      mce: measured(found.mce),
      calibrated: { mean: measured(calibrated.mean), p95: measured(calibrated.p95), draws: DRAWS },
      adaptiveEce: measured(equalMassCalibration(confidence, correct, BINS).ece),
      classwise: shared.scores.classwise ?? { undefined: "too-few-samples" },
      logLoss: mean(logLossTerms(truth, probabilities)),
      brier: mean(brierTerms(truth, probabilities)),
      temperature: temperatureOf(evaluated, probabilities, shared),
    };
  },
});

function binOf({ index, count, confidence, accuracy }: Calibration["bins"][number]): CalibrationBin {
  const [low, high] = wilsonInterval(Math.round(accuracy * count), count, ALPHA);
  return { from: index / BINS, to: (index + 1) / BINS, samples: count, confidence, accuracy, low, high };
}

/** On validation it is fitted; on test the one of validation is applied, and none is fitted. */
function temperatureOf(
  evaluated: Classified,
  probabilities: ArrayLike<number>[],
  { split, validation }: Shared,
): CalibrationData["temperature"] {
  if (split === "test" && validation?.temperature == null) return null;
  const logits = logitsOf(evaluated, probabilities);
  const value = split === "test" ? validation!.temperature! : fitTemperature(evaluated.truth, logits);
  const fittedOn = split === "test" ? "validation" : "here";
  if (typeof value !== "number") return { fittedOn, value, bins: [], ece: value, logLoss: value, brier: value };
  const { confidence, correct, logLoss, brier } = tempered(evaluated, logits, value);
  const { ece, bins } = calibrationError(confidence, correct, { bins: BINS });
  return { fittedOn, value, bins: bins.map(binOf), ece: measured(ece), logLoss, brier };
}
