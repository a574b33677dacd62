/** Two models' answers in whole groups, or in whole images of pixels: drawn together, and changing places together. Pure. */

import { clearMargins, emptyMargins, type Margins } from "../classification/confusion.ts";
import {
  addGroup,
  type ConfusionMetric,
  type GroupedCells,
  replicateOf,
} from "../classification/confusion-bootstrap.ts";
import type { Jackknife } from "../intervals/bootstrap.ts";
import { because, type Undefined } from "../measured.ts";
import { bootstrapUnits, type Resampling } from "../resampling/bootstrap.ts";
import { seededRandom } from "../resampling/random.ts";
import type { SwapTest } from "./swap-test.ts";

/** Both of the same groups in the same order. */
export type PairedGroups = { a: GroupedCells; b: GroupedCells };

const differenceOf = (metric: ConfusionMetric, [a, b]: [Margins, Margins]): number =>
  replicateOf(metric(a)) - replicateOf(metric(b));

const emptyPair = ({ a }: PairedGroups): [Margins, Margins] => [emptyMargins(a.classes), emptyMargins(a.classes)];

/** Metric of A less metric of B, by resample of groups. */
export function bootstrapPairedGroups(paired: PairedGroups, draw: Resampling, metric: ConfusionMetric): Float64Array {
  const both = emptyPair(paired);
  return bootstrapUnits(paired.a.groups, draw, (weights) => {
    for (const margins of both) clearMargins(margins);
    for (let group = 0; group < weights.length; group++) {
      if (weights[group] === 0) continue;
      addGroup(both[0], paired.a, group, weights[group]!);
      addGroup(both[1], paired.b, group, weights[group]!);
    }
    return differenceOf(metric, both);
  });
}

/** Without each group in turn. */
export function jackknifePairedGroups(paired: PairedGroups, metric: ConfusionMetric): Jackknife {
  const both = emptyPair(paired);
  const add = (group: number, times: number) => {
    addGroup(both[0], paired.a, group, times);
    addGroup(both[1], paired.b, group, times);
  };
  for (let group = 0; group < paired.a.groups; group++) add(group, 1);
  return {
    values: Float64Array.from({ length: paired.a.groups }, (_, group) => {
      add(group, -1);
      const value = differenceOf(metric, both);
      add(group, 1);
      return value;
    }),
  };
}

/**
 * Whether two models differ in a metric: A's and B's answers change places in whole groups, each by a coin. Assumes that
 * without a difference they could. Undefined where a model's metric is.
 */
export function swapGroupsTest(
  paired: PairedGroups,
  { permutations, seed }: { permutations: number; seed: number },
  metric: ConfusionMetric,
): SwapTest | Undefined {
  const random = seededRandom(seed);
  const both = emptyPair(paired);
  const deal = (swapped: () => boolean) => {
    for (const margins of both) clearMargins(margins);
    for (let group = 0; group < paired.a.groups; group++) {
      const [first, second] = swapped() ? [both[1], both[0]] : both;
      addGroup(first, paired.a, group, 1);
      addGroup(second, paired.b, group, 1);
    }
    return differenceOf(metric, both);
  };
  const difference = deal(() => false);
  if (Number.isNaN(difference)) return because("side-undefined");
  let asLarge = 0;
  for (let round = 0; round < permutations; round++)
    if (Math.abs(deal(() => random() < 0.5)) >= Math.abs(difference) - 1e-12) asLarge++;
  return { difference, p: (asLarge + 1) / (permutations + 1) };
}
