/**
 * Which of the compared runs can't be held against the baseline as they are, and why. Pure. A project declares a metric
 * once for all its runs, so declarations never differ here; another manifest always has another split, which is said.
 */
import { flattenConfig, type Scalar } from "../runs/flatten.ts";
import type { ComparabilityNotice, ComparedRun, NoticeKind } from "../wire/comparison.ts";
import { listWords, numberWords } from "../words/numbers.ts";

export type GuardedRun = Pick<
  ComparedRun,
  "id" | "status" | "manifest" | "config" | "codeDigest" | "recipe" | "lastStep"
>;
export type Preprocessing = { fittedOn: string; values: Record<string, unknown> };
/** What lies between the runs that they don't say themselves. */
export type Border = {
  /** Samples of one run's test split that the other's weights have seen, by the run that is held against the baseline. */
  leaks: ReadonlyMap<string, number>;
  /** By run: the nearest run that its weights began as, and so on, of which no manifest is known. */
  uncitedAncestors: ReadonlyMap<string, string>;
  /** By run with checkpoints: what was fitted to the training split; null: nothing was. */
  preprocessing: ReadonlyMap<string, Preprocessing | null>;
  /** By run and split: by which version of the definitions its newest evaluation was computed. */
  definitions: ReadonlyMap<string, Partial<Record<"validation" | "test", number>>>;
  /** Recipes whose mean is of runs with more than one state of the code. */
  mixedRecipes: ReadonlySet<string>;
};

