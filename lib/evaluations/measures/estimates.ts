/** Numbers with their intervals, in the words of the wire. Pure. */

import { filled } from "../../statistics/filled.ts";
import { bootstrapIntervals, type Jackknife } from "../../statistics/intervals/bootstrap.ts";
import { type Groups, influenceVariance, logitInterval } from "../../statistics/intervals/influence.ts";
import { wilsonInterval } from "../../statistics/intervals/proportion.ts";
import {
  type Measured as Found,
  type MeasuredInterval as FoundInterval,
  isUndefined,
  type MeasuredOrCounted,
} from "../../statistics/measured.ts";
import type { Estimate, IntervalMethod, Measured, MeasuredInterval } from "../../wire/evaluations/measured.ts";

/** Of each interval of a report: its confidence is 1 − alpha. */
export const ALPHA = 0.05;
/** Resamples of every bootstrap of a report. */
export const RESAMPLES = 2_000;

/** JSON has no NaN: a count that isn't one is left out. */
export function measured(found: Found | MeasuredOrCounted): Measured {
  if (typeof found === "number") return found;
  if ("countsAs" in found && Number.isFinite(found.countsAs)) return found;
  return { undefined: found.undefined };
}

export const interval = (found: FoundInterval, method: IntervalMethod): MeasuredInterval =>
  isUndefined(found) ? found : { low: found[0], high: found[1], method };

/** k of n independent samples. */
export const shareOf = (k: number, n: number): Estimate =>
  n === 0
    ? { value: { undefined: "no-sample" }, interval: { undefined: "no-sample" } }
    : { value: k / n, interval: interval(wilsonInterval(k, n, ALPHA), "wilson") };

/**
 * BCa, or the percentiles where BCa can't be. Where all resamples give the same there is none: its width 0 would say that
 * the number is certain.
 */
export function resampledInterval(
  value: Found | MeasuredOrCounted,
  replicates: Float64Array,
  jackknife?: Jackknife,
): MeasuredInterval {
  if (typeof value !== "number") return { undefined: value.undefined };
  const found = bootstrapIntervals({ estimate: value, replicates, jackknife }, ALPHA);
  if (isUndefined(found.percentile)) return found.percentile;
  if (found.percentile[0] === found.percentile[1]) return { undefined: "resamples-same" };
  const [method, [low, high]] = isUndefined(found.bca)
    ? (["percentile", found.percentile] as const)
    : (["bca", found.bca] as const);
  return { low, high, method, resamples: { drawn: found.replicates, undefined: found.undefinedReplicates } };
}

/**
 * The share of hits among the samples that count: `outcome` is 1 for a hit, 0 for a miss, −1 where a sample doesn't count. By
 * Wilson; where samples come in groups through the logit, groups being the units of its variance.
 */
export function shareAmong(outcome: Int8Array, groups: Groups | null): Estimate {
  let [hits, counted] = [0, 0];
  for (const one of outcome) {
    if (one >= 0) counted++;
    if (one === 1) hits++;
  }
  if (groups === null || counted === 0) return shareOf(hits, counted);
  const value = hits / counted;
  const scale = outcome.length / counted;
  const influences = filled(new Float64Array(outcome.length), (at) =>
    outcome[at]! < 0 ? 0 : scale * (outcome[at]! - value),
  );
  return {
    value,
    interval: interval(logitInterval(value, influenceVariance(influences, groups), ALPHA), "influence-logit"),
  };
}
