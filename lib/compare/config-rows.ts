/** Values of runs side by side, a row a key. Pure. */
import { groupRows, prefixOf } from "../runs/config-differences.ts";
import { flattenConfig, type Scalar } from "../runs/flatten.ts";
import type { Config } from "../wire/base/config.ts";
import type { AlignedRow } from "./aligned-row.ts";

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
