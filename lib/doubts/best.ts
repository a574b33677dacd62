/** Doubts of what is called the best: one seed, and the luck of the best of many (RIGOUR 4.7, P42, P43). Pure. */
import { winnersLuck } from "../statistics/selection/winner.ts";
import type { DoubtOf } from "../wire/doubts.ts";
import {
  bestOfRecipes,
  costBy,
  type FactRow,
  type Group,
  namedRuns,
  type Primary,
  primaryKey,
  seedsOf,
  spreadOf,
} from "./facts.ts";

/** A run that somebody chose: the champion of a manifest, or what a study adopted. */
export type Chosen = { run: string; as: "claim" | "study" };

/** Three seeds of the best recipe are results that no choice flattered (P43). */
const SEEDS_ENOUGH = 3;
/** Of fewer candidates the doubt of one seed says enough. Ours. */
const CANDIDATES_MIN = 5;
const CHOSEN_MAX = 20;

/** Of each group the best, and what else was chosen, where no second seed of its recipe is there. */
export function oneSeedDoubts(
  groups: readonly Group[],
  chosen: readonly Chosen[],
  primary: Primary,
): DoubtOf<"one-seed">[] {
  return groups.flatMap((group) => {
    const [best] = group.runs;
    const others = chosen
      .slice(0, CHOSEN_MAX)
      .flatMap(({ run, as }) => group.runs.flatMap((row) => (row.id === run && row !== best ? [{ row, as }] : [])));
    const isChoice = bestOfRecipes(group).length > 1 || chosen.some(({ run }) => run === best!.id);
    return [...(isChoice ? [{ row: best!, as: "best" as const }] : []), ...others]
      .filter(({ row }) => seedsOf(group, row) === 1)
      .map(({ row, as }) => oneSeedOf(group, { row, as }, primary));
  });
}

type Subject = { row: Group["runs"][number]; as: "best" | Chosen["as"] };

function oneSeedOf(group: Group, { row, as }: Subject, primary: Primary): DoubtOf<"one-seed"> {
  const cost = costBy(primary);
  const next = group.runs.find(({ recipe }) => recipe !== row.recipe);
  const lead = next ? cost(next.value) - cost(row.value) : null;
  const { tellsFrom, status } = group.noise;
  // where a seed changes nothing, any lead is one
  const bar = status === "zero" ? 0 : tellsFrom;
  const verdict =
    lead === null || bar === null ? "unknown" : lead < 0 ? "behind" : lead > bar ? "beyond-noise" : "within-noise";
  return {
    kind: "one-seed",
    tone: verdict === "beyond-noise" ? "note" : "warning",
    ...namedRuns([row]),
    as,
    metric: primaryKey(primary),
    value: row.value,
    lead,
    tellsFrom: bar,
    verdict,
  };
}

/** Of each group with many candidates, whose best wasn't run with fresh seeds. */
export function bestOfManyDoubts(groups: readonly Group[], primary: Primary): DoubtOf<"best-of-many">[] {
  return groups.flatMap((group) => {
    const [best] = group.runs;
    if (group.runs.length < CANDIDATES_MIN || seedsOf(group, best!) >= SEEDS_ENOUGH) return [];
    const luck = luckOf(group, primary);
    if (luck?.optimism === 0) return [];
    return [
      {
        kind: "best-of-many",
        tone: "warning",
        ...namedRuns([best!]),
        metric: primaryKey(primary),
        candidates: group.runs.length,
        value: best!.value,
        luck: luck?.optimism ?? null,
        corrected: luck?.corrected ?? null,
        by: luck?.by ?? null,
      },
    ];
  });
}

type Luck = { optimism: number; corrected: number; by: "seeds" | "samples" };

const NORMAL_95 = 1.96;

/**
 * s²/√(s² + τ²) · m_N. s: between seeds, or that of an accuracy on so many samples, which all runs share, so that it is too
 * large. τ²: how the recipes' best lie apart, less s². Assumes normal noise. Null: nobody knows s.
 */
function luckOf(group: Group, primary: Primary): Luck | null {
  const { noise: floor, halfWidth, runs } = group;
  const noise = floor.sd ?? (halfWidth === null ? null : halfWidth / NORMAL_95);
  if (noise === null) return null;
  const values = bestOfRecipes(group).map(({ value }) => value);
  const spread = Math.sqrt(Math.max(0, spreadOf(values) ** 2 - noise ** 2));
  const sign = primary.direction === "max" ? 1 : -1;
  const { optimism, corrected } = winnersLuck(sign * runs[0]!.value, { candidates: runs.length, noise, spread });
  return { optimism, corrected: sign * corrected, by: floor.sd === null ? "samples" : "seeds" };
}

/** Runs whose seed nobody wrote down: they can't be made again. */
export function noSeedDoubts(rows: readonly FactRow[]): DoubtOf<"no-seed">[] {
  const without = rows.filter(({ seed }) => seed === null);
  return without.length === 0 ? [] : [{ kind: "no-seed", tone: "warning", ...namedRuns(without), of: rows.length }];
}
