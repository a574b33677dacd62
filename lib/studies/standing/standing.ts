/** What is best in a study now, how far that can be believed, and what to do next. Pure. */
import { tQuantile } from "../../statistics/distributions/student-t.ts";
import { meanInterval } from "../../statistics/intervals/mean.ts";
import { type Interval, isUndefined } from "../../statistics/measured.ts";
import { variance } from "../../statistics/moments.ts";
import { winnersLuck } from "../../statistics/selection/winner.ts";
import { flagRules, type StudyFlag, type StudyFlagKind } from "../../wire/studies/flags.ts";
import type { Study } from "../../wire/studies/studies.ts";
import type { Proposal } from "../begin/proposals.ts";
import type { StudyFacts } from "../facts/facts.ts";
import type { ProjectNoise } from "../noise-floor.ts";
import type { PlacedFlag } from "../panels/panels.ts";

export type Standing = {
  /** The configuration whose mean over its seeds is best. */
  best: { number: number; value: number; seeds: number; trial: string };
  /** 95 %; null: one seed, and nobody knows the noise. */
  interval: Interval | null;
  /** What the interval's noise is of. */
  by: "seeds" | "floor" | null;
  /** What the best is worth once the luck of being the best of so many is taken off; null: the noise is unknown. */
  corrected: { value: number; optimism: number; of: number } | null;
};

const ALPHA = 0.05;
type Facts = Pick<StudyFacts, "ranked" | "costOf" | "study">;

/** Null: no configuration has a value yet. */
export function standingOf({ ranked, costOf, study }: Facts, floor: ProjectNoise): Standing | null {
  const [best] = ranked;
  if (!best) return null;
  const seeds = best.results.length;
  const own = meanInterval(best.results, ALPHA);
  const half = floor.sd === null ? null : (tQuantile(1 - ALPHA / 2, floor.dof) * floor.sd) / Math.sqrt(seeds);
  const interval: Interval | null = isUndefined(own.interval)
    ? half === null
      ? null
      : [best.value - half, best.value + half]
    : own.interval;
  const trial = best.trials[0]!.id;
  return {
    best: { number: best.number, value: best.value, seeds, trial },
    interval,
    by: isUndefined(own.interval) ? (half === null ? null : "floor") : "seeds",
    corrected: correctedOf({ ranked, costOf, study }, floor),
  };
}

/** Of N configurations whose means carry the noise of their seeds, the true ones spreading with what is left (RIGOUR 4.7). */
function correctedOf({ ranked, costOf }: Facts, { sd }: ProjectNoise): Standing["corrected"] {
  if (sd === null || ranked.length < 2) return null;
  const [best] = ranked;
  const noise = sd / Math.sqrt(best!.results.length);
  const spread = Math.sqrt(Math.max(0, variance(ranked.map(({ value }) => value)) - noise ** 2));
  // higher is better there
  const gain = -costOf(best!.value);
  const { optimism } = winnersLuck(gain, { candidates: ranked.length, noise, spread });
  const isMin = costOf(1) === 1;
  return { value: isMin ? best!.value + optimism : best!.value - optimism, optimism, of: ranked.length };
}

export type NextAct =
  | { kind: "flag"; flag: StudyFlag; section: string; rule: string; proposal: Proposal | "seeds" | null }
  | { kind: "open" | "train" | "more-seeds" | "conclude" | "follow"; rule: string };

/** What each flag proposes to make; those that propose nothing are looked into first. */
const proposed: Partial<Record<StudyFlagKind, Proposal | "seeds">> = {
  boundary: "wider",
  "few-good": "more-trials",
  "too-few-trials": "more-trials",
  "starved-value": "more-trials",
  "unfair-baseline": "more-trials",
  "uneven-coverage": "more-trials",
  improving: "longer",
  "runs-too-short": "longer",
  "fixed-rate": "tune-rate",
  "batch-not-retuned": "tune-rate",
  "one-seed": "seeds",
  "lucky-winner": "seeds",
  "tuning-saturated": "refine",
};
export const proposalOf = ({ kind }: StudyFlag): Proposal | "seeds" | null => proposed[kind] ?? null;

const tones = ["danger", "warning"] as const;

/**
 * The gravest open flag, the first in the order of the page; without one, what the study's own state asks for. A draft is
 * opened first, and trials that still wait are waited for.
 */
export function nextActOf(
  study: Study,
  flags: readonly PlacedFlag[],
  { asked, seeds }: { asked: number; seeds: number },
): NextAct {
  if (study.status === "draft") return { kind: "open", rule: "P20" };
  if (study.status === "concluded") return { kind: "follow", rule: "P21" };
  const isTraining = study.trials.queued + study.trials.running > 0 || asked < study.trialsBudget;
  const grave = tones.flatMap((tone) => flags.filter(({ flag }) => flagRules[flag.kind].tone === tone))[0];
  if (grave) {
    const { flag, section } = grave;
    return { kind: "flag", flag, section, rule: flagRules[flag.kind].rule, proposal: proposalOf(flag) };
  }
  if (isTraining && asked < study.trialsBudget) return { kind: "train", rule: "P30" };
  return seeds < 2 ? { kind: "more-seeds", rule: "P43" } : { kind: "conclude", rule: "P20" };
}
