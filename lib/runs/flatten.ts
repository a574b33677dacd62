/** Nested config as flat keys: `{optimizer: {learningRate: 1}}` is `optimizer.learningRate: 1`. Pure. */
import type { Config } from "../wire.ts";

export type Scalar = string | number | boolean | null;

/** Lists and empty objects are shown as JSON text. */
export function flattenConfig(config: Config, prefix = ""): Record<string, Scalar> {
  const flat: [string, Scalar][] = [];
  for (const [key, value] of Object.entries(config)) {
    const path = prefix + key;
    if (value === null || typeof value !== "object") flat.push([path, value]);
    else if (Array.isArray(value) || Object.keys(value).length === 0) flat.push([path, JSON.stringify(value)]);
    else flat.push(...Object.entries(flattenConfig(value as Config, `${path}.`)));
  }
  return Object.fromEntries(flat);
}
