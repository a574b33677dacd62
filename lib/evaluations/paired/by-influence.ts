/** Differences of statistics that are no mean over samples: correlations, medians, the variance that is explained. Pure. */
import { normalTwoSided } from "../../statistics/distributions/normal.ts";
import { permutationP } from "../../statistics/hypothesis-tests/sign-flip.ts";
import { influenceVariance, normalInterval } from "../../statistics/intervals/influence.ts";
import type { Measured as Found, MeasuredOrCounted } from "../../statistics/measured.ts";
import { bootstrapUnits } from "../../statistics/resampling/bootstrap.ts";
import { seededRandom } from "../../statistics/resampling/random.ts";
import { ALPHA, interval, measured, RESAMPLES, resampledInterval } from "../measures/estimates.ts";
import { groupsOf, type Regressed } from "../measures/evaluated.ts";
import type { PairedDifference, PairedEngine } from "./pair.ts";

/** Up to so many independent units all is resampled; of more the normal law holds. */
const RESAMPLED_MAX = 200;
const PERMUTATIONS = 9_999;
const SLACK = 1e-12;

export type NumberStatistic = {
  of: (truth: Float64Array, predicted: Float64Array) => Found | MeasuredOrCounted;
  /** What each sample moves it, where it has a value. */
  influences: (truth: Float64Array, predicted: Float64Array) => Float64Array;
};

/**
 * The interval is that of what each sample moves the difference by, and so is the test; of few units it is of resamples of
 * units, and predictions change places by unit. That assumes that without a difference they could.
 */
export function influenceEngine(baseline: Regressed, statistic: NumberStatistic): PairedEngine {
  const { truth, predicted: theirs } = baseline;
  const groups = groupsOf(baseline);
  const base = measured(statistic.of(truth, theirs));
  return {
    baseline: base,
    isDiscordance: false,
    against: (model, seed): PairedDifference => {
      const ours = (model as Regressed).predicted;
      const value = measured(statistic.of(truth, ours));
      if (typeof value !== "number" || typeof base !== "number") {
        const none = { undefined: typeof value === "number" ? ("side-undefined" as const) : value.undefined };
        return { value, difference: none, interval: none, test: none };
      }
      const difference = value - base;
      const told = (none: "differences-zero" | "one-group" | "one-sample"): PairedDifference => {
        return { value, difference, interval: { undefined: none }, test: { undefined: none } };
      };
      if (ours.every((one, at) => one === theirs[at])) return told("differences-zero");
      const units = groups?.count ?? truth.length;
      if (units < 2) return told(groups === null ? "one-sample" : "one-group");
      if (units <= RESAMPLED_MAX) return { value, difference, ...resampled({ baseline, ours, statistic, seed }) };
      const moved = statistic.influences(truth, ours);
      const movedBase = statistic.influences(truth, theirs);
      const variance = influenceVariance(
        moved.map((one, at) => one - movedBase[at]!),
        groups,
      );
      if (!(variance > 0)) return told("differences-zero");
      return {
        value,
        difference,
        interval: interval(normalInterval(difference, variance, ALPHA), "normal"),
        test: { kind: "influence", p: normalTwoSided(difference / Math.sqrt(variance)) },
      };
    },
  };
}

type Resampled = { baseline: Regressed; ours: Float64Array; statistic: NumberStatistic; seed: number };

function resampled({ baseline, ours, statistic, seed }: Resampled): Pick<PairedDifference, "interval" | "test"> {
  const { truth, predicted: theirs } = baseline;
  const groups = groupsOf(baseline);
  const unitOf = (at: number) => groups?.of[at] ?? at;
  const units = groups?.count ?? truth.length;
  const numberOf = (y: Float64Array, predicted: Float64Array) => {
    const found = statistic.of(y, predicted);
    return typeof found === "number" ? found : Number.NaN;
  };
  const differenceOf = (y: Float64Array, a: Float64Array, b: Float64Array) => numberOf(y, a) - numberOf(y, b);
  const difference = differenceOf(truth, ours, theirs);
  const replicates = bootstrapUnits(units, { resamples: RESAMPLES, seed }, (weights) => {
    const drawn: number[] = [];
    for (let at = 0; at < truth.length; at++) for (let time = weights[unitOf(at)]!; time > 0; time--) drawn.push(at);
    const of = (column: Float64Array) => Float64Array.from(drawn, (at) => column[at]!);
    return differenceOf(of(truth), of(ours), of(theirs));
  });
  const random = seededRandom(seed);
  let asLarge = 0;
  for (let round = 0; round < PERMUTATIONS; round++) {
    const isSwapped = Uint8Array.from({ length: units }, () => (random() < 0.5 ? 1 : 0));
    const [a, b] = [Float64Array.from(ours), Float64Array.from(theirs)];
    for (let at = 0; at < a.length; at++) if (isSwapped[unitOf(at)] === 1) [a[at], b[at]] = [b[at]!, a[at]!];
    // without a value it counts against a difference
    if (!(Math.abs(differenceOf(truth, a, b)) < Math.abs(difference) - SLACK)) asLarge++;
  }
  return {
    interval: resampledInterval(difference, replicates),
    test: { kind: "swap", p: permutationP(asLarge, PERMUTATIONS) },
  };
}
