/** Two configs side by side, by the groups that their nesting makes. Pure. */
import type { Config } from "../wire/base/config.ts";
import { flattenConfig, type Scalar } from "./flatten.ts";

/** A value is undefined where the config lacks the key. */
export type ConfigRow = { key: string; own: Scalar | undefined; other: Scalar | undefined };
/** `prefix`: what stands before the last dot of its keys; empty for keys without one. */
export type ConfigGroup<Row extends { key: string } = ConfigRow> = { prefix: string; rows: Row[] };

export const isDifferent = ({ own, other }: ConfigRow): boolean => own !== other;

/** All keys of both, in order; those without a dot come first. */
export function pairConfigs(own: Config, other: Config): ConfigRow[] {
  const [first, second] = [flattenConfig(own), flattenConfig(other)];
  const keys = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return keys.map((key) => ({ key, own: valueIn(first, key), other: valueIn(second, key) }));
}

const valueIn = (flat: Record<string, Scalar>, key: string) => (Object.hasOwn(flat, key) ? flat[key] : undefined);

/** Groups and rows in the order of their names. */
export function groupRows<Row extends { key: string }>(rows: readonly Row[]): ConfigGroup<Row>[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const prefix = prefixOf(row.key);
    groups.set(prefix, [...(groups.get(prefix) ?? []), row]);
  }
  return [...groups]
    .map(([prefix, found]) => ({ prefix, rows: found.sort((a, b) => compare(a.key, b.key)) }))
    .sort((a, b) => compare(a.prefix, b.prefix));
}

/** What stands before the last dot of a key. */
export const prefixOf = (key: string): string => key.slice(0, Math.max(0, key.lastIndexOf(".")));

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
