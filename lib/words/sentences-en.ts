/** English: names and what is stored as a kind beside the statements of checks. A table that lacks one of `lib/wire` doesn't compile. */
import type { CheckName, CheckStage, FigureName } from "../wire/data/checks.ts";
import type { JobFailureFigures } from "../wire/data/job-failures.ts";
import type { ReasonFigures } from "../wire/evaluations/evaluable.ts";
import type { Evaluation, LookPurpose } from "../wire/evaluations/evaluations.ts";
import type { Ledger, LedgerStatus, TestMode } from "../wire/evaluations/looks.ts";
import { countWords, decimalWords, numberWords, significantWords } from "./numbers.ts";

/** A sentence, or several, of each kind. */
export type SentencesOf<Figures> = { [Kind in keyof Figures]: (figures: Figures[Kind]) => string };

export const checkTitles: Record<CheckName, string> = {
  "exact-duplicates": "Exact duplicates",
  "near-duplicates": "Near duplicates",
  "label-conflicts": "Conflicting labels",
  groups: "Groups",
  "time-order": "Time order",
  "ordered-data": "Ordered data",
  "class-balance": "Class balance",
  "missing-classes": "Missing classes",
  power: "Power",
};

/** What the checks are at. */
export const stages: Record<CheckStage | "waiting", string> = {
  waiting: "Waiting to be checked …",
  "exact-duplicates": "Looking for exact duplicates …",
  "near-duplicates": "Looking for near duplicates …",
  "label-conflicts": "Looking for conflicting labels …",
  groups: "Looking for groups …",
  "time-order": "Looking for time order …",
  labels: "Looking for labels …",
};

/** What stands against an evaluation on a manifest's test split. */
export const reasons: SentencesOf<ReasonFigures> = {
  empty: ({ manifest }) => `${manifest} has no test sample`,
  unchecked: ({ manifest }) => `${manifest} is not checked yet, and its checks may block it`,
  blocked: ({ manifest }) =>
    `its checks block ${manifest}; repair it, or have a member override the block in writing on its page`,
  uncited: ({ from }) => {
    const who = from ? `${from.name ?? `run ${from.run}`}, which its weights come from,` : "the run";
    const why = from && from.name === null ? "is gone" : "cites no manifest";
    return `${who} ${why}: nobody knows which samples it was trained on`;
  },
  leak: ({ manifest, tests, leaking, first }) => {
    const more = leaking > first.length ? ` and ${numberWords(leaking - first.length)} more` : "";
    return `of the ${countWords(tests, "test sample")} of ${manifest}, ${numberWords(leaking)} stood in train or validation of what the run, or a run that its weights come from, cites: ${first.join(", ")}${more}`;
  },
};

/** Why a test split was looked at, where a client logged a number of it. */
export const loggedLook = (series: string): string => `logged as the metric ${series}`;

/** Why work in the background failed. */
export const jobFailures: SentencesOf<JobFailureFigures> = {
  "earlier-text": ({ text }) => text,
  "workers-died": ({ workers }) => `given up: ${countWords(workers, "worker")} died with it`,
  "no-program": ({ job }) => `nothing here does jobs of kind ${job}`,
  "disk-full": () => "the disk of the server is full; free some space there first",
  "database-away": ({ attempts }) => `the database was away, ${countWords(attempts, "time")}`,
  unforeseen: ({ text }) => text,
};

export const figureTitles: Record<FigureName, string> = {
  contents: "contents",
  pairs: "pairs",
  testSamples: "test samples",
  testShare: "test share",
  testSamplesInTrain: "test samples in train",
  testShareInTrain: "test share in train",
  files: "files",
  inside: "inside",
  searched: "searched",
  nominated: "nominated",
  distance: "distance",
  threshold: "threshold",
  recallRounded: "recall rounded",
  recallNoisy: "recall noisy",
  recallOneColumn: "recall one column",
  groups: "groups",
  spanning: "spanning",
  testEarlierShare: "test earlier share",
  testEqualShare: "test equal share",
  testAtLast: "test at last",
  untimed: "untimed",
  auc: "AUC",
  units: "units",
  labelP: "p of labels",
  splitP: "p of splits",
  sharesP: "p of labels by split",
  leftOut: "left out",
  chi2: "χ²",
  g: "G",
  degreesOfFreedom: "degrees of freedom",
  p: "p",
  permuted: "permuted",
  cramersV: "Cramér's V",
  cramersVCorrected: "Cramér's V, corrected",
  minExpected: "min expected",
  tvd: "TVD",
  tvdNull95: "TVD's null line",
  psi: "PSI",
  psiNull95: "PSI's null line",
  psiFloor: "PSI's floor",
  largestDeviation: "largest deviation of a share",
  designEffect: "design effect",
  usualShift: "usual shift",
  missing: "missing",
  expectedMax: "expected max",
  test: "test",
  halfWidthAt90: "half-width at 90 %",
  halfWidthAt50: "half-width at 50 %",
  unseenShift: "unseen shift",
};

