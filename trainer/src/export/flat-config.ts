/** A config as texts by path with dots: `optimizer.learningRate`. Lists and empty objects are JSON. Pure. */
import type { Config, Json } from "../../../lib/wire/base/config.ts";

export function flatConfig(config: Config): [string, Exclude<Json, object>][] {
  return leaves(config, "");
}

function leaves(config: { [key: string]: Json }, above: string): [string, Exclude<Json, object>][] {
  return Object.entries(config).flatMap(([name, value]): [string, Exclude<Json, object>][] => {
    const key = above + name;
    if (value === null || typeof value !== "object") return [[key, value]];
    if (Array.isArray(value) || Object.keys(value).length === 0) return [[key, JSON.stringify(value)]];
    return leaves(value, `${key}.`);
  });
}
