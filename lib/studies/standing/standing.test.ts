import { expect, test } from "vitest";
import { expectedMaximum } from "../../statistics/selection/expected-maximum.ts";
import type { StudyStage } from "../../wire/studies/parameters.ts";
import type { Study } from "../../wire/studies/studies.ts";
import { floorOf, type ProjectNoise } from "../noise-floor.ts";
import type { PlacedFlag } from "../panels/panels.ts";
import type { TrialResult } from "../results.ts";
import { progressOf } from "./best-so-far.ts";
import { comparisonsOf } from "./comparisons.ts";
import { rolesOf } from "./roles.ts";
import { stagesOf } from "./stages.ts";
import { nextActOf, standingOf } from "./standing.ts";
import { storyOf } from "./story.ts";

const objective = { metric: "loss", split: "validation", direction: "min" } as const;
const study = {
  id: "s",
  number: 2,
  status: "open",
  mode: "explore",
  objective,
  manifest: "m",
  smallestDifference: null,
  trialsBudget: 3,
  decision: null,
  concludedAt: null,
  trials: { queued: 0, running: 0, finished: 3, failed: 0, stopped: 0, cancelled: 0 },
} as unknown as Study;
const costOf = (value: number) => value;
const configuration = (number: number, ...results: number[]) => ({
  number,
  values: {},
  origin: "search" as const,
  trials: [{ id: `trial ${number}` } as TrialResult],
  results,
  value: results.reduce((sum, one) => sum + one, 0) / results.length,
  spread: null,
  infeasible: null,
});
const unknown = floorOf(objective, []);
// two recipes of four seeds: a spread of .1 by six degrees of freedom
const four = [-0.1, 0.1, -0.1, 0.1].map((one) => (one * Math.sqrt(3)) / 2);
const floor = floorOf(objective, [{ values: four }, { values: four }]);

test("the best of many equal ones is lucky by the largest of so many normal numbers, and unknown without a noise floor", () => {
  const ranked = [0.3, 0.3, 0.3, 0.3].map((value, at) => configuration(at + 1, value));
  expect(floor.sd).toBeCloseTo(0.1, 12);
  const standing = standingOf({ ranked, costOf, study }, floor)!;
  // lower is better, so that luck is added
  expect(standing.corrected!.value).toBeCloseTo(0.3 + 0.1 * expectedMaximum(4), 12);
  expect(standing).toMatchObject({ best: { number: 1, seeds: 1 }, by: "floor", corrected: { of: 4 } });
  expect(standingOf({ ranked, costOf, study }, unknown)).toMatchObject({ interval: null, by: null, corrected: null });
  expect(standingOf({ ranked: [configuration(1, 0.1, 0.3)], costOf, study }, unknown)).toMatchObject({ by: "seeds" });
  expect(standingOf({ ranked: [], costOf, study }, floor)).toBeNull();
});

test("the gravest flag says what to do next; without one the study's own state does", () => {
  const far = { asked: 3, seeds: 2 };
  const boundary = { kind: "boundary", parameter: "lr", edge: "high", to: 1 } as const;
  const flags = [
    { section: "enough", flag: { kind: "tuning-saturated", gain: 0, noise: 1 } },
    { section: "axes", flag: boundary },
  ] as const;
  expect(nextActOf(study, flags, far)).toMatchObject({ kind: "flag", rule: "P29", proposal: "wider", section: "axes" });
  const fixed: PlacedFlag = { section: "roles", flag: { kind: "batch-not-retuned", fixed: ["lr"] } };
  expect(nextActOf(study, [...flags, fixed], far)).toMatchObject({ rule: "P6", proposal: "tune-rate" });
  expect(nextActOf(study, [], far)).toMatchObject({ kind: "conclude" });
  expect(nextActOf(study, [], { asked: 3, seeds: 1 })).toMatchObject({ kind: "more-seeds", rule: "P43" });
  expect(nextActOf(study, [], { asked: 1, seeds: 1 })).toMatchObject({ kind: "train" });
  expect(nextActOf({ ...study, status: "draft" }, flags, far)).toMatchObject({ kind: "open" });
  expect(nextActOf({ ...study, status: "concluded" }, flags, far)).toMatchObject({ kind: "follow" });
});