type Guarded = GuardedRun & { flat: Record<string, Scalar> };
type Figures = ComparabilityNotice["figures"];
/** A rule names what is the matter with a run beside the baseline; null: nothing. What has the same figures is one notice. */
type Rule = {
  kind: NoticeKind;
  bars: ComparabilityNotice["bars"];
  of: (run: Guarded, base: Guarded, border: Border) => Figures | null;
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
const exampleKeys = ["examples", "maxexamples", "numexamples", "tokens", "maxtokens", "totaltokens"];
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
    of: (run, _, { leaks }) => {
      const count = leaks.get(run.id) ?? 0;
      return count === 0 ? null : { count: numberWords(count) };
    },
  },
  {
    kind: "other-preprocessing",
    bars: "every",
    of: (run, base, { preprocessing }) => {
      const keys = differingKeys(run, base, (key) => /(^|\.)preprocess/i.test(key));
      const fitted = fittedDifference(preprocessing.get(run.id), preprocessing.get(base.id));
      const named = [...keys, ...fitted.map((name) => `${name} as fitted`)];
      return named.length === 0 ? null : { keys: namesOf(named) };
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
  ...(["validation", "test"] as const).map(
    (name): Rule => ({
      kind: "other-definition",
      bars: "evaluations",
      of: (run, base, { definitions }) => {
        const [to, from] = [definitions.get(run.id)?.[name], definitions.get(base.id)?.[name]];
        return to === undefined || from === undefined || to === from ? null : { split: name, from, to };
      },
    }),
  ),
];

/**
 * One notice a kind and figures, with the runs that it is about. A fault of the baseline's own is about it alone, and bars
 * every other.
 */
export function guard(runs: readonly GuardedRun[], baseline: string, border: Border): ComparabilityNotice[] {
  const guarded = runs.map((run) => ({ ...run, flat: flattenConfig(run.config) }));
  const base = guarded.find(({ id }) => id === baseline);
  if (!base || runs.length < 2) return [];
  const others = guarded.filter((run) => run !== base);
  const found = guarded.flatMap((run) => ownFaults(run, border));
  for (const rule of rules)
    for (const run of others) {
      const figures = rule.of(run, base, border);
      if (figures) found.push({ kind: rule.kind, bars: rule.bars, runs: [run.id], figures });
    }
  return joined([...found, ...otherCode(guarded, border)]);
}

/**
 * Whether a notice bars a verdict on a run's numbers beside the baseline. `isTest`: on numbers of a test split, which are an
 * evaluation's; `isEvaluation`: on those of an evaluation.
 */
export function isBarred(
  notices: readonly ComparabilityNotice[],
  about: { run: string; baseline: string; isTest: boolean; isEvaluation?: boolean },
): boolean {
  const { run, baseline, isTest, isEvaluation = isTest } = about;
  const isOf = { every: true, evaluations: isEvaluation, test: isTest, none: false };
  return notices.some(({ bars, runs }) => isOf[bars] && (runs.includes(run) || runs.includes(baseline)));
}

/** What is the matter with a run whatever it is held against. */
function ownFaults({ id, manifest }: Guarded, { uncitedAncestors }: Border): ComparabilityNotice[] {
  const runs = [id];
  const ancestor = uncitedAncestors.get(id);
  const found: ComparabilityNotice[] = [];
  if (manifest === null) found.push({ kind: "uncited", bars: "every", runs, figures: {} });
  if (ancestor !== undefined) found.push({ kind: "uncited-ancestor", bars: "test", runs, figures: { ancestor } });
  if (manifest?.verdict === "block") {
    const figures = { manifest: manifest.name, override: manifest.isOverridden ? "yes" : "no" };
    found.push({ kind: "blocked", bars: "every", runs, figures });
  }
  if (manifest?.verdict === null)
    found.push({ kind: "unchecked", bars: "none", runs, figures: { manifest: manifest.name } });
  return found;
}

/** Runs of one recipe and other code, or of a recipe whose mean has some, whichever the baseline is: a mean is one side. */
function otherCode(runs: Guarded[], { mixedRecipes }: Border): ComparabilityNotice[] {
  const codes = new Map<string, Set<string>>();
  for (const { recipe, codeDigest } of runs)
    if (recipe !== null && codeDigest !== null) codes.set(recipe, (codes.get(recipe) ?? new Set()).add(codeDigest));
  return runs.flatMap(({ id, recipe }) =>
    recipe !== null && (mixedRecipes.has(recipe) || (codes.get(recipe)?.size ?? 0) > 1)
      ? [{ kind: "other-code", bars: "none", runs: [id], figures: {} }]
      : [],
  );
}

function joined(notices: ComparabilityNotice[]): ComparabilityNotice[] {
  const byWords = new Map<string, ComparabilityNotice>();
  for (const notice of notices) {
    const key = `${notice.kind} ${JSON.stringify(notice.figures)}`;
    const known = byWords.get(key);
    byWords.set(key, known ? { ...known, runs: [...known.runs, ...notice.runs] } : notice);
  }
  return [...byWords.values()];
}

/** Keys of the training, whatever evaluation has under the same word. */
const isOf = (words: readonly string[]) => (key: string) =>
  words.includes(wordOf(key)) && !/(^|\.)(eval|evaluation|val|valid|validation|test)\./i.test(key);

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
  const isBudget = isOf([...epochKeys, ...stepKeys, ...exampleKeys]);
  const [key] = differingKeys(run, base, isBudget);
  if (key !== undefined) return { key, from: wordsOf(base.flat[key]), to: wordsOf(run.flat[key]) };
  const [seen, before] = [examplesOf(run), examplesOf(base)];
  if (seen !== null && before !== null && seen !== before)
    return { key: "the number of examples seen", from: numberWords(before), to: numberWords(seen) };
  if (keysOf(run, base, isBudget).length > 0) return null;
  if (run.status !== "finished" || base.status !== "finished") return null;
  const [own, other] = [run.lastStep, base.lastStep];
  if (own === null || other === null || Math.abs(own - other) <= NEAR * Math.max(own, other)) return null;
  return { key: "the last step", from: numberWords(other), to: numberWords(own) };
}

/** Steps times batch size, where the config says both; equal steps of other batches are other budgets. */
function examplesOf({ flat }: Guarded): number | null {
  const firstOf = (words: readonly string[]) => flat[Object.keys(flat).find(isOf(words)) ?? ""];
  const [steps, batch] = [firstOf(stepKeys), firstOf(batchKeys)];
  return typeof steps === "number" && typeof batch === "number" ? steps * batch : null;
}

/** Floats that are summed in another order. */
const isNear = (a: unknown, b: unknown): boolean =>
  typeof a === "number" && typeof b === "number"
    ? Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))
    : a === b;

/**
 * Names of what was fitted otherwise. Undefined: nobody knows, and nothing is said. Values of other training samples differ
 * by themselves: of these the names alone count.
 */
function fittedDifference(own: Preprocessing | null | undefined, base: Preprocessing | null | undefined): string[] {
  if (own === undefined || base === undefined) return [];
  const [a, b] = [own?.values ?? {}, base?.values ?? {}];
  const isSameSplit = own?.fittedOn === base?.fittedOn;
  return [...new Set([...Object.keys(b), ...Object.keys(a)])].filter((name) =>
    isSameSplit ? !isNear(a[name], b[name]) : name in a !== name in b,
  );
}

const wordsOf = (value: Scalar | undefined): string =>
  value === undefined ? "none" : typeof value === "number" ? numberWords(value) : String(value);
