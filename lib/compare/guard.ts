/** Which of the compared runs can't be held against the baseline as they are, and why. Pure. */
import { flattenConfig, type Scalar } from "../runs/flatten.ts";
import type { ComparabilityNotice, ComparedRun, NoticeKind } from "../wire/comparison.ts";
import { listWords, numberWords } from "../words/numbers.ts";

export type GuardedRun = Pick<
  ComparedRun,
  "id" | "status" | "manifest" | "config" | "codeDigest" | "recipe" | "lastStep"
>;
/** Samples of one run's test split that the other was trained or tuned on, by the run that is held against the baseline. */
export type Leaks = ReadonlyMap<string, number>;

type Guarded = GuardedRun & { flat: Record<string, Scalar> };
type Figures = ComparabilityNotice["figures"];
/** A rule names what is the matter with a run beside the baseline; null: nothing. What has the same figures is one notice. */
type Rule = {
  kind: NoticeKind;
  bars: ComparabilityNotice["bars"];
  of: (run: Guarded, base: Guarded, leaks: Leaks) => Figures | null;
};

/** The last part of a key in lower case, without `_` and `-`: `training.batch_size` is `batchsize`. */
const wordOf = (key: string): string =>
  key
    .slice(key.lastIndexOf(".") + 1)
    .toLowerCase()
    .replace(/[_-]/g, "");

const epochKeys = ["epochs", "maxepochs", "numepochs", "nepochs", "numtrainepochs"];
const stepKeys = [
  "steps",
  "maxsteps",
  "numsteps",
  "trainsteps",
  "totalsteps",
  "iterations",
  "maxiterations",
  "maxiters",
];
const batchKeys = ["batchsize", "perdevicetrainbatchsize", "trainbatchsize"];
const tunedKeys = ["learningrate", "lr", "weightdecay", "l2", "dropout"];
/** Runs that end so near each other had one budget. */
const NEAR = 0.01;

const split = (run: Guarded, name: "train" | "validation" | "test") => run.manifest?.splits[name].digest;
const differs = (run: Guarded, base: Guarded, name: "train" | "validation" | "test"): boolean =>
  run.manifest !== null && base.manifest !== null && split(run, name) !== split(base, name);

const rules: Rule[] = [
  { kind: "other-validation", bars: "every", of: (run, base) => (differs(run, base, "validation") ? {} : null) },
  {
    kind: "other-train",
    bars: "every",
    // where the validation split differs too, that is said alone
    of: (run, base) => (differs(run, base, "train") && !differs(run, base, "validation") ? {} : null),
  },
  { kind: "other-test", bars: "test", of: (run, base) => (differs(run, base, "test") ? {} : null) },
  {
    kind: "trained-on-test",
    bars: "test",
    of: (run, _, leaks) => {
      const count = leaks.get(run.id) ?? 0;
      return count === 0 ? null : { count: numberWords(count) };
    },
  },
  {
    kind: "other-preprocessing",
    bars: "every",
    of: (run, base) => {
      const keys = differingKeys(run, base, (key) => /(^|\.)preprocess/i.test(key));
      return keys.length === 0 ? null : { keys: namesOf(keys) };
    },
  },
  { kind: "other-budget", bars: "every", of: budgetBetween },
  {
    kind: "batch-not-retuned",
    bars: "every",
    of: (run, base) => {
      if (differingKeys(run, base, isOf(batchKeys)).length === 0) return null;
      const tuned = keysOf(run, base, isOf(tunedKeys));
      return tuned.length > 0 && tuned.every((key) => run.flat[key] === base.flat[key])
        ? { keys: namesOf(tuned) }
        : null;
    },
  },
  {
    kind: "mixed-budgets",
    bars: "every",
    of: (run, base) => {
      if (differingKeys(run, base, isOf(batchKeys)).length === 0) return null;
      const [own, other] = [budgetKind(run), budgetKind(base)];
      return own !== null && other !== null && own !== other ? {} : null;
    },
  },
  {
    kind: "other-code",
    bars: "none",
    of: (run, base) =>
      run.recipe !== null && run.recipe === base.recipe && run.codeDigest !== base.codeDigest ? {} : null,
  },
];

