/** What the checks of the tuning playbook saw in a study: kinds and figures, of which the sentences are made. */

/** A trial as people name it: its configuration, and which seed of it, from 0. */
export type TrialName = { number: number; replicate: number };

type Seen = {
  /** The best lies at an end of what was searched; `to`: where the range might end instead. */
  boundary: { parameter: string; edge: "low" | "high"; to: number };
  "few-good": { good: number; of: number };
  /** Shares are 0–1. */
  infeasible: { share: number; of: number };
  "mostly-infeasible": { share: number; of: number };
  "starved-value": { parameter: string; value: string; trials: number; most: number };
  "unfair-baseline": { parameter: string; baseline: string; trials: number; candidate: string; of: number };
  "uneven-coverage": { ratio: number };
  "grid-of-many": { dimensions: number };
  "too-few-trials": { trials: number; spread: number; noise: number };
  "tuning-saturated": { gain: number; noise: number };
  "adaptive-search": Record<never, never>;
  "fixed-rate": { parameter: string };
  overfits: { trial: TrialName; gap: number; step: number };
  "overfit-share": { share: number; of: number; isSlower: boolean };
  noisy: { trial: TrialName; spread: number; gap: number };
  improving: { trial: TrialName; gain: number };
  flat: { trial: TrialName; since: number };
  "train-rose": { trial: TrialName; from: number; to: number };
  periodic: { trial: TrialName };
  diverged: { trial: TrialName };
  "runs-too-long": { of: number };
  "runs-too-short": { share: number; of: number };
  "rate-at-edge": { rate: number; fails: number };
  "rate-unstable": { trial: TrialName; rate: number };
  "early-unstable": { trial: TrialName; ratio: number };
  clipped: { trial: TrialName; share: number };
  "warmup-long": { share: number };
  "batch-not-retuned": { fixed: string[] };
  "slow-scaling": { from: number; to: number; efficiency: number };
  "batch-saturated": { at: number };
  accumulation: { steps: number };
  "input-bound": { share: number };
  "probe-stale": { study: number; changed: string[] };
  "budgets-differ": { least: number; most: number };
  "budget-kinds-mixed": { kinds: string[] };
  "one-seed": Record<never, never>;
  "lucky-winner": { difference: number; noise: number };
  "predictions-missing": { trial: TrialName };
  "extra-without-gain": { extra: string; study: number };
  "look-while-tuning": { looks: number; trials: number };
};

export type StudyFlagKind = keyof Seen;
export type StudyFlag = { [Kind in StudyFlagKind]: { kind: Kind } & Seen[Kind] }[StudyFlagKind];
export type FlagOf<Kind extends StudyFlagKind> = Seen[Kind];

/** `danger`: what the study says can't be believed as it is; `note`: good to know. */
export type FlagTone = "danger" | "warning" | "note";

/** The rule of the tuning playbook that a flag comes from, and how grave it is. */
export const flagRules: Record<StudyFlagKind, { rule: string; tone: FlagTone }> = {
  boundary: { rule: "P29", tone: "warning" },
  "few-good": { rule: "P30", tone: "warning" },
  infeasible: { rule: "P31", tone: "warning" },
  "mostly-infeasible": { rule: "P31", tone: "danger" },
  "starved-value": { rule: "P26", tone: "warning" },
  "unfair-baseline": { rule: "P28", tone: "danger" },
  "uneven-coverage": { rule: "P73", tone: "warning" },
  "grid-of-many": { rule: "P73", tone: "warning" },
  "too-few-trials": { rule: "P76", tone: "warning" },
  "tuning-saturated": { rule: "P85", tone: "note" },
  "adaptive-search": { rule: "P85", tone: "note" },
  "fixed-rate": { rule: "P24", tone: "warning" },
  overfits: { rule: "P34", tone: "warning" },
  "overfit-share": { rule: "P35", tone: "warning" },
  noisy: { rule: "P36", tone: "warning" },
  improving: { rule: "P37", tone: "note" },
  flat: { rule: "P38", tone: "note" },
  "train-rose": { rule: "P39", tone: "warning" },
  periodic: { rule: "P59", tone: "warning" },
  diverged: { rule: "P31", tone: "warning" },
  "runs-too-long": { rule: "P49", tone: "note" },
  "runs-too-short": { rule: "P49", tone: "warning" },
  "rate-at-edge": { rule: "P80", tone: "warning" },
  "rate-unstable": { rule: "P77", tone: "warning" },
  "early-unstable": { rule: "P78", tone: "warning" },
  clipped: { rule: "P82", tone: "warning" },
  "warmup-long": { rule: "P81", tone: "warning" },
  "batch-not-retuned": { rule: "P6", tone: "danger" },
  "slow-scaling": { rule: "P8", tone: "warning" },
  "batch-saturated": { rule: "P9", tone: "note" },
  accumulation: { rule: "P10", tone: "warning" },
  "input-bound": { rule: "P56", tone: "warning" },
  "probe-stale": { rule: "P11", tone: "warning" },
  "budgets-differ": { rule: "P48", tone: "danger" },
  "budget-kinds-mixed": { rule: "P13", tone: "danger" },
  "one-seed": { rule: "P42", tone: "warning" },
  "lucky-winner": { rule: "P43", tone: "warning" },
  "predictions-missing": { rule: "P61", tone: "note" },
  "extra-without-gain": { rule: "P44", tone: "warning" },
  "look-while-tuning": { rule: "P45", tone: "warning" },
};

/** Why a panel shows nothing yet. */
export const missingKinds = [
  "no-trial",
  "no-result",
  "no-parameter",
  "no-scientific",
  "no-range",
  "few-results",
  "no-curve",
  "no-rate",
  "no-throughput",
  "no-seed",
  "no-transfer",
  "no-lineage",
  "no-manifest",
  "no-look",
] as const;
export type MissingKind = (typeof missingKinds)[number];
