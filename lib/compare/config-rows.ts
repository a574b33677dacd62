/** Values of runs side by side: which rows differ, and by how much numbers do. Pure. */
import { groupRows, prefixOf } from "../runs/config-differences.ts";
import { flattenConfig, type Scalar } from "../runs/flatten.ts";
import type { Config } from "../wire/base/config.ts";

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

/** Every key of the configs, flattened; by prefix, and then by name. */
export function alignConfigs(configs: readonly Config[]): AlignedRow[] {
  const flats = configs.map(flattenConfig);
  const keys = [...new Set(flats.flatMap((flat) => Object.keys(flat)))];
  const rows = keys.map((key) =>
    alignValues(
      key,
      flats.map((flat) => (Object.hasOwn(flat, key) ? flat[key] : undefined)),
      prefixOf(key),
    ),
  );
  return groupRows(rows).flatMap((group) => group.rows);
}

/** `undefined`: the run has no value. 1 and "1" differ. */
export function alignValues(key: string, values: readonly (Scalar | undefined)[], prefix = ""): AlignedRow {
  const places = new Map<Scalar, number>();
  const at = values.map((value) => {
    if (value === undefined) return -1;
    const place = places.get(value) ?? places.size;
    places.set(value, place);
    return place;
  });
  return { key, prefix, choices: [...places.keys()], at };
}

/** How many times the baseline's value it is; null where that says nothing: no numbers, equal ones, 0, or other signs. */
export function ratioTo(value: Scalar | undefined, baseline: Scalar | undefined): number | null {
  if (typeof value !== "number" || typeof baseline !== "number" || value === baseline) return null;
  const ratio = value / baseline;
  return Number.isFinite(ratio) && ratio > 0 ? ratio : null;
}