/** What a look was for. */
export const lookPurposes: Record<LookPurpose, string> = {
  final: "final number",
  comparison: "comparison",
  debugging: "debugging",
};

/** How test splits may be looked at: a name, and what it means. */
export const testModes: Record<TestMode, [name: string, meaning: string]> = {
  shut: ["Shut", "It is opened with a reason, as often as the budget says; each opening is a look."],
  ladder: ["Ladder", "A score is shown only where it beats the best one by more than chance; reports aren't shown."],
  "one-bit": [
    "One bit",
    "A token learns whether a model is better than the champion, and nothing else; members read the report.",
  ],
  open: ["Open", "Looks are counted, and none is refused."],
};

/** Where a test split stands, as a mark. */
export const ledgerStatuses: Record<LedgerStatus, string> = {
  sealed: "sealed",
  first: "first look",
  again: "looked at again",
  adaptive: "adaptively reused",
  exhausted: "budget spent",
};

type LedgerFigures = Pick<Ledger, "count" | "inherited" | "adaptive" | "runsSince" | "budget" | "freshSamples">;

/** The same in a sentence or two: what it means for a number of this split. */
export const ledgerMeanings: Record<LedgerStatus, (ledger: LedgerFigures) => string> = {
  sealed: () => "Nobody has looked at it: the first number will be an honest one.",
  first: ({ count }) =>
    count === 0
      ? "Nobody has looked at it, but at some of its samples in another test split."
      : "It was looked at once, and no training followed: the number's own interval holds.",
  again: ({ count }) =>
    count === 0
      ? "Nobody has looked at it, but at its samples in other test splits: intervals that hold for all looks at once are wider."
      : `It was looked at ${countWords(count, "time")}, and no training followed a look: intervals that hold for all of them at once are a little wider.`,
  adaptive: (ledger) => reuse(ledger),
  exhausted: (ledger) => {
    const fresh = ledger.freshSamples === null ? "" : `, ${numberWords(ledger.freshSamples)} samples or more`;
    const spent = `Nothing is left of its budget: get fresh test data${fresh}, or have an admin confirm one more look in writing.`;
    return ledger.adaptive === 0 ? spent : `${reuse(ledger)} ${spent}`;
  },
};

const reuse = ({ count, adaptive, runsSince }: LedgerFigures): string =>
  `${countWords(runsSince, "run")} began after ${adaptive === count ? "a look" : `${numberWords(adaptive)} of ${countWords(count, "look")}`}: what was seen may have steered them, and their numbers may flatter.`;

/** What a test evaluation released where its report isn't shown. */
export const released = ({ mode, better, loss }: NonNullable<Evaluation["released"]>): string =>
  mode === "one-bit" || loss === null
    ? `It is ${better ? "better" : "not better"} than the champion, or than the best so far where there is none.`
    : better
      ? `It is the best so far, by more than chance: its mean loss is ${significantWords(loss, 4)}.`
      : `It didn't beat the best by more than chance. The best so far has a mean loss of ${significantWords(loss, 4)}.`;

/** `look 2 of 3`; past the budget, and where looks have none, without what it is out of. */
export const lookOfBudget = (number: number, budget: number | null): string =>
  budget === null || number > budget
    ? `look ${numberWords(number)}`
    : `look ${numberWords(number)} of ${numberWords(budget)}`;

/** How much of a budget is used; `null`: looks are counted and none is refused. */
export function lookUse({ count, inherited }: Pick<Ledger, "count" | "inherited">, budget: number | null): string {
  const shared = (what: string) => `${decimalWords(inherited, 2)} ${what}through shared samples`;
  const own = countWords(count, "look");
  const looks = inherited === 0 ? own : count === 0 ? shared("looks ") : `${own} and ${shared("")}`;
  return budget === null ? looks : `${looks}, of a budget of ${numberWords(budget)}`;
}
