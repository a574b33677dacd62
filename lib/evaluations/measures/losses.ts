/** What each sample costs, lower better: what a ladder and a bit compare by. Pure. */
import { marginsOf } from "../../statistics/classification/confusion.ts";
import { filled } from "../../statistics/filled.ts";
import { mcnemarTest } from "../../statistics/hypothesis-tests/mcnemar.ts";
import { signFlipTest } from "../../statistics/hypothesis-tests/sign-flip.ts";
import { type Evaluated, groupsOf } from "./evaluated.ts";

/**
 * Of a class: 0 where it is right, else 1. Of a value: its squared error. Of a mask: the share of its pixels that are wrong, those
 * that are left out aside.
 */
export function lossesOf(evaluated: Evaluated): Float64Array {
  if (evaluated.task === "classification") {
    const { truth, predicted } = evaluated;
    return filled(new Float64Array(truth.length), (at) => (truth[at] === predicted[at] ? 0 : 1));
  }
  if (evaluated.task === "regression") {
    const { truth, predicted } = evaluated;
    return truth.map((value, at) => (value - predicted[at]!) ** 2);
  }
  return Float64Array.from(evaluated.images, ({ pixels }) => {
    const { total, right } = marginsOf(pixels);
    return total === 0 ? 0 : 1 - right / total;
  });
}

const ALPHA = 0.05;

/**
 * Whether the losses are lower than those of `other` on the same samples, beyond chance at 5 % two-sided: by the mid-p McNemar
 * test where each is 0 or 1 and samples are independent, else by flipping signs, of whole groups where there are any.
 */
export function isBetter(of: Evaluated, losses: Float64Array, other: Float64Array): boolean {
  const differences = losses.map((loss, at) => loss - other[at]!);
  const sum = differences.reduce((total, difference) => total + difference, 0);
  if (sum >= 0) return false;
  if (of.task === "classification" && of.units === null) {
    const count = (sign: number) => differences.filter((difference) => difference === sign).length;
    return mcnemarTest(count(-1), count(1)).midP < ALPHA;
  }
  const test = signFlipTest(sumByGroup(of, differences));
  return "p" in test && test.p < ALPHA;
}

function sumByGroup(of: Evaluated, differences: Float64Array): Float64Array {
  const groups = groupsOf(of);
  if (groups === null) return differences;
  const sums = new Float64Array(groups.count);
  for (const [at, difference] of differences.entries()) sums[groups.of[at]!]! += difference;
  return sums;
}
