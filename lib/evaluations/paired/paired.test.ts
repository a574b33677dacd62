import { expect, test } from "vitest";
import cases from "../../reference/cases.json" with { type: "json" };
import { InputError } from "../../statistics/inputs.ts";
import { standardDeviation } from "../../statistics/moments.ts";
import { pearson, spearman } from "../../statistics/regression/correlation.ts";
import { regressionErrors } from "../../statistics/regression/errors.ts";
import { explainedVariance } from "../../statistics/regression/explained.ts";
import { bootstrapUnits } from "../../statistics/resampling/bootstrap.ts";
import { seededRandom } from "../../statistics/resampling/random.ts";
import type { MetricName } from "../../wire/evaluations/metrics.ts";
import { type PairedDecision, pairedSchema } from "../../wire/evaluations/paired.ts";
import type { Evaluated, Regressed } from "../measures/evaluated.ts";
import {
  classifiedOf,
  plantedMasks,
  plantedNumbers,
  plantedScores,
  regressedOf,
  scoredOf,
  segmentedOf,
} from "../test-evaluated.ts";
import { comparePaired, type PairedInputs } from "./paired.ts";

const compare = (models: Evaluated[], inputs: Partial<PairedInputs> = {}) => {
  const found = comparePaired(models, { metric: "accuracy", smallest: null, seed: 3, ...inputs });
  // the schema refuses NaN and infinities, which JSON would make null
  expect(pairedSchema.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
  return found;
};

/** Samples of one class by who is right. */
function answersOf({ both, first, second, none }: { both: number; first: number; second: number; none: number }) {
  const of = (onlyFirst: number, onlySecond: number) => [
    ...new Array<number>(both).fill(0),
    ...new Array<number>(first).fill(onlyFirst),
    ...new Array<number>(second).fill(onlySecond),
    ...new Array<number>(none).fill(1),
  ];
  const truth = new Array<number>(both + first + second + none).fill(0);
  return [classifiedOf(truth, of(0, 1), 2), classifiedOf(truth, of(1, 0), 2)] as const;
}

test("accuracies are compared as the references say, the model's less the baseline's", () => {
  // pdci-01, and mcn-02 for its discordant pairs
  const [one, two] = answersOf({ both: 59, first: 6, second: 16, none: 80 });
  const { comparisons, values, family } = compare([two, one]);
  expect(values).toEqual([75 / 161, 65 / 161]);
  expect(family).toBe(1);
  const [found] = comparisons;
  expect(found!.difference).toBeCloseTo(-10 / 161, 12);
  expect(found!.interval).toMatchObject({ method: "newcombe" });
  const { low, high } = found!.interval as { low: number; high: number };
  expect([low, high].map((end) => Number(end.toFixed(6)))).toEqual([-0.118621, -0.004625]);
  expect(found!.test).toMatchObject({ kind: "mcnemar-mid-p", p: expect.closeTo(0.03469, 5) });
  expect(found!.agreement).toEqual({ bothRight: 59, onlyBaseline: 16, onlyModel: 6, bothWrong: 80 });
  expect(found).toMatchObject({ decision: "worse", gained: { total: 6 }, lost: { total: 16 } });
  expect(found!.lost.rows[0]).toEqual({ sample: 65, truth: 0, baseline: 0, model: 1, figure: 1 });
  // mdd-01 has the same formula: (z.975 + z.8) √(ψ/n)
  expect(found!.detectable).toBeCloseTo(2.801585 * Math.sqrt(22 / 161 / 161), 5);
});

test("a top-k accuracy is compared by who has the true class among the k best", () => {
  const truth = Int32Array.from({ length: 80 }, (_, at) => at % 7);
  // of seven classes the true one comes fifth in one model, and sixth for every fourth sample in the other
  const scores = (placeOf: (at: number) => number) =>
    Array.from({ length: 7 }, (_, of) =>
      Float64Array.from(truth, (label, at) => {
        const rank = (of - label + 7) % 7;
        return (7 - (rank === 0 ? placeOf(at) : rank <= placeOf(at) ? rank - 1 : rank)) / 28;
      }),
    );
  const [one, two] = [scores(() => 4), scores((at) => (at % 4 === 0 ? 5 : 4))].map((probabilities) => ({
    ...classifiedOf([...truth], [...truth], 7),
    probabilities,
  }));
  const { values, comparisons } = compare([two!, one!], { metric: "top-k" });
  expect(values).toEqual([0.75, 1]);
  expect(comparisons[0]).toMatchObject({ difference: 0.25, decision: "better", test: { kind: "sign-flip" } });
});

test("areas are compared by DeLong's test, means by flipped signs", () => {
  const { input, expected } = cases.cases.find(({ id }) => id === "dlp-01") as unknown as {
    input: { y_true: number[]; score_a: number[]; score_b: number[] };
    expected: { difference: number; p: number };
  };
  const [truth, a, b] = [input.y_true, input.score_a, input.score_b];
  const model = (up: number[]) => scoredOf(truth, [up.map((p) => 1 - p), up]);
  const [found] = compare([model(b), model(a)], { metric: "roc-auc" }).comparisons;
  expect(found!.difference).toBeCloseTo(expected.difference, 9);
  expect((found!.test as { p: number }).p).toBeCloseTo(expected.p, 9);
  // perm-02: five equal gains have p 2/2⁵
  const [base, better] = [regressedOf([0, 0, 0, 0, 0], [2, 2, 2, 2, 2]), regressedOf([0, 0, 0, 0, 0], [1, 1, 1, 1, 1])];
  const [gain] = compare([base, better], { metric: "mae" }).comparisons;
  expect(gain).toMatchObject({ difference: -1, test: { kind: "sign-flip", p: 0.0625 } });
});

test.each([
  "accuracy",
  "balanced-accuracy",
  "macro-f1",
  "weighted-f1",
  "matthews",
  "kappa",
  "log-loss",
  "brier",
  "roc-auc-ovr",
  "roc-auc-ovr-weighted",
  "roc-auc-ovo",
  "average-precision-macro",
] as const)(
  "by %s a better model is better, whichever is the baseline and whether or not samples are grouped",
  (metric) => {
    const planted = plantedScores(900, { classes: 3, signal: 2.2, seed: 4 });
    const random = seededRandom(5);
    // the same scores, with a third of the rows replaced by even ones
    const columns = planted.probabilities!.map((column) => Float32Array.from(column));
    for (let at = 0; at < 900; at++)
      if (random() < 0.3) for (const [of, column] of columns.entries()) column[at] = of === 0 ? 0.34 : 0.33;
    const worse = scoredOf([...planted.truth], columns);
    const units = Int32Array.from({ length: 900 }, (_, at) => Math.floor(at / 3));
    for (const grouped of [null, units]) {
      const pair = [worse, planted].map((one) => ({ ...one, units: grouped }));
      const [forth] = compare(pair, { metric }).comparisons;
      expect(forth!.decision).toBe("better");
      const [back] = compare(pair.reverse(), { metric }).comparisons;
      expect(back!.decision).toBe("worse");
      expect(back!.difference).toBeCloseTo(-(forth!.difference as number), 10);
    }
  },
);

test("R² is compared by what the squared errors differ by over the spread of the truth, drawn together", () => {
  const [coarse, fine] = [plantedNumbers(400, { noise: 0.6, seed: 4 }), plantedNumbers(400, { noise: 0.5, seed: 4 })];
  const of = (metric: MetricName) => compare([coarse, fine], { metric }).comparisons[0]!;
  const [squared, explained] = [of("mse"), of("r-squared")];
  const mean = [...coarse.truth].reduce((sum, one) => sum + one, 0) / 400;
  const spread = [...coarse.truth].reduce((sum, one) => sum + (one - mean) ** 2, 0) / 400;
  expect(explained.difference).toBeCloseTo(-(squared.difference as number) / spread, 12);
  expect(explained.test).toEqual(squared.test);
  // of 6,000 samples what each moves it gives the interval that drawing 5,000 of them does, nearly
  const intervalOf = (samples: number) => {
    const [one, two] = [0.6, 0.5].map((noise) => plantedNumbers(samples, { noise, seed: 4 }));
    const { difference, interval } = compare([one!, two!], { metric: "r-squared" }).comparisons[0]!;
    const { low, high, method } = interval as { low: number; high: number; method: string };
    return { method, half: (high - low) / 2, isInside: low < (difference as number) && (difference as number) < high };
  };
  const [drawn, carried] = [intervalOf(5_000), intervalOf(6_000)];
  expect([drawn.isInside, carried.isInside, carried.method]).toEqual([true, true, "normal"]);
  expect(drawn.method).not.toBe("normal");
  expect(carried.half / drawn.half).toBeCloseTo(Math.sqrt(5 / 6), 1);
  const same = compare([coarse, coarse], { metric: "r-squared" }).comparisons[0]!;
  expect(same).toMatchObject({ difference: 0, interval: { undefined: "differences-zero" } });
});

const numberStatistics = {
  pearson,
  spearman,
  "explained-variance": explainedVariance,
  "median-absolute-error": (truth: ArrayLike<number>, predicted: ArrayLike<number>) =>
    regressionErrors(truth, predicted).medianAe,
};

test.each(Object.keys(numberStatistics) as (keyof typeof numberStatistics)[])(
  "%s is compared by what each sample moves it, as the bootstrap spreads",
  (metric) => {
    const of = numberStatistics[metric];
    const [coarse, fine] = [0.6, 0.5].map((noise) => plantedNumbers(900, { noise, seed: 4 })) as [Regressed, Regressed];
    const units = Int32Array.from({ length: 900 }, (_, at) => Math.floor(at / 2));
    // groups and few samples go the same way for all
    for (const grouped of metric === "pearson" ? [null, units] : [null]) {
      const pair = [coarse, fine].map((one) => ({ ...one, units: grouped }));
      const [found] = compare(pair, { metric }).comparisons;
      const { low, high } = found!.interval as { low: number; high: number };
      const drawn = bootstrapUnits(grouped ? 450 : 900, { resamples: 400, seed: 5 }, (weights) => {
        const rows = [...coarse.truth.keys()].flatMap(
          (at) => new Array(weights[grouped?.[at] ?? at]).fill(at) as number[],
        );
        const column = (from: Float64Array) => Float64Array.from(rows, (at) => from[at]!);
        const value = ({ predicted }: Regressed) => of(column(coarse.truth), column(predicted)) as number;
        return value(fine) - value(coarse);
      });
      const spread = standardDeviation(drawn);
      // a median's density is read from few samples
      expect(Math.abs((high - low) / (2 * 1.96 * spread) - 1)).toBeLessThan(
        metric === "median-absolute-error" ? 0.3 : 0.1,
      );
      const isBetter = metric !== "median-absolute-error";
      expect(Math.sign(found!.difference as number)).toBe(isBetter ? 1 : -1);
      expect(found!.test).toMatchObject({ kind: "influence" });
      if (isBetter) expect(found!.decision).toBe("better");
    }
    const same = compare([coarse, coarse], { metric }).comparisons[0]!;
    expect(same).toMatchObject({ difference: 0, interval: { undefined: "differences-zero" } });
  },
);

test("of few samples all is resampled, and answers change places", () => {
  const [poor, good] = [0.9, 0.2].map((noise) => plantedNumbers(60, { noise, seed: 4 })) as [Regressed, Regressed];
  for (const metric of ["pearson", "median-absolute-error"] as const)
    expect(compare([poor, good], { metric }).comparisons[0]).toMatchObject({
      decision: "better",
      test: { kind: "swap" },
    });
});

test("of models that are equally good a correlation is told apart as often as the level says", () => {
  const told = { pearson: 0, spearman: 0 };
  for (let at = 0; at < 200; at++) {
    const [one, two] = [1, 2].map((seed) => plantedNumbers(250, { noise: 0.5, seed: 10 * at + seed })) as [
      Regressed,
      Regressed,
    ];
    const other = {
      ...two,
      truth: one.truth,
      predicted: two.predicted.map((p, i) => p - two.truth[i]! + one.truth[i]!),
    };
    for (const metric of ["pearson", "spearman"] as const) {
      const { test } = compare([one, other], { metric }).comparisons[0]!;
      if ((test as { p: number }).p <= 0.05) told[metric]++;
    }
  }
  // of 200 at .05, 3 to 19 but for one time in a thousand
  for (const count of Object.values(told)) expect(count >= 3 && count <= 19, String(count)).toBe(true);
});

test("numbers and masks are compared by their own metrics", () => {
  const [coarse, fine] = [plantedNumbers(300, { noise: 0.6, seed: 1 }), plantedNumbers(300, { noise: 0.4, seed: 1 })];
  for (const metric of ["mae", "mse", "rmse", "r-squared"] as const) {
    const [found] = compare([coarse, fine], { metric }).comparisons;
    expect(found).toMatchObject({ decision: "better", agreement: null, test: { kind: "sign-flip" } });
  }
  const many = plantedNumbers(6_000, { noise: 0.6, seed: 1 });
  const shrunk = regressedOf(
    [...many.truth],
    [...many.truth].map((target, at) => target + 0.98 * (many.predicted[at]! - target)),
  );
  const [rmse] = compare([many, shrunk], { metric: "rmse" }).comparisons;
  expect(rmse).toMatchObject({ decision: "better", difference: expect.closeTo(-0.012, 2) });
  const [poor, good] = [plantedMasks(80, { right: 0.85, seed: 2 }), plantedMasks(80, { right: 0.95, seed: 2 })];
  for (const metric of ["image-mean-iou", "mean-iou", "mean-dice"] as const)
    expect(compare([poor, good], { metric }).comparisons[0]!.decision).toBe("better");
  expect(compare([poor, good], { metric: "mean-iou" }).comparisons[0]!.gained.rows[0]).toMatchObject({ truth: null });
});

test("a difference smaller than anybody cares for is none, and one that isn't told has its smallest that would be", () => {
  const [one, two] = answersOf({ both: 4_000, first: 30, second: 70, none: 300 });
  const decided = (smallest: number | null) => compare([one, two], { smallest }).comparisons[0]!.decision;
  expect(decided(null)).toBe("better");
  expect(decided(0.005)).toBe("better");
  // significant, but its interval reaches beyond
  expect(decided(0.0095)).toBe("not-distinguishable");
  expect(decided(0.02)).toBe("practically-equal");
  const [three, four] = answersOf({ both: 60, first: 5, second: 6, none: 20 });
  const [open] = compare([three, four]).comparisons;
  expect(open!.decision).toBe("not-distinguishable");
  expect(open!.detectable).toBeGreaterThan(0.08);
});

test("the same answers differ in nothing, and one sample or one group tells nothing", () => {
  const one = plantedScores(60, { classes: 3, signal: 1, seed: 1 });
  for (const metric of ["accuracy", "macro-f1", "log-loss", "roc-auc-ovr"] as const)
    expect(compare([one, one], { metric }).comparisons[0]).toMatchObject({
      difference: 0,
      decision: "not-distinguishable",
    });
  const alone = { ...one, units: new Int32Array(60) };
  const other = { ...plantedScores(60, { classes: 3, signal: 2, seed: 1 }), units: new Int32Array(60) };
  for (const metric of ["accuracy", "macro-f1", "log-loss", "roc-auc-ovr"] as const)
    expect(compare([alone, other], { metric }).comparisons[0]!.decision).toBe("not-distinguishable");
  compare([classifiedOf([1], [1], 2), classifiedOf([1], [0], 2)]);
  compare([segmentedOf([[0, 0, 0, 0]], 2), segmentedOf([[0, 0, 0, 0]], 2)], { metric: "image-mean-iou" });
});

test("what can't be compared is refused by name", () => {
  const one = plantedScores(30, { classes: 3, signal: 1, seed: 1 });
  const refusal = (models: Evaluated[], metric: PairedInputs["metric"] = "accuracy") => {
    try {
      comparePaired(models, { metric, smallest: null, seed: 1 });
    } catch (error) {
      if (error instanceof InputError) return error.message;
      throw error;
    }
    return null;
  };
  expect(refusal([one])).toMatch("2–20");
  expect(refusal(new Array(21).fill(one))).toMatch("21 evaluations");
  expect(refusal([one, plantedScores(29, { classes: 3, signal: 1, seed: 1 })])).toMatch("29 samples, the first 30");
  expect(refusal([one, { ...one, truth: one.truth.map((of) => (of + 1) % 3) }])).toMatch("other labels");
  expect(refusal([one, { ...one, classes: ["a", "b", "c"] }])).toMatch("other classes");
  expect(refusal([one, plantedNumbers(30, { noise: 1, seed: 1 })])).toMatch("regression");
  expect(refusal([one, one], "mae")).toMatch("mae doesn't rank");
  expect(refusal([one, one], "roc-auc")).toMatch("can't be compared");
  expect(refusal([one, { ...one, probabilities: null }], "log-loss")).toMatch("without probabilities");
});

const REPETITIONS = process.env.HOLDOUT_TEST_SLOW ? 200 : 12;
const SAMPLES = 1_500;

/** Answers of models on one test set whose errors correlate: all find the same samples hard. */
function plantedWorld(seed: number) {
  const random = seededRandom(seed);
  const hardness = Array.from({ length: SAMPLES }, () => random() ** 3);
  const truth = new Array<number>(SAMPLES).fill(0);
  const model = (miss: number) =>
    classifiedOf(
      truth,
      hardness.map((hard) => (random() < miss * 4 * hard ? 1 : 0)),
      2,
    );
  return {
    baseline: model(0.1),
    better: model(0.06),
    equal: model(0.1),
    lucky: bestOf(Array.from({ length: 50 }, () => model(0.1))),
  };
}

function bestOf<Model extends { predicted: Int32Array }>(models: Model[]): Model {
  const wrong = ({ predicted }: Model) => predicted.reduce((sum, one) => sum + one, 0);
  return models.reduce((best, one) => (wrong(one) < wrong(best) ? one : best));
}

test("a better model, an equal one and a lucky one among 50 are each told right", () => {
  const counts: Record<string, Record<PairedDecision, number>> = {};
  const count = (name: string, decision: PairedDecision) => {
    counts[name] ??= { better: 0, worse: 0, "not-distinguishable": 0, "practically-equal": 0 };
    counts[name][decision]++;
  };
  for (let seed = 1; seed <= REPETITIONS; seed++) {
    const { baseline, better, equal, lucky } = plantedWorld(seed);
    const decided = (model: Evaluated, looked = 1) => compare([baseline, model], { looked }).comparisons[0]!.decision;
    count("better", decided(better));
    count("equal", decided(equal));
    count("lucky", decided(lucky, 50));
    count("lucky, as if nobody chose", decided(lucky));
  }
  if (process.env.HOLDOUT_TEST_SLOW) console.log(REPETITIONS, "repetitions", JSON.stringify(counts));
  const share = (name: string, decision: PairedDecision) => counts[name]![decision] / REPETITIONS;
  expect(share("better", "better")).toBeGreaterThanOrEqual(0.9);
  // at the level of .05, three standard errors of 200 repetitions above
  const most = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / REPETITIONS);
  expect(share("equal", "better") + share("equal", "worse")).toBeLessThanOrEqual(most);
  expect(share("lucky", "better")).toBeLessThanOrEqual(most);
  // what the adjustment is for
  expect(share("lucky, as if nobody chose", "better")).toBeGreaterThan(0.2);
});
