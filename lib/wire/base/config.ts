/** A run's config: nested JSON of bounded size, in which each path stands once and every value is kept as it was given. */
import { z } from "zod";
import { illFormed, PROTO, protoRefused } from "./text.ts";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Config = { [key: string]: Json };

/** Most characters of a config as JSON. */
export const CONFIG_TEXT_MAX = 1_000_000;
/** Most keys of a config, those of objects within it among them. */
export const CONFIG_KEYS_MAX = 10_000;
/** Most characters of a key, with the dots of its path: what an index holds. */
export const KEY_CHARACTERS_MAX = 300;
/** Most objects and lists around a value of a request. */
export const DEPTH_MAX = 100;

/** What is wrong at which path; null: nothing. */
export type Fault = { path: (string | number)[]; message: string };

/** Nested JSON; flattened with dots where it is shown (`optimizer.learningRate`). */
export const configSchema = z
  .unknown()
  .superRefine((config, context) => {
    const fault = faultOf(config);
    if (fault) context.addIssue({ code: "custom", ...fault });
  })
  .transform((config) => config as Config)
  .meta({
    type: "object",
    additionalProperties: true,
    description: `Nested JSON: at most ${CONFIG_KEYS_MAX} keys, ${DEPTH_MAX} deep, ${CONFIG_TEXT_MAX} characters`,
  }) as unknown as z.ZodType<Config, Config>;

/** A config as a server has it: what was stored is not judged again. */
export const storedConfigSchema = z.custom<Config>().meta({ type: "object", additionalProperties: true });

function faultOf(config: unknown): Fault | null {
  if (!isPlain(config)) return { path: [], message: `expected an object, received ${kindOf(config)}` };
  const walk: Walk = { keys: 0, flat: new Map() };
  const fault = faultWithin(walk, config, [], "");
  if (fault) return fault;
  const { length } = JSON.stringify(config);
  if (length <= CONFIG_TEXT_MAX) return null;
  return {
    path: [],
    message: `${length} characters as JSON; at most ${CONFIG_TEXT_MAX}; store long texts as an artifact`,
  };
}

type Walk = {
  keys: number;
  /** The flat path of each value, and how its keys were nested: two that are flat alike couldn't be told apart. */
  flat: Map<string, (string | number)[]>;
};

function faultWithin(walk: Walk, value: unknown, path: (string | number)[], flat: string | null): Fault | null {
  if (path.length > DEPTH_MAX) return { path, message: `nested deeper than ${DEPTH_MAX}` };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const fault = faultWithin(walk, value[index], [...path, index], null);
      if (fault) return fault;
    }
    return flat === null ? null : twice(walk, flat, path);
  }
  if (!isPlain(value)) return faultOfValue(value, path) ?? (flat === null ? null : twice(walk, flat, path));
  const keys = Object.keys(value);
  walk.keys += keys.length;
  if (walk.keys > CONFIG_KEYS_MAX)
    return { path: [], message: `more than ${CONFIG_KEYS_MAX} keys; store large tables as an artifact` };
  for (const key of keys) {
    const at = [...path, key];
    const below = flat === null ? null : flat + (path.length > 0 ? "." : "") + key;
    const fault = faultOfKey(key, at, below) ?? faultWithin(walk, value[key], at, below);
    if (fault) return fault;
  }
  return keys.length === 0 && flat !== null && path.length > 0 ? twice(walk, flat, path) : null;
}

function twice({ flat: known }: Walk, flat: string, path: (string | number)[]): Fault | null {
  const first = known.get(flat);
  known.set(flat, path);
  if (!first) return null;
  const [one, other] = [first, path].map((keys) => JSON.stringify(keys));
  return { path, message: `the path ${flat} stands twice, as the keys ${one} and ${other}; rename one of them` };
}

function faultOfKey(key: string, path: (string | number)[], flat: string | null): Fault | null {
  const characters = flat === null ? 0 : [...flat].length;
  if (characters > KEY_CHARACTERS_MAX) {
    const message = `a key of ${characters} characters, ${JSON.stringify(flat?.slice(0, 40))}…; at most ${KEY_CHARACTERS_MAX} with the dots of its path`;
    return { path: [], message };
  }
  if (key === PROTO) return { path, message: protoRefused };
  if (!key.isWellFormed()) return { path, message: `the key holds ${illFormed}` };
  return key.includes("\u0000") ? { path, message: "no NUL characters in a key" } : null;
}

function faultOfValue(value: unknown, path: (string | number)[]): Fault | null {
  if (value === null || typeof value === "boolean") return null;
  if (typeof value === "string") {
    if (!value.isWellFormed()) return { path, message: `holds ${illFormed}` };
    return value.includes("\u0000") ? { path, message: "no NUL characters" } : null;
  }
  if (typeof value !== "number")
    return { path, message: `expected JSON, received ${kindOf(value)}; ${insteadOf(value)} is right` };
  if (Number.isFinite(value)) return null;
  return { path, message: `JSON has no ${value}, received ${value}; the text "${value}" is right, or null` };
}

const insteadOf = (value: unknown): string => {
  if (value instanceof Date) return "its text, of toISOString()";
  if (typeof value === "bigint") return "its digits as a text";
  if (ArrayBuffer.isView(value)) return "a list of numbers, of Array.from()";
  return "null, a text, a number, a list or a plain object";
};

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  return Array.isArray(value) ? "a list" : `a ${value.constructor?.name ?? "strange object"}`;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
