/** Differences of means over samples, and of functions of one mean. Pure. */
import { signFlipTest } from "../../statistics/hypothesis-tests/sign-flip.ts";
import { mean } from "../../statistics/moments.ts";
import { bootstrapMeans, jackknifeMeans, unitSums } from "../../statistics/resampling/means.ts";
import type { MeasuredInterval } from "../../wire/evaluations/measured.ts";
import { RESAMPLES, resampledInterval } from "../measures/estimates.ts";
import { type Evaluated, groupsAmong, groupsOf } from "../measures/evaluated.ts";
import { BOOTSTRAPPED_MAX, estimateMeans } from "../measures/mean-metrics.ts";
import type { PairedEngine } from "./pair.ts";

/**
 * `termsOf` says what is averaged, by sample, NaN where there is nothing; `of` turns the mean into the metric and grows. The
 * test flips the signs of differences by independent unit: of the terms, which differ in the mean where the metrics do.
 */
export function termsEngine<Task extends Evaluated>(
  baseline: Task,
  termsOf: (evaluated: Task) => Float64Array,
  of: ((mean: number) => number) | null = null,
): PairedEngine {
  const base = termsOf(baseline);
  const held = (terms: Float64Array) => terms.filter((value) => !Number.isNaN(value));
  const value = (terms: Float64Array) => {
    const ours = held(terms);
    return ours.length === 0 ? { undefined: "no-value" as const } : (of ?? ((one: number) => one))(mean(ours));
  };
  return {
    baseline: value(base),
    isDiscordance: false,
    against: (model, seed) => {
      const terms = termsOf(model as Task);
      const both = [...terms.keys()].filter((at) => !Number.isNaN(terms[at]!) && !Number.isNaN(base[at]!));
      const groups = groupsAmong(both, groupsOf(baseline));
      const columns = [terms, base].map((column) => Float64Array.from(both, (at) => column[at]!)) as [
        Float64Array,
        Float64Array,
      ];
      const pair = { columns, groups };
      const own = value(terms);
      if (both.length === 0) {
        const none = { undefined: "no-pair" as const };
        return { value: own, difference: none, interval: none, test: none };
      }
      const differences = columns[0].map((term, at) => term - columns[1][at]!);
      const difference = of === null ? mean(differences) : of(mean(columns[0])) - of(mean(columns[1]));
      const interval =
        of === null
          ? estimateMeans([differences], groups, seed)[0]!.interval
          : intervalOf(pair, { of, difference, seed });
      const flipped = signFlipTest(unitSums([differences], groups).sums[0]!, { seed });
      const test = "undefined" in flipped ? flipped : { kind: "sign-flip" as const, p: flipped.p };
      // where no sample tells them apart, nothing is resampled to anything else
      const same = differences.every((one) => one === 0);
      return { value: own, difference, interval: same ? { undefined: "differences-zero" } : interval, test };
    },
  };
}

type Pair = { columns: [Float64Array, Float64Array]; groups: ReturnType<typeof groupsAmong> };

/** Both means are of the same units drawn; of very many the difference of the means is carried through the slope. */
function intervalOf(
  { columns, groups }: Pair,
  { of, difference, seed }: { of: (mean: number) => number; difference: number; seed: number },
): MeasuredInterval {
  const units = groups?.count ?? columns[0].length;
  if (units < 2) return { undefined: groups === null ? "one-sample" : "one-group" };
  if (units > BOOTSTRAPPED_MAX) return carried(columns, { of, difference, groups, seed });
  const sums = unitSums(columns, groups);
  const along = ([a, b]: Float64Array[]) => a!.map((one, at) => of(one) - of(b![at]!));
  const replicates = along(bootstrapMeans(sums, { resamples: RESAMPLES, seed }));
  return resampledInterval(difference, replicates, { values: along(jackknifeMeans(sums)) });
}

function carried(
  columns: [Float64Array, Float64Array],
  {
    of,
    difference,
    groups,
    seed,
  }: { of: (mean: number) => number; difference: number; groups: Pair["groups"]; seed: number },
): MeasuredInterval {
  const slope = (at: number) => (of(at * (1 + 1e-6)) - of(at * (1 - 1e-6))) / (2e-6 * at);
  const slopes = columns.map((column) => slope(mean(column)));
  const centre = slopes.map((one, which) => one * mean(columns[which as 0 | 1]));
  const moved = columns[0].map(
    (term, at) => difference + slopes[0]! * term - centre[0]! - (slopes[1]! * columns[1][at]! - centre[1]!),
  );
  return estimateMeans([moved], groups, seed)[0]!.interval;
}
