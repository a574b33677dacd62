/** A row of values of runs that stand side by side. Pure, and without what the browser doesn't need. */
import type { Scalar } from "../runs/flatten.ts";

/** A row of values, each kept once: a hundred runs have few of them. */
export type AlignedRow = {
  key: string;
  /** What stands before the last dot of a config's key; empty for keys without one. */
  prefix: string;
  /** The different values, in the order in which runs first have them. */
  choices: Scalar[];
  /** By run: its place in `choices`; −1: it has none. */
  at: number[];
};

/** Whether all runs have the same, or none has any. */
export const isAlike = ({ at }: Pick<AlignedRow, "at">): boolean => at.every((place) => place === at[0]);

/** How many times the baseline's value it is; null where that says nothing: no numbers, equal ones, 0, or other signs. */
export function ratioTo(value: Scalar | undefined, baseline: Scalar | undefined): number | null {
  if (typeof value !== "number" || typeof baseline !== "number" || value === baseline) return null;
  const ratio = value / baseline;
  return Number.isFinite(ratio) && ratio > 0 ? ratio : null;
}
