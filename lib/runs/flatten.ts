/** Nested config as flat keys: `{optimizer: {learningRate: 1}}` is `optimizer.learningRate: 1`. Pure. */
import type { Config, Json } from "../wire/base/config.ts";
import { jsonText } from "./json-text.ts";

export type Scalar = string | number | boolean | null;

/**
 * By key, as `storeValues` has them. Lists and empty objects are JSON text. Where two paths have one name, as in
 * `{"a.b": 1, "a": {"b": 2}}`, the one of fewer parts has it, and the next is `a.b (nested)`.
 */
export function flattenConfig(config: Config): Record<string, Scalar> {
  const flat = leavesOf(config, []).sort((a, b) => compare(a.path, b.path));
  const taken = new Map<string, number>();
  return Object.fromEntries(
    flat.map(({ path, value }) => {
      const name = path.join(".");
      const before = taken.get(name) ?? 0;
      taken.set(name, before + 1);
      return [name + " (nested)".repeat(before), value];
    }),
  );
}

type Leaf = { path: string[]; value: Scalar };

function leavesOf(config: { [key: string]: Json }, above: string[]): Leaf[] {
  return Object.entries(config).flatMap(([key, value]): Leaf[] => {
    const path = [...above, key];
    if (value === null || typeof value !== "object") return [{ path, value }];
    if (Array.isArray(value) || Object.keys(value).length === 0) return [{ path, value: jsonText(value) }];
    return leavesOf(value, path);
  });
}

/** Fewer parts first, then by the bytes of the parts. */
function compare(a: string[], b: string[]): number {
  if (a.length !== b.length) return a.length - b.length;
  const at = a.findIndex((part, index) => part !== b[index]);
  return at < 0 ? 0 : Buffer.compare(Buffer.from(a[at]!), Buffer.from(b[at]!));
}
