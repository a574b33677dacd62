/** Where it breaks: each slice of each cut against the rest. Pure. */
import { adjustP } from "../../statistics/corrections/adjust-p.ts";
import { filled } from "../../statistics/filled.ts";
import { seedOf } from "../../statistics/resampling/random.ts";
import { meanIou } from "../../statistics/segmentation/overlap.ts";
import type { MetricName } from "../../wire/evaluations/metrics.ts";
import type { SliceRow, Slices } from "../../wire/evaluations/slices.ts";
import { type Cut, type Evaluated, groupsOf } from "../measures/evaluated.ts";
import { SliceTests, type SliceValues } from "../measures/slice-tests.ts";
import { panelOf } from "./panel.ts";

/** Below so many samples a share's interval is wider than .4, and a test says nothing. */
const SMALL_BELOW = 20;
const SLICES_MAX = 100;
/** Cuts that everybody would look at; of others nobody said beforehand that they matter. */
const EXPECTED = ["label", "group"];

export const slices = panelOf({
  name: "slices",
  needs: ["classification", "regression", "segmentation"],
  make: (evaluated: Evaluated, { seed }): Slices => {
    const { metric, values } = valuesOf(evaluated);
    const cuts = evaluated.cuts.map((cut) => cutOf(cut, values, seedOf(seed, `slices-${cut.by}`)));
    return {
      metric,
      overall: new SliceTests(values, new Int32Array(evaluated.samples), 1).estimate(0),
      smallBelow: SMALL_BELOW,
      ...adjusted(cuts),
    };
  },
});

/** What is averaged over a slice: right or wrong, the size of the error, an image's mean IoU (NaN: it has none). */
function valuesOf(evaluated: Evaluated): { metric: MetricName; values: SliceValues } {
  const groups = groupsOf(evaluated);
  if (evaluated.task === "classification") {
    const { truth, predicted } = evaluated;
    return {
      metric: "accuracy",
      values: {
        of: filled(new Float64Array(truth.length), (at) => (truth[at] === predicted[at] ? 1 : 0)),
        areShares: true,
        groups,
      },
    };
  }
  if (evaluated.task === "regression") {
    const { truth, predicted } = evaluated;
    const sizes = truth.map((target, at) => Math.abs(predicted[at]! - target));
    return { metric: "mae", values: { of: sizes, areShares: false, groups } };
  }
  const ious = Float64Array.from(evaluated.images, ({ pixels }) => {
    const value = meanIou(pixels);
    return typeof value === "number" ? value : Number.NaN;
  });
  return { metric: "image-mean-iou", values: { of: ious, areShares: false, groups } };
}

type CutRows = Slices["cuts"][number] & { tests: (number | null)[] };

function cutOf(cut: Cut, values: SliceValues, seed: number): CutRows {
  // within a group its samples are what the question is about
  const ours = cut.by === "group" ? { ...values, groups: null } : values;
  const sizes = new Float64Array(cut.slices.length);
  let without = 0;
  for (const of of cut.of) {
    if (of < 0) without++;
    else sizes[of]!++;
  }
  const held = [...sizes.keys()].filter((of) => sizes[of]! > 0).sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const shown = held.slice(0, SLICES_MAX);
  const tests = new SliceTests(ours, cut.of, cut.slices.length);
  const found = shown.map((of) => tests.compare(of, { smallBelow: SMALL_BELOW, seed: seedOf(seed, String(of)) }));
  return {
    by: cut.by,
    exploratory: !EXPECTED.includes(cut.by),
    slices: found.map(
      ({ estimate, difference, test, tooSmall }, at): SliceRow => ({
        name: cut.slices[shown[at]!]!,
        samples: sizes[shown[at]!]!,
        estimate,
        difference,
        test: typeof test === "number" ? { p: test, holm: 1, falseDiscovery: 1 } : test,
        tooSmall,
      }),
    ),
    tests: found.map(({ test }) => (typeof test === "number" ? test : null)),
    left: held.length - shown.length,
    without,
  };
}

/** The family is all that the page shows together. */
function adjusted(cuts: CutRows[]): Pick<Slices, "family" | "cuts"> {
  const family = cuts.flatMap(({ tests }) => tests).filter((p) => p !== null);
  const [holm, discovery] = [adjustP(family, "holm"), adjustP(family, "benjamini-hochberg")];
  let at = 0;
  return {
    family: family.length,
    cuts: cuts.map(({ tests, ...cut }) => ({
      ...cut,
      slices: cut.slices.map((slice, row) => {
        if (tests[row] === null) return slice;
        const test = { p: tests[row]!, holm: holm[at]!, falseDiscovery: discovery[at]! };
        at++;
        return { ...slice, test };
      }),
    })),
  };
}
