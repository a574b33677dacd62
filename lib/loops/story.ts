/** What the rulings of a loop come to: its incumbents over what was spent, its error budget, and whether it goes on. Pure. */
import { minimumSeeds } from "../referee/planning.ts";
import { normalQuantile } from "../statistics/distributions/normal.ts";
import { mean } from "../statistics/moments.ts";
import type { Loop, RulingAnswer } from "../wire/studies/loops.ts";
import type { Study } from "../wire/studies/studies.ts";
import { type Greedy, greedySteps } from "./greedy.ts";

/** Runs that were handed in up to a ruling, and the hours that they took. */
export type Spent = { runs: number; hours: number };

export type StoryPoint = {
  /** The ruling's; 0: what the loop began with. */
  number: number;
  spent: { candidates: number } & Spent;
  /** The mean over the incumbent's runs as the ruling saw them; null: it had none of its own yet. */
  incumbent: number | null;
  /** The candidate's first value, once a candidate; null: it was handed in before, or has none. */
  candidate: number | null;
  /** The best single value so far, which one run each would claim. */
  greedy: number | null;
  isKept: boolean;
};

export type Budget = {
  /** Levels of the places that were spent, in their order. */
  places: { level: number; isKept: boolean }[];
  next: number;
  /** So many false keeps are expected at most where no candidate was better: the sum of the levels. */
  expectedFalse: number;
};

export type Saturation = {
  sinceKeep: { candidates: number; runs: number };
  /** The gain that the next confirmation shows with probability .8; null: there is no noise floor. */
  visible: number | null;
  /** Runs of a candidate that show the smallest gain that is kept; null: no number does, or no such gain was named. */
  seeds: number | null;
  smallest: number;
};

export type LoopStory = { points: StoryPoint[]; greedy: Greedy; budget: Budget; saturation: Saturation };

const POWER = 0.8;

/** `spent`: by the numbers of the rulings. */
export function storyOf(
  loop: Loop,
  { objective }: Pick<Study, "objective">,
  spent: ReadonlyMap<number, Spent>,
): LoopStory {
  const rulings = [...loop.rulings].reverse();
  const first = rulings[0]?.figures?.incumbent[0] ?? loop.incumbent.value;
  const steps = greedySteps(rulings, first, objective.direction);
  const began: StoryPoint = {
    number: 0,
    spent: { candidates: 0, ...(spent.get(0) ?? { runs: 0, hours: 0 }) },
    incumbent: first,
    candidate: null,
    greedy: first,
    isKept: false,
  };
  const ruled = rulings.map((ruling, at): StoryPoint => {
    const { candidates, seen, value, claim } = steps[at]!;
    const values = ruling.figures?.incumbent ?? [];
    return {
      number: ruling.number ?? 0,
      spent: { candidates, ...(spent.get(ruling.number ?? 0) ?? { runs: 0, hours: 0 }) },
      incumbent: values.length > 0 ? mean(values) : null,
      candidate: seen ? value : null,
      greedy: claim,
      isKept: isKeep(ruling),
    };
  });
  const points = rulings.length === 0 ? [] : [began, ...ruled];
  const last = steps.at(-1);
  const greedy = {
    candidates: last?.candidates ?? 0,
    keeps: last?.keeps ?? 0,
    claim: last?.claim ?? null,
    recipe: last?.recipe ?? null,
  };
  return { points, greedy, budget: budgetOf(loop, rulings), saturation: saturationOf(loop, points) };
}

const isKeep = ({ ruling, reason }: RulingAnswer): boolean => ruling === "keep" && reason === "gain";

function budgetOf(loop: Loop, rulings: readonly RulingAnswer[]): Budget {
  const places = rulings
    .filter(({ figures, reason }) => figures && (figures.test !== null || reason === "unstable"))
    .map((ruling) => ({ level: ruling.figures!.level, isKept: isKeep(ruling) }));
  return { places, next: loop.nextLevel, expectedFalse: places.reduce((sum, { level }) => sum + level, 0) };
}

function saturationOf({ noiseFloor, incumbent, rule, nextLevel }: Loop, points: readonly StoryPoint[]): Saturation {
  const none = { candidates: 0, runs: 0 };
  const last = points.at(-1)?.spent ?? none;
  const kept = points.findLast(({ isKept }) => isKept)?.spent ?? none;
  const sinceKeep = { candidates: last.candidates - kept.candidates, runs: last.runs - kept.runs };
  const smallest = rule.smallest ?? 0;
  if (!noiseFloor || noiseFloor.sd === 0) return { sinceKeep, visible: null, seeds: null, smallest };
  const fresh = rule.screen === null ? rule.seeds : rule.seeds - 1;
  const beside = Math.min(rule.incumbentMax, Math.max(rule.incumbentMin, incumbent.runs) + rule.along);
  const z = normalQuantile(1 - nextLevel) + normalQuantile(POWER);
  const wanted = { noise: noiseFloor.sd, gain: smallest, alpha: nextLevel, power: POWER, incumbentRuns: beside };
  return {
    sinceKeep,
    visible: z * noiseFloor.sd * Math.sqrt(1 / fresh + 1 / beside),
    seeds: smallest > 0 ? minimumSeeds(wanted).seeds : null,
    smallest,
  };
}
