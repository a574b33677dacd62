/** The checks catch what was planted in a history of tuning, and keep still on a clean one. */
import { expect, test } from "vitest";
import { flagRules, type StudyFlagKind } from "../../wire/studies/flags.ts";
import type { StudyAssignment, StudyParameter } from "../../wire/studies/parameters.ts";
import { decay, factsOfHistory, type Planted, plannedStudy, points, rate, settlingCurve } from "../test-history.ts";
import { makePanels } from "./panels.ts";

const RATE = "optimizer.learningRate";
const logOf = (values: StudyAssignment, name: string): number => Math.log10(Number(values[name]));
/** Best at a rate of `10 ** at`, and a weight decay of 0.001. */
const lossAt = (values: StudyAssignment, at: number): number =>
  0.2 + 0.02 * (logOf(values, RATE) - at) ** 2 + 0.005 * (logOf(values, "weightDecay") + 3) ** 2;

/** Five seeds of what is best, so far apart that the deviation is known. */
function repeated(of: Planted[], apart: number): Planted[] {
  const best = of.reduce((a, b) => (Math.min(...b.losses!) < Math.min(...a.losses!) ? b : a));
  const number = of.indexOf(best) + 1;
  return [1, 2, 3, 4].map((replicate) => {
    const shift = apart * [0, 1, -1, 0.5, -0.5][replicate]!;
    return { ...best, number, replicate, losses: best.losses!.map((loss) => loss + shift) };
  });
}

const withCurves = (all: StudyAssignment[], loss: (values: StudyAssignment) => number): Planted[] =>
  all.map((values, at) => ({ values, losses: settlingCurve(loss(values), at + 1, 0.0001) }));

const seen = (...given: Parameters<typeof factsOfHistory>) => {
  const { flags, banners, panels } = makePanels(factsOfHistory(...given));
  const kinds = new Set([...flags.map(({ flag }) => flag.kind), ...banners.map(({ kind }) => kind)]);
  const grave = [...kinds].filter((kind) => flagRules[kind].tone !== "note");
  const flagOf = (kind: StudyFlagKind) => flags.find(({ flag }) => flag.kind === kind)?.flag;
  return { kinds: [...kinds], grave, flagOf, banners, panels };
};

const space = [rate, decay];
/** Best at two thirds of their steps, from where on they hardly rise. */
const clean = withCurves(points(space, 60), (values) => lossAt(values, -2)).map(({ values, losses }) => ({
  values,
  losses: losses!.map((loss, at) => loss + 0.0004 * Math.max(0, at - 26)),
}));

test("a clean history has no flag that warns, and every figure of it is there", () => {
  const { grave, panels } = seen(plannedStudy(), [...clean, ...repeated(clean, 0.004)]);
  expect(grave).toEqual([]);
  expect(panels.axes).toMatchObject({ data: { good: { by: "seeds" }, lost: { count: 0, of: 60 } } });
  expect(panels.enough).toMatchObject({ data: { trials: 60 } });
  expect(panels.variance).toMatchObject({ data: { trial: { dof: 4 }, best: { seeds: 5 } } });
  if ("missing" in panels.axes) throw new Error("axes are missing");
  expect(panels.axes.data.importance.factors[0]).toMatchObject({ name: RATE, isClear: true });
});

test("a best at the end of its range is seen, with where the range might end", () => {
  const edge = withCurves(points(space, 30), (values) => lossAt(values, 0.3));
  const { flagOf } = seen(plannedStudy(), edge);
  expect(flagOf("boundary")).toMatchObject({ parameter: RATE, edge: "high", to: 10 });
});

test("too few trials are seen: the best of them varies beyond the noise", () => {
  const few = withCurves(points(space, 6), (values) => lossAt(values, -2));
  const { kinds } = seen(plannedStudy(), [...few, ...repeated(few, 0.001)]);
  expect(kinds).toEqual(expect.arrayContaining(["too-few-trials", "few-good"]));
});

test("winners that overfit are seen, and that those which don't have lower rates", () => {
  const all = points(space, 30).map((values, at): Planted => {
    const losses = settlingCurve(lossAt(values, -1), at + 1, 0.0001);
    const rises = Number(values[RATE]) > 0.01 ? 0.01 : 0;
    return { values, losses: losses.map((loss, index) => loss + rises * Math.max(0, index - 24)) };
  });
  const { flagOf } = seen(plannedStudy(), all);
  expect(flagOf("overfits")).toMatchObject({ step: expect.any(Number) });
  expect(flagOf("overfit-share")).toMatchObject({ isSlower: true });
});

