/** Differences of accuracy by who is right, and of what is a function of margins by answers drawn, and swapped, together. Pure. */
import { accuracy } from "../../statistics/classification/accuracy.ts";
import { confusionOf, type Margins, marginsOf } from "../../statistics/classification/confusion.ts";
import { type ConfusionMetric, groupedCells } from "../../statistics/classification/confusion-bootstrap.ts";
import { agreementOf, mcnemarTest } from "../../statistics/hypothesis-tests/mcnemar.ts";
import { newcombeInterval } from "../../statistics/intervals/paired-proportions.ts";
import type { Undefined as NotFound } from "../../statistics/measured.ts";
import {
  bootstrapPairedConfusion,
  jackknifePairedConfusion,
  pairedConfusionOf,
} from "../../statistics/paired/paired-confusion.ts";
import {
  bootstrapPairedGroups,
  jackknifePairedGroups,
  type PairedGroups,
  swapGroupsTest,
} from "../../statistics/paired/paired-groups.ts";
import { type SwapTest, swapTest } from "../../statistics/paired/swap-test.ts";
import { seedOf } from "../../statistics/resampling/random.ts";
import type { MeasuredInterval } from "../../wire/evaluations/measured.ts";
import { ALPHA, interval, measured, RESAMPLES, resampledInterval } from "../measures/estimates.ts";
import { type Classified, groupsOf, type Segmented } from "../measures/evaluated.ts";
import { allPixels, cellsByUnit } from "../measures/mask-metrics.ts";
import type { PairedDifference, PairedEngine } from "./pair.ts";

const PERMUTATIONS = 1_999;

/** Accuracy of independent samples: Newcombe's interval and the mid-p of McNemar. */
export function answersEngine(baseline: Classified): PairedEngine {
  const share = ({ truth, predicted, classes }: Classified) =>
    measured(accuracy(confusionOf(truth, predicted, classes.length)));
  const base = share(baseline);
  return {
    baseline: base,
    isDiscordance: true,
    against: (model) => {
      const { truth, predicted } = model as Classified;
      const value = share(model as Classified);
      if (typeof value !== "number" || typeof base !== "number") return undefinedPair(value);
      const counts = agreementOf(truth, { a: predicted, b: baseline.predicted });
      return {
        value,
        difference: (counts.onlyA - counts.onlyB) / truth.length,
        interval: interval(newcombeInterval(counts, ALPHA), "newcombe"),
        test: { kind: "mcnemar-mid-p", p: mcnemarTest(counts.onlyA, counts.onlyB).midP },
      };
    },
  };
}

const undefinedPair = (value: PairedDifference["value"]): PairedDifference => {
  const none = { undefined: typeof value === "number" ? ("side-undefined" as const) : value.undefined };
  return { value, difference: none, interval: none, test: none };
};

type Resampled = {
  replicates: (seed: number) => Float64Array;
  jackknife: () => { values: ArrayLike<number>; counts?: ArrayLike<number> };
  swap: (seed: number) => SwapTest | NotFound;
};

/** The parts that are the same for cells and for groups. */
function differenceBy(
  metric: ConfusionMetric,
  [model, baseline]: [Margins, Margins],
  seed: number,
  by: Resampled,
): PairedDifference {
  const [value, base] = [metric(model), metric(baseline)];
  if (typeof value !== "number" || typeof base !== "number") return undefinedPair(measured(value));
  const difference = value - base;
  const found: MeasuredInterval = resampledInterval(
    difference,
    by.replicates(seedOf(seed, "bootstrap")),
    by.jackknife(),
  );
  const swapped = by.swap(seedOf(seed, "swap"));
  return {
    value,
    difference,
    interval: found,
    test: "undefined" in swapped ? swapped : { kind: "swap", p: swapped.p },
  };
}

export function labelsEngine(baseline: Classified, metric: ConfusionMetric): PairedEngine {
  const classes = baseline.classes.length;
  const groups = groupsOf(baseline);
  const marginsIn = ({ truth, predicted }: Classified) => marginsOf(confusionOf(truth, predicted, classes));
  const base = marginsIn(baseline);
  const cellsOf = ({ truth, predicted }: Classified) =>
    groupedCells(truth, predicted, { group: groups!.of, groups: groups!.count, classes });
  const baseCells = groups && cellsOf(baseline);
  return {
    baseline: measured(metric(base)),
    isDiscordance: false,
    against: (given, seed) => {
      const model = given as Classified;
      const margins: [Margins, Margins] = [marginsIn(model), base];
      if (baseCells) return differenceBy(metric, margins, seed, byGroups({ a: cellsOf(model), b: baseCells }, metric));
      const paired = pairedConfusionOf(baseline.truth, { a: model.predicted, b: baseline.predicted }, classes);
      return differenceBy(metric, margins, seed, {
        replicates: (seed) => bootstrapPairedConfusion(paired, { resamples: RESAMPLES, seed }, [metric])[0]!,
        jackknife: () => jackknifePairedConfusion(paired, [metric])[0]!,
        swap: (seed) => swapTest(paired, { permutations: PERMUTATIONS, seed }, metric),
      });
    },
  };
}

/** Of the pixels of all images; whole images, or groups of them, are drawn and change places. */
export function pixelsEngine(baseline: Segmented, metric: ConfusionMetric): PairedEngine {
  const base = marginsOf(allPixels(baseline));
  const baseCells = cellsByUnit(baseline);
  return {
    baseline: measured(metric(base)),
    isDiscordance: false,
    against: (given, seed) => {
      const model = given as Segmented;
      const paired = { a: cellsByUnit(model), b: baseCells };
      return differenceBy(metric, [marginsOf(allPixels(model)), base], seed, byGroups(paired, metric));
    },
  };
}

const byGroups = (paired: PairedGroups, metric: ConfusionMetric): Resampled => ({
  replicates: (seed) => bootstrapPairedGroups(paired, { resamples: RESAMPLES, seed }, metric),
  jackknife: () => jackknifePairedGroups(paired, metric),
  swap: (seed) => swapGroupsTest(paired, { permutations: PERMUTATIONS, seed }, metric),
});
