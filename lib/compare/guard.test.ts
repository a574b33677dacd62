/** The guard as a table: a planted pair of each kind is told, and what is no fault isn't. */
import { expect, test } from "vitest";
import type { ComparabilityNotice, NoticeKind } from "../wire/comparison.ts";
import { noticeKinds } from "../wire/comparison.ts";
import { noticeDetail, noticeTitle } from "../words/comparison-words.ts";
import { type Border, type GuardedRun, guard, isBarred } from "./guard.ts";

const digest = (letter: string) => letter.repeat(64);
type Manifest = NonNullable<GuardedRun["manifest"]>;
type Splits = Partial<Record<"train" | "validation" | "test", string>>;

const manifest = (splits: Splits = {}, more: Partial<Manifest> = {}): Manifest => {
  const { train = "a", validation = "b", test: tests = "c" } = splits;
  const part = (letter: string) => ({ digest: digest(letter), count: 10 });
  return {
    id: digest(`${train}${validation}${tests}`).slice(0, 64),
    name: "signs",
    verdict: "pass",
    isOverridden: false,
    splits: { train: part(train), validation: part(validation), test: part(tests) },
    ...more,
  };
};
const base: GuardedRun = {
  id: "base",
  status: "finished",
  manifest: manifest(),
  config: { batchSize: 64, epochs: 10, optimizer: { learningRate: 0.001, weightDecay: 0 } },
  codeDigest: digest("1"),
  recipe: digest("2"),
  lastStep: 999,
};
const other = (change: Partial<GuardedRun> = {}): GuardedRun => ({
  ...base,
  id: "other",
  recipe: digest("3"),
  ...change,
});
const config = (change: object) => other({ config: { ...(base.config as object), ...change } as GuardedRun["config"] });
const quiet: Border = {
  leaks: new Map(),
  uncitedAncestors: new Map(),
  preprocessing: new Map(),
  definitions: new Map(),
  mixedRecipes: new Set(),
};
const fitted = (values: Record<string, number>, letter = "a") => ({ fittedOn: digest(letter), values });
const preprocessing = (own: ReturnType<typeof fitted> | null, its: ReturnType<typeof fitted> | null) => ({
  preprocessing: new Map([
    ["base", its],
    ["other", own],
  ]),
});

type Told = [NoticeKind, ComparabilityNotice["bars"], string[]];
type Row = [name: string, run: GuardedRun, border: Partial<Border>, told: Told[], baseline?: Partial<GuardedRun>];

const every = (kind: NoticeKind): Told => [kind, "every", ["other"]];
const table: Row[] = [
  ["two clean recipes", config({ optimizer: { learningRate: 0.01, weightDecay: 0 } }), {}, []],
  ["a run without manifest", other({ manifest: null }), {}, [every("uncited")]],
  ["a baseline without manifest", other(), {}, [["uncited", "every", ["base"]]], { manifest: null }],
  [
    "two without manifest",
    other({ manifest: null }),
    {},
    [["uncited", "every", ["base", "other"]]],
    { manifest: null },
  ],
  [
    "weights of a run without manifest",
    other(),
    { uncitedAncestors: new Map([["other", "old"]]) },
    [["uncited-ancestor", "test", ["other"]]],
  ],
  [
    "a blocked manifest, overridden",
    other({ manifest: manifest({}, { verdict: "block", isOverridden: true }) }),
    {},
    [every("blocked")],
  ],
  ["a blocked manifest", other({ manifest: manifest({}, { verdict: "block" }) }), {}, [every("blocked")]],
  [
    "an unchecked manifest",
    other({ manifest: manifest({}, { verdict: null }) }),
    {},
    [["unchecked", "none", ["other"]]],
  ],
  ["a warning of the checks", other({ manifest: manifest({}, { verdict: "warn" }) }), {}, []],
  ["another train split alone", other({ manifest: manifest({ train: "d" }) }), {}, [every("other-train")]],
  ["another validation split", other({ manifest: manifest({ validation: "d" }) }), {}, [every("other-validation")]],
  [
    "another train and validation split",
    other({ manifest: manifest({ train: "d", validation: "e" }) }),
    {},
    [every("other-validation")],
  ],
  ["another test split", other({ manifest: manifest({ test: "d" }) }), {}, [["other-test", "test", ["other"]]]],
  [
    "another manifest altogether",
    other({ manifest: manifest({ train: "d", validation: "e", test: "f" }) }),
    {},
    [every("other-validation"), ["other-test", "test", ["other"]]],
  ],
  [
    "a run that learnt the other’s test samples",
    other(),
    { leaks: new Map([["other", 12]]) },
    [["trained-on-test", "test", ["other"]]],
  ],
  ["another preprocessing by config", config({ preprocessing: { mean: 0 } }), {}, [every("other-preprocessing")]],
  [
    "other values fitted to one split",
    other(),
    preprocessing(fitted({ mean: 1 }), fitted({ mean: 2 })),
    [every("other-preprocessing")],
  ],
  [
    "the same fitted, summed in another order",
    other(),
    preprocessing(fitted({ mean: 0.1 + 0.2 }), fitted({ mean: 0.3 })),
    [],
  ],
  [
    "nothing fitted beside something",
    other(),
    preprocessing(null, fitted({ mean: 2 })),
    [every("other-preprocessing")],
  ],
  ["nothing fitted in either", other(), preprocessing(null, null), []],
  [
    "values of other training samples",
    other({ manifest: manifest({ train: "d" }) }),
    preprocessing(fitted({ mean: 1 }, "d"), fitted({ mean: 2 })),
    [every("other-train")],
  ],
  ["a checkpoint of one run alone", other(), { preprocessing: new Map([["base", fitted({ mean: 2 })]]) }, []],
  ["another number of epochs", config({ epochs: 20 }), {}, [every("other-budget")]],
  ["another number of examples", config({ maxExamples: 1e6 }), {}, [every("other-budget")]],
  [
    "more steps, where the config says nothing",
    other({ config: {}, lastStep: 1999 }),
    {},
    [every("other-budget")],
    { config: {} },
  ],
  ["one step more of a thousand", other({ config: {}, lastStep: 1000 }), {}, [], { config: {} }],
  ["a run that goes on", other({ config: {}, status: "running", lastStep: 20 }), {}, [], { config: {} }],
  ["an early end of equal budgets", other({ lastStep: 120 }), {}, []],
  ["another batch size, not tuned again", config({ batchSize: 128 }), {}, [every("batch-not-retuned")]],
  [
    "another batch size with its own rate",
    config({ batchSize: 128, optimizer: { learningRate: 0.002, weightDecay: 0 } }),
    {},
    [],
  ],
  ["another batch size of the evaluation", config({ eval: { batch_size: 128 } }), {}, []],
  [
    "equal steps of other batches",
    other({ config: { batch_size: 128, max_steps: 1000, lr: 0.2 } }),
    {},
    [every("other-budget")],
    { config: { batch_size: 64, max_steps: 1000, lr: 0.1 } },
  ],
  [
    "epochs beside steps",
    other({ config: { batchSize: 128, steps: 1000 } }),
    {},
    [every("other-budget"), every("mixed-budgets")],
    { config: { batchSize: 64, epochs: 10 } },
  ],
  [
    "reports of two versions of the definitions",
    other(),
    {
      definitions: new Map([
        ["base", { validation: 3, test: 3 }],
        ["other", { validation: 4 }],
      ]),
    },
    [["other-definition", "evaluations", ["other"]]],
  ],
  [
    "reports of one version",
    other(),
    {
      definitions: new Map([
        ["base", { test: 3 }],
        ["other", { test: 3 }],
      ]),
    },
    [],
  ],
  [
    "a replicate of other code",
    other({ recipe: base.recipe, codeDigest: digest("9") }),
    {},
    [["other-code", "none", ["base", "other"]]],
  ],
  ["another recipe of other code", other({ codeDigest: digest("9") }), {}, []],
  ["a replicate of which no code is known", other({ recipe: base.recipe, codeDigest: null }), {}, []],
  [
    "a mean of runs of other code",
    other(),
    { mixedRecipes: new Set([digest("3")]) },
    [["other-code", "none", ["other"]]],
  ],
];