test("a winner within the noise of a seed is seen, until it is repeated", () => {
  const flat = withCurves(points(space, 20), () => 0.2);
  flat[4] = { ...flat[4]!, losses: flat[4]!.losses!.map((loss) => loss - 0.002) };
  const other = { ...flat[9]!, number: 10 };
  const seeds = [1, 2, 3].map((replicate) => ({
    ...other,
    replicate,
    losses: other.losses!.map((loss) => loss + 0.01 * (replicate - 2)),
  }));
  const { flagOf } = seen(plannedStudy(), [...flat, ...seeds]);
  expect(flagOf("lucky-winner")).toMatchObject({ difference: expect.closeTo(0.002, 3) });
  expect(seen(plannedStudy(), [...flat, ...seeds, ...repeated(flat, 0.01)]).kinds).not.toContain("lucky-winner");
});

test("batch sizes compared without tuning the rate again are seen on the whole page", () => {
  const batch: StudyParameter = { kind: "categorical", path: "batchSize", role: "scientific", choices: [32, 64, 128] };
  const trials = [32, 64, 128].map((size) => ({ values: { batchSize: size }, losses: settlingCurve(0.2, size) }));
  const { banners, panels } = seen(plannedStudy({ space: [batch] }), trials);
  expect(banners).toEqual([{ kind: "batch-not-retuned", fixed: ["weightDecay", RATE] }]);
  // examples over the time of the run: twice the batch, twice as fast
  expect(panels.throughput).toMatchObject({ data: { scaling: { efficiencies: [1, 1] }, metric: null } });
  expect(seen(plannedStudy({ space: [batch, rate] }), []).kinds).not.toContain("batch-not-retuned");
});

test("a baseline that was tuned less than its rival is seen", () => {
  const optimizer: StudyParameter = {
    kind: "categorical",
    path: "optimizer.name",
    role: "scientific",
    choices: ["adam", "sgd"],
  };
  const all = points([rate, decay], 20).map((values, at) => ({
    values: { ...values, "optimizer.name": at < 4 ? "adam" : "sgd" },
    losses: settlingCurve(lossAt(values, -2), at + 1),
  }));
  const { flagOf } = seen(plannedStudy({ space: [optimizer, rate, decay] }), all);
  expect(flagOf("unfair-baseline")).toMatchObject({ baseline: "adam", trials: 4, candidate: "sgd", of: 16 });
  expect(flagOf("starved-value")).toMatchObject({ value: "adam", trials: 4, most: 16 });
});

test("what fails at high rates is seen at its edge, counted, and never dropped", () => {
  const all = points(space, 30).map(
    (values, at): Planted =>
      Number(values[RATE]) > 0.03
        ? { values, infeasible: "diverged" }
        : { values, losses: settlingCurve(lossAt(values, 1), at + 1) },
  );
  const { flagOf, panels } = seen(plannedStudy(), all);
  expect(flagOf("rate-at-edge")).toMatchObject({ fails: expect.any(Number) });
  expect(flagOf("infeasible")).toMatchObject({ of: 30 });
  if ("missing" in panels.trials || "missing" in panels.axes) throw new Error("a panel is missing");
  expect(panels.trials.data.columns.state.filter((state) => state === "infeasible").length).toBeGreaterThan(8);
  expect(panels.axes.data.axes[0]!.buckets.at(-1)).toMatchObject({ lost: 7, of: 7 });
});

test("step budgets that differ are seen, and trials are ranked at equal steps", () => {
  const trials = [20, 40].map((length, at) => ({
    values: points(space, 2)[at]!,
    losses: settlingCurve(0.2, at).slice(0, length),
  }));
  const { banners, panels } = seen(plannedStudy(), trials);
  expect(banners).toEqual([{ kind: "budgets-differ", least: 200, most: 400 }]);
  expect(panels.trials).toMatchObject({ data: { equal: { steps: 200 } } });
});

test("trials that began after a look at the test split are counted, and no number of it is there", () => {
  const at = new Date(Date.UTC(2026, 0, 5, 8, 10, 30)).toISOString();
  const read = {
    manifest: { id: "m", name: "70/15/15", validation: 100, test: 100 },
    looks: [{ at, kind: "evaluation" as const }],
  };
  const { flagOf } = seen(plannedStudy({ manifest: "m" }), clean.slice(0, 20), read);
  expect(flagOf("look-while-tuning")).toEqual({ kind: "look-while-tuning", looks: 1, trials: 9 });
});

test("a study without a trial says of every panel what would fill it", () => {
  const { panels, kinds } = seen(plannedStudy({ space: [], base: {} }), []);
  expect(Object.values(panels).every((made) => "missing" in made)).toBe(true);
  expect(kinds).toEqual([]);
});
