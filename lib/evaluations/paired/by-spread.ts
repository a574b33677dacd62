/** Differences of R², of which both sides are held against the same spread of the truth. Pure. */
import { signFlipTest } from "../../statistics/hypothesis-tests/sign-flip.ts";
import { influenceVariance, normalInterval } from "../../statistics/intervals/influence.ts";
import { mean } from "../../statistics/moments.ts";
import { rSquared } from "../../statistics/regression/explained.ts";
import { bootstrapMeans, jackknifeMeans, unitSums } from "../../statistics/resampling/means.ts";
import type { MeasuredInterval } from "../../wire/evaluations/measured.ts";
import { ALPHA, interval, measured, RESAMPLES, resampledInterval } from "../measures/estimates.ts";
import { groupsOf, type Regressed } from "../measures/evaluated.ts";
import { BOOTSTRAPPED_MAX } from "../measures/mean-metrics.ts";
import type { PairedEngine } from "./pair.ts";

/**
 * R² of the model less that of the baseline is the mean of what the squared errors differ by, over the variance of the
 * truth; both are drawn together. The test flips the signs of those differences by independent unit: where they are 0 in
 * the mean, so is the difference of R².
 */
export function spreadEngine(baseline: Regressed): PairedEngine {
  const { truth } = baseline;
  const groups = groupsOf(baseline);
  const base = measured(rSquared(truth, baseline.predicted));
  const centre = mean(truth);
  const [y, squares] = [truth.map((one) => one - centre), truth.map((one) => (one - centre) ** 2)];
  return {
    baseline: base,
    isDiscordance: false,
    against: (given, seed) => {
      const { predicted } = given as Regressed;
      const value = measured(rSquared(truth, predicted));
      if (typeof value !== "number" || typeof base !== "number") {
        const none = { undefined: typeof value === "number" ? ("side-undefined" as const) : value.undefined };
        return { value, difference: none, interval: none, test: none };
      }
      const gains = truth.map((target, at) => (baseline.predicted[at]! - target) ** 2 - (predicted[at]! - target) ** 2);
      const flipped = signFlipTest(unitSums([gains], groups).sums[0]!, { seed });
      const same = gains.every((one) => one === 0);
      return {
        value,
        difference: value - base,
        interval: same ? { undefined: "differences-zero" } : intervalOf({ gains, y, squares }, groups, seed),
        test: "undefined" in flipped ? flipped : { kind: "sign-flip", p: flipped.p },
      };
    },
  };
}

type Columns = { gains: Float64Array; y: Float64Array; squares: Float64Array };

/** Units are drawn with all that is theirs; of very many the ratio is carried through what each sample moves it. */
function intervalOf(
  { gains, y, squares }: Columns,
  groups: ReturnType<typeof groupsOf>,
  seed: number,
): MeasuredInterval {
  const units = groups?.count ?? gains.length;
  if (units < 2) return { undefined: groups === null ? "one-sample" : "one-group" };
  const [gain, spread] = [mean(gains), mean(squares)];
  const difference = gain / spread;
  if (units > BOOTSTRAPPED_MAX) {
    const moved = gains.map((one, at) => (one - gain) / spread - (difference / spread) * (squares[at]! - spread));
    return interval(normalInterval(difference, influenceVariance(moved, groups), ALPHA), "normal");
  }
  const along = ([gained, moved, squared]: Float64Array[]) =>
    gained!.map((one, at) => {
      const own = squared![at]! - moved![at]! ** 2;
      return own > 0 ? one / own : Number.NaN;
    });
  const sums = unitSums([gains, y, squares], groups);
  const replicates = along(bootstrapMeans(sums, { resamples: RESAMPLES, seed }));
  return resampledInterval(difference, replicates, { values: along(jackknifeMeans(sums)) });
}
