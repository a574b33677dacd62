/** The contenders' curves: the best of each scientific value, or the best few, and what is wrong inside them. Pure. */
import { ascending, quantile } from "../../../statistics/moments.ts";
import type { StudyFlag, TrialName } from "../../../wire/studies/flags.ts";
import { bestTrialOf, objectiveKey, ratesOf, type StudyFacts, scientificOf, trialName } from "../../facts/facts.ts";
import type { PanelMaker } from "../../facts/panel.ts";
import { type Configuration, hasResult, type TrialResult } from "../../results.ts";
import { riseOf, signsOf, type TrialSigns } from "./signs.ts";

export type Contender = {
  trial: TrialName;
  run: string;
  name: string;
  /** The scientific value that it is the best of; null: it is one of the best few. */
  bestOf: { parameter: string; value: string } | null;
  value: number;
  bestStep: number | null;
  startedAt: string;
  flags: StudyFlag[];
  /** Predictions on validation that are stored, of how many samples; null: there is no manifest. */
  predictions: { stored: number; of: number } | null;
};

export type CurvesData = {
  contenders: Contender[];
  /** The series to draw. */
  keys: string[];
  /** Of all trials with a curve. */
  overfit: { count: number; of: number };
};

const BEST = 3;
const CONTENDERS_MAX = 8;
/** So large a share of overfit trials is worth a word. The playbook's example has 31 per cent. */
const OVERFIT_SHARE = 0.3;
const OVERFIT_MIN = 5;
const SLOWER = 2;
const REGULARISES = /dropout|weight_?decay|(^|[./_])(l1|l2|wd)$|augment|smooth|regulari/i;

export const makeCurves: PanelMaker<CurvesData> = (facts) => {
  const all = facts.results.filter(hasResult).flatMap((trial) => {
    const signs = signsOf(facts, trial);
    return signs ? [{ trial, signs }] : [];
  });
  if (all.length === 0) return { missing: "no-curve" };
  const contenders = contendersOf(facts).map((one) => contenderOf(facts, one));
  const overfit = all.filter(({ signs }) => signs.overfits);
  const key = objectiveKey(facts.study);
  const hasTrain = contenders.some(({ run }) => facts.curves.get(run)?.has("train/loss"));
  return {
    data: {
      contenders,
      keys: [...new Set([key, ...(hasTrain ? ["train/loss"] : [])])],
      overfit: { count: overfit.length, of: all.length },
    },
    flags: [...contenders.flatMap(({ flags }) => flags), ...shareFlag(facts, all)],
  };
};

type Contending = { trial: TrialResult; bestOf: Contender["bestOf"] };

/** Of each value of a scientific parameter with few values, else of all. */
function contendersOf(facts: StudyFacts): Contending[] {
  const found = new Map<string, Contending>();
  const add = (one: Configuration | undefined, bestOf: Contender["bestOf"]) => {
    const trial = one && bestTrialOf(one, facts);
    if (trial?.run && !trial.run.isDeleted && !found.has(trial.id)) found.set(trial.id, { trial, bestOf });
  };
  for (const { name, kind } of scientificOf(facts)) {
    const values = [...new Set(facts.ranked.flatMap(({ values }) => (name in values ? [values[name]!] : [])))];
    if (kind !== "categorical" && values.length > CONTENDERS_MAX) continue;
    for (const value of values)
      add(
        facts.ranked.find((one) => one.values[name] === value),
        { parameter: name, value: String(value) },
      );
  }
  for (const one of facts.ranked.slice(0, BEST)) add(one, null);
  return [...found.values()].slice(0, CONTENDERS_MAX);
}

function contenderOf(facts: StudyFacts, { trial, bestOf }: Contending): Contender {
  const { manifest, predictions } = facts;
  const stored = predictions.get(trial.runId) ?? 0;
  const isMissing = manifest !== null && manifest.validation > 0 && stored < manifest.validation;
  const signs = signsOf(facts, trial);
  return {
    trial: trialName(trial),
    run: trial.runId,
    name: trial.run!.name,
    bestOf,
    value: trial.value!,
    bestStep: trial.bestStep,
    startedAt: trial.createdAt,
    flags: [
      ...(signs ? flagsOf(facts, trial, signs) : []),
      ...(isMissing ? [{ kind: "predictions-missing" as const, trial: trialName(trial) }] : []),
    ],
    predictions: manifest && { stored, of: manifest.validation },
  };
}

function flagsOf(facts: StudyFacts, result: TrialResult, found: TrialSigns): StudyFlag[] {
  const { signs, curve, gain, flatSince } = found;
  const trial = trialName(result);
  const ofRun = facts.curves.get(result.runId);
  const loss = ofRun?.get("train/loss");
  const rise = loss ? riseOf(loss, ofRun?.get("-/learning_rate")) : null;
  const [best, next] = facts.ranked;
  const between = best && next ? Math.abs(best.value - next.value) : null;
  const isNoisy = between !== null && result.number === best!.number && signs.lateSpread > between / 2;
  const isExempt = scientificOf(facts).some(({ name }) => REGULARISES.test(name));
  return [
    ...(found.hasDiverged ? [{ kind: "diverged" as const, trial }] : []),
    ...(found.overfits && !isExempt
      ? [{ kind: "overfits" as const, trial, gap: signs.overfitGap, step: curve.steps[signs.bestIndex]! }]
      : []),
    ...(isNoisy ? [{ kind: "noisy" as const, trial, spread: signs.lateSpread, gap: between }] : []),
    ...(gain === null ? [] : [{ kind: "improving" as const, trial, gain }]),
    ...(flatSince === null ? [] : [{ kind: "flat" as const, trial, since: flatSince }]),
    ...(rise ? [{ kind: "train-rose" as const, trial, ...rise }] : []),
    ...(found.isPeriodic ? [{ kind: "periodic" as const, trial }] : []),
  ];
}

type Signed = { trial: TrialResult; signs: TrialSigns };

function shareFlag(facts: StudyFacts, all: Signed[]): StudyFlag[] {
  const overfit = all.filter(({ signs }) => signs.overfits);
  if (all.length < OVERFIT_MIN || overfit.length < OVERFIT_SHARE * all.length) return [];
  const rest = all.filter(({ signs }) => !signs.overfits);
  const [mid, own] = [middleRate(facts, rest), middleRate(facts, overfit)];
  const isSlower = mid !== null && own !== null && mid * SLOWER <= own;
  return [{ kind: "overfit-share", share: overfit.length / all.length, of: all.length, isSlower }];
}

function middleRate(facts: StudyFacts, of: Signed[]): number | null {
  const names = ratesOf(facts).map(({ name }) => name);
  const rates = of.flatMap(({ trial }) =>
    names.flatMap((name) => (name in trial.values ? [Number(trial.values[name])] : [])),
  );
  return rates.length === 0 ? null : quantile(ascending(rates), 0.5);
}
