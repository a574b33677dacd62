/** What makes two candidates the same: code, manifest and config without its seeds. Pure but for the digest. */
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Config, Json } from "../wire/base/config.ts";

export type Recipe = { code: string; manifest: string; config: Config };
/** `replicate`: the same recipe with another seed, which is no candidate; `same-run`: the seed is the same too. */
export type RecipeRelation = "different" | "replicate" | "same-run";

/**
 * The text that a recipe's digest is of. Numbers are written as ECMAScript writes them, so that 1e-3 is 0.001; an absent key is
 * not null. `seedKeys`: dotted paths that are left out; objects that become empty stay.
 */
export const recipeText = ({ code, manifest, config }: Recipe, seedKeys: readonly string[]): string =>
  `holdout-candidate v1\ncode\t${code}\nmanifest\t${manifest}\nconfig\t${canonicalize(without(config, seedKeys))}\n`;

/** SHA-256 of it, hexadecimal. */
export const recipeDigest = (recipe: Recipe, seedKeys: readonly string[]): string =>
  createHash("sha256").update(recipeText(recipe, seedKeys)).digest("hex");

export function relate(a: Recipe, b: Recipe, seedKeys: readonly string[]): RecipeRelation {
  if (recipeDigest(a, seedKeys) !== recipeDigest(b, seedKeys)) return "different";
  const seeds = ({ config }: Recipe) => seedKeys.map((key) => canonicalize(valueAt(config, key.split(".")) ?? null));
  return seeds(a).join("\n") === seeds(b).join("\n") ? "same-run" : "replicate";
}

/** The config with another seed at each of the paths that it has: still the same recipe. */
export const withSeed = (config: Config, seedKeys: readonly string[], seed: number, above = ""): Config =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      if (seedKeys.includes(above + key)) return [key, seed];
      return [key, isObject(value) ? withSeed(value, seedKeys, seed, `${above + key}.`) : value];
    }),
  );

/** The config without those paths: objects that become empty stay. */
export const withoutSeeds = (config: Config, seedKeys: readonly string[]): Config => without(config, seedKeys);

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  return isObject(value) && Object.hasOwn(value, key) ? valueAt(value[key], rest) : undefined;
}

function without(config: { [key: string]: Json }, paths: readonly string[], above = ""): { [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => !paths.includes(above + key))
      .map(([key, value]) => [key, isObject(value) ? without(value, paths, `${above + key}.`) : value]),
  );
}