test.each(table)("%s", (_, run, border, told, baseline = {}) => {
  const found = guard([{ ...base, ...baseline }, run], "base", { ...quiet, ...border });
  expect(found.map(({ kind, bars, runs }) => [kind, bars, runs])).toEqual(told);
});

test("every kind is in the table, and has words without a hole", () => {
  const told = table.flatMap(([, run, border, , baseline = {}]) =>
    guard([{ ...base, ...baseline }, run], "base", { ...quiet, ...border }),
  );
  expect([...new Set(told.map(({ kind }) => kind))].sort()).toEqual([...noticeKinds].sort());
  for (const notice of told)
    expect(`${noticeTitle(notice)} ${noticeDetail(notice)}`).not.toMatch(/undefined|null|NaN|\[object/);
});

test("two replicates of other code are told though neither is the baseline, and one run alone is quiet", () => {
  const two = ["4", "5"].map((letter) => ({ ...other({ codeDigest: digest(letter) }), id: letter }));
  expect(guard([base, ...two], "base", quiet)).toMatchObject([{ kind: "other-code", runs: ["4", "5"] }]);
  expect(guard([{ ...base, manifest: null }], "base", quiet)).toEqual([]);
  expect(guard([base, other({ manifest: null })], "nobody", quiet)).toEqual([]);
});

test("runs with one fault share a notice, and others have their own", () => {
  const runs = [base, ...["x", "y", "z"].map((id) => ({ ...config({ epochs: id === "z" ? 40 : 20 }), id }))];
  expect(guard(runs, "base", quiet)).toEqual([
    { kind: "other-budget", bars: "every", runs: ["x", "y"], figures: { key: "epochs", from: "10", to: "20" } },
    { kind: "other-budget", bars: "every", runs: ["z"], figures: { key: "epochs", from: "10", to: "40" } },
  ]);
});

test("a notice bars what it says of its runs, and of all where it is the baseline's", () => {
  const notice = (bars: ComparabilityNotice["bars"], runs: string[]): ComparabilityNotice[] => [
    { kind: "blocked", bars, runs, figures: {} },
  ];
  const numbers = {
    plain: { isTest: false },
    evaluated: { isTest: false, isEvaluation: true },
    test: { isTest: true },
  };
  const barredOf = (notices: ComparabilityNotice[], run = "other") =>
    Object.entries(numbers).flatMap(([name, which]) =>
      isBarred(notices, { run, baseline: "base", ...which }) ? [name] : [],
    );
  expect(barredOf(notice("every", ["other"]))).toEqual(["plain", "evaluated", "test"]);
  expect(barredOf(notice("evaluations", ["other"]))).toEqual(["evaluated", "test"]);
  expect(barredOf(notice("test", ["other"]))).toEqual(["test"]);
  expect(barredOf(notice("none", ["other"]))).toEqual([]);
  expect(barredOf(notice("every", ["third"]))).toEqual([]);
  expect(barredOf(notice("every", ["base"]))).toEqual(["plain", "evaluated", "test"]);
});