test("a new optimizer makes the learning rate stale, and a new model all before it", () => {
  const concluded = (number: number, stage: StudyStage, decision: Study["decision"] = "adopt") =>
    ({ ...study, number, stage, decision, status: "concluded", concludedAt: `2026-01-0${number}` }) as Study;
  const staleOf = (...studies: Study[]) =>
    stagesOf(studies).map(({ status, staleBy }) => [status, staleBy?.number ?? null]);
  const [batch, rate] = [concluded(1, "batch-size"), concluded(2, "learning-rate")];
  expect(staleOf(batch, rate)).toEqual([
    ["settled", null],
    ["settled", null],
    ["none", null],
    ["none", null],
  ]);
  expect(staleOf(batch, rate, concluded(3, "optimizer"))).toEqual([
    ["settled", null],
    ["settled", 3],
    ["settled", null],
    ["none", null],
  ]);
  expect(staleOf(batch, rate, concluded(3, "optimizer"), concluded(4, "model")).map(([, by]) => by)).toEqual([
    4,
    4,
    4,
    null,
  ]);
  // what wasn't adopted changes nothing
  expect(staleOf(batch, rate, concluded(3, "model", "reject"))).toEqual([
    ["settled", null],
    ["settled", null],
    ["none", null],
    ["kept", null],
  ]);
});

test("comparisons are one family, null results too, and without seeds or floor they are unknown", () => {
  const ranked = [
    configuration(1, 0.1, 0.11, 0.12),
    configuration(2, 0.115, 0.105, 0.12),
    configuration(3, 0.9, 0.91, 0.92),
  ];
  const of = (noise: ProjectNoise, ...some: typeof ranked) =>
    comparisonsOf({ ranked: some, ancestors: [], study, costOf }, noise);
  const { comparisons, tested } = of(unknown, ...ranked);
  expect(tested).toBe(2);
  expect(comparisons.map(({ name, verdict, by }) => [name, verdict, by])).toEqual([
    ["C1", "not-distinguishable", "seeds"],
    ["C2", "better", "seeds"],
  ]);
  const single = [configuration(1, 0.1), configuration(2, 0.15)];
  expect(of(unknown, ...single)).toMatchObject({
    tested: 0,
    comparisons: [{ verdict: "one-seed", interval: null, p: null }],
  });
  expect(of(floor, ...single)).toMatchObject({
    tested: 1,
    comparisons: [{ verdict: "not-distinguishable", by: "floor" }],
  });
  const before = { number: 1, objective, manifest: "m", chosen: { number: 4, results: [0.5, 0.51] } };
  const after = comparisonsOf({ ranked: ranked.slice(0, 1), ancestors: [before] as never, study, costOf }, unknown);
  expect(after.comparisons).toMatchObject([{ against: "before", b: { number: 4 }, verdict: "better" }]);
});

test("the best so far falls with each better result as it came, and looks stand where they were", () => {
  const result = (number: number, value: number, endedAt: string) =>
    ({
      number,
      replicate: 0,
      value,
      status: "finished",
      infeasible: null,
      endedAt,
      createdAt: endedAt,
      lastStep: 10,
      seconds: 3600,
    }) as TrialResult;
  const results = [result(1, 0.5, "2026-01-03"), result(2, 0.7, "2026-01-01"), result(3, 0.6, "2026-01-04")];
  const progress = progressOf({ results, costOf, study, looks: [{ at: "2026-01-03T12", kind: "logged" }] }, null)!;
  expect(progress.points.map(({ number, best }) => [number, best])).toEqual([
    [2, 0.7],
    [1, 0.5],
    [3, 0.5],
  ]);
  expect(progress.spent).toEqual({ trials: [1, 2, 3], steps: [10, 20, 30], hours: [1, 2, 3] });
  expect(progress.marks).toEqual([{ kind: "look", at: "2026-01-03T12", after: 2 }]);
  expect(progressOf({ results: [], costOf, study, looks: [] }, null)).toBeNull();
});

test("a sentence of the story names its comparison, or is marked", () => {
  expect(storyOf("Lower is better (C1). Trial 7 won!\nC9 says so.", [{ name: "C1" }])).toEqual([
    { text: "Lower is better (C1).", comparisons: ["C1"], unknown: [], trials: [] },
    { text: "Trial 7 won!", comparisons: [], unknown: [], trials: [7] },
    { text: "C9 says so.", comparisons: [], unknown: ["C9"], trials: [] },
  ]);
});

test("what no parameter changes is a caveat, but for seeds", () => {
  const base = { note: "x", seed: 1, family: "cnn", optimizer: { name: "adam", learningRate: 0.1 } };
  const space = [
    { kind: "float", path: "optimizer.learningRate", role: "nuisance", low: 0.1, high: 1, scale: "log" },
  ] as Study["space"];
  expect(rolesOf({ base, space })).toMatchObject({
    scientific: [],
    nuisance: [{ path: "optimizer.learningRate" }],
    fixed: [{ path: "family" }, { path: "optimizer.name" }, { path: "note" }],
  });
});
