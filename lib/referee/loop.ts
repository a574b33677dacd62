/** A loop: candidates one after another, each by the rule, with the error budget and the noise floor that the others left. Pure. */
import { mean } from "../statistics/moments.ts";
import { type Decay, lordLevel, refereeDecay } from "./levels.ts";
import {
  type Candidacy,
  type PooledFloor,
  type RuleSettings,
  type Ruling,
  refereeSettings,
  rule,
  squaresOf,
} from "./ruling.ts";

export type LoopSettings = RuleSettings & {
  /** The share of false keeps that is aimed at, and the wealth at the beginning. */
  alpha: number;
  start: number;
  decay: Decay;
};
export const loopSettings: LoopSettings = { ...refereeSettings, alpha: 0.1, start: 0.05, decay: refereeDecay };

/** Recipes whose runs make the noise floor: the newest. */
const GROUPS_MAX = 20;

/** Immutable: each ruling makes the next. */
export type Loop = {
  goal: "min" | "max";
  incumbent: { recipe: string; values: readonly number[] };
  /** Within other recipes, the oldest first. */
  groups: readonly PooledFloor[];
  /** Positions that were spent, and which of them were keeps, from 1. */
  spent: number;
  keeps: readonly number[];
  /** What was ruled of a recipe. */
  judged: ReadonlyMap<string, "keep" | "discard">;
};

/** All runs that belong to a candidate so far. */
export type Submission = {
  recipe: string;
  screen: readonly (number | null)[];
  confirm: readonly (number | null)[];
  /** Runs of the incumbent that were made beside its confirmation. */
  alongside: readonly number[];
  /** Runs that the new incumbent is valued by, once it is kept. */
  fresh: readonly number[];
  samples?: Candidacy["samples"];
};

export const newLoop = (goal: Loop["goal"], recipe: string, values: readonly number[]): Loop => ({
  goal,
  incumbent: { recipe, values },
  groups: [],
  spent: 0,
  keeps: [],
  judged: new Map(),
});

/** How many runs of the incumbent are made beside the next confirmation; further ones change nothing. */
export const besideWanted = ({ incumbent }: Loop, { along, incumbentMax }: RuleSettings): number =>
  Math.max(0, Math.min(along, incumbentMax - incumbent.values.length));

/** The level of the next candidate that is confirmed. */
export const levelOf = ({ spent, keeps }: Loop, { alpha, start, decay }: LoopSettings): number =>
  lordLevel(keeps, spent + 1, { alpha, start, decay });

/** A submission ruled on, and the loop after it. One that is to be run again leaves the loop as it is. */
export function ruleOn(
  loop: Loop,
  submission: Submission,
  settings: LoopSettings = loopSettings,
): { ruling: Ruling; level: number; loop: Loop } {
  const alongside = submission.alongside.slice(0, besideWanted(loop, settings));
  const { recipe, screen, confirm, samples } = submission;
  const { goal, incumbent, groups, judged } = loop;
  const level = levelOf(loop, settings);
  const earlier = judged.get(recipe);
  const relation = recipe === incumbent.recipe ? "seed-only" : earlier ? { earlier } : "new";
  const ruling = rule(
    {
      goal,
      relation,
      incumbent: [...incumbent.values, ...alongside],
      screenedBeside: incumbent.values.length,
      screen,
      confirm,
      floor: pooled(groups),
      level,
      ...(samples && { samples }),
    },
    settings,
  );
  return { ruling, level, loop: after(loop, { ...submission, alongside }, ruling) };
}

const pooled = (groups: readonly PooledFloor[]): PooledFloor =>
  groups
    .slice(-GROUPS_MAX)
    .reduce((sum, group) => ({ squares: sum.squares + group.squares, dof: sum.dof + group.dof }), {
      squares: 0,
      dof: 0,
    });

function after(loop: Loop, submission: Submission, { ruling, reason, spends }: Ruling): Loop {
  const { incumbent, groups, judged, spent, keeps } = loop;
  const { recipe, screen, confirm, alongside, fresh } = submission;
  const finite = (values: readonly (number | null)[]) => values.filter((value) => value !== null);
  // another seed of the incumbent is one more of its runs, whatever it is worth
  if (reason === "seed-only")
    return { ...loop, incumbent: { ...incumbent, values: [...incumbent.values, ...finite(screen)] } };
  if (ruling === "run-again" || ruling === "refused" || reason === "history") return loop;
  const values = [...incumbent.values, ...alongside];
  const isKept = ruling === "keep";
  const place = spends ? spent + 1 : spent;
  const confirmed = spends && reason !== "unstable" ? [groupOf(finite(confirm))] : [];
  return {
    ...loop,
    spent: place,
    keeps: isKept ? [...keeps, place] : keeps,
    // older ones count no more
    groups: [...groups, ...(isKept ? [groupOf(values)] : []), ...confirmed].slice(-GROUPS_MAX),
    incumbent: isKept ? { recipe, values: fresh } : { ...incumbent, values },
    // who was replaced isn't tried again
    judged: new Map([
      ...judged,
      ...(isKept ? [[incumbent.recipe, "discard"] as const] : [[recipe, "discard"] as const]),
    ]),
  };
}

const groupOf = (values: readonly number[]): PooledFloor => ({
  squares: squaresOf(values),
  dof: Math.max(0, values.length - 1),
});

/** What the incumbent is worth: the mean of its runs, never the best. NaN until it has one. */
export const incumbentValue = ({ incumbent }: Loop): number => mean(incumbent.values);