/**
 * One notice a kind and figures, with the runs that it is about. A fault of the baseline's own is about it alone, and bars
 * every other. `leaks`: by run, test samples that it and the baseline don't both leave alone.
 */
export function guard(runs: readonly GuardedRun[], baseline: string, leaks: Leaks): ComparabilityNotice[] {
  const guarded = runs.map((run) => ({ ...run, flat: flattenConfig(run.config) }));
  const base = guarded.find(({ id }) => id === baseline);
  if (!base || runs.length < 2) return [];
  const others = guarded.filter((run) => run !== base);
  const found = [...uncited(guarded), ...blocked(guarded)];
  for (const rule of rules)
    for (const run of others) {
      const figures = rule.of(run, base, leaks);
      if (figures) found.push({ kind: rule.kind, bars: rule.bars, runs: [run.id], figures });
    }
  return joined(found);
}

/** Whether a notice bars a verdict on a run's numbers beside the baseline. `isTest`: on numbers of a test split. */
export function isBarred(
  notices: readonly ComparabilityNotice[],
  { run, baseline, isTest }: { run: string; baseline: string; isTest: boolean },
): boolean {
  return notices.some(
    ({ bars, runs }) =>
      (bars === "every" || (bars === "test" && isTest)) && (runs.includes(run) || runs.includes(baseline)),
  );
}

const uncited = (runs: Guarded[]): ComparabilityNotice[] =>
  runs.flatMap(({ id, manifest }) => (manifest ? [] : [{ kind: "uncited", bars: "every", runs: [id], figures: {} }]));

const blocked = (runs: Guarded[]): ComparabilityNotice[] =>
  runs.flatMap(({ id, manifest }) =>
    manifest?.isOverridden
      ? [{ kind: "blocked", bars: "every", runs: [id], figures: { manifest: manifest.name } }]
      : [],
  );

function joined(notices: ComparabilityNotice[]): ComparabilityNotice[] {
  const byWords = new Map<string, ComparabilityNotice>();
  for (const notice of notices) {
    const key = `${notice.kind} ${JSON.stringify(notice.figures)}`;
    const known = byWords.get(key);
    byWords.set(key, known ? { ...known, runs: [...known.runs, ...notice.runs] } : notice);
  }
  return [...byWords.values()];
}

const isOf = (words: readonly string[]) => (key: string) => words.includes(wordOf(key));

const keysOf = (run: Guarded, base: Guarded, isWanted: (key: string) => boolean): string[] =>
  [...new Set([...Object.keys(base.flat), ...Object.keys(run.flat)])].filter(isWanted);

const differingKeys = (run: Guarded, base: Guarded, isWanted: (key: string) => boolean): string[] =>
  keysOf(run, base, isWanted).filter((key) => run.flat[key] !== base.flat[key]);

const namesOf = (keys: string[]): string => listWords([...keys].sort());

const budgetKind = ({ flat }: Guarded): "epochs" | "steps" | null => {
  const keys = Object.keys(flat);
  return keys.some(isOf(epochKeys)) ? "epochs" : keys.some(isOf(stepKeys)) ? "steps" : null;
};

/** By what the configs say; where they say nothing, by where two finished runs ended. */
function budgetBetween(run: Guarded, base: Guarded): Figures | null {
  const isBudget = isOf([...epochKeys, ...stepKeys]);
  const [key] = differingKeys(run, base, isBudget);
  if (key !== undefined) return { key, from: wordsOf(base.flat[key]), to: wordsOf(run.flat[key]) };
  if (keysOf(run, base, isBudget).length > 0) return null;
  if (run.status !== "finished" || base.status !== "finished") return null;
  const [own, other] = [run.lastStep, base.lastStep];
  if (own === null || other === null || Math.abs(own - other) <= NEAR * Math.max(own, other)) return null;
  return { key: "the last step", from: numberWords(other), to: numberWords(own) };
}

const wordsOf = (value: Scalar | undefined): string =>
  value === undefined ? "none" : typeof value === "number" ? numberWords(value) : String(value);
