/** What a key of a config is to the tuning playbook, told by its name, and how it would be searched. Pure. */
import type { Config, Json } from "../wire/base/config.ts";
import type { ParameterRole, StudyParameter, StudyValue } from "../wire/studies/parameters.ts";

export const categories = [
  "learning-rate",
  "optimizer",
  "optimizer-setting",
  "schedule",
  "weight-decay",
  "regulariser-strength",
  "regulariser",
  "batch-size",
  "accumulation",
  "length",
  "architecture",
  "model-size",
  "seed",
  "other",
] as const;
export type Category = (typeof categories)[number];

/** The first whose pattern the key's own word fits, in lower case and without `_` and `-`. */
const words: [Category, RegExp][] = [
  ["seed", /seed$/],
  ["learning-rate", /^(lr|(base|peak|max|init|initial)?learningrate|(base|peak|max|init|initial)lr|eta)$/],
  ["accumulation", /accum/],
  ["batch-size", /^((train|global|micro|perdevicetrain|perdevice)?batch(size)?)$/],
  ["length", /^(num|max|total|train|n)*(train)?(epochs?|steps|iterations|iters|updates)$/],
  ["weight-decay", /^(weightdecay|wd|l2|l2regularization)$/],
  ["optimizer", /^(optimi[sz]er|optim|opt|solver)$/],
  ["schedule", /(schedule|warmup|annealing)/],
  ["optimizer-setting", /^(beta[12s]?|adambeta[12]|epsilon|eps|momentum|nesterov|rho|amsgrad|.*clip.*)$/],
  ["regulariser-strength", /(dropout|droprate|droppath|labelsmoothing|mixup|cutmix|stochasticdepth|^l1$|noise|shift)/],
  ["regulariser", /(regulari[sz]|augment|flip|earlystop)/],
  [
    "model-size",
    /^(num|n)?(units|width|depth|layers?|hidden(size|dim|layers)?|filters|channels|dmodel|heads|blocks|embed.*)$/,
  ],
  [
    "architecture",
    /^(family|model|modelname|arch|architecture|backbone|activation|normalisation|normalization|norm|encoder|decoder)$/,
  ],
];

/** Words that say of what stands above them which one it is: `optimizer.name` is the optimizer. */
const namings = new Set(["name", "type", "kind", "class"]);

export function categoryOf(path: string): Category {
  const parts = path.split(".").map((part) => part.toLowerCase().replace(/[_-]/g, ""));
  const own = parts.length > 1 && namings.has(parts.at(-1)!) ? parts.slice(0, -1) : parts;
  const found = words.find(([, pattern]) => pattern.test(own.at(-1)!))?.[0];
  if (found) return found;
  const above = own.slice(0, -1);
  if (above.some((part) => /^(optimi[sz]er|optim|opt)$/.test(part))) return "optimizer-setting";
  if (above.some((part) => /schedule/.test(part))) return "schedule";
  if (above.some((part) => /augment/.test(part))) return "regulariser-strength";
  return "other";
}

export type Leaf = { path: string; value: StudyValue };

/** The keys of a config that a search may choose, by their paths, in the config's order: not lists, and nothing that is null. */
export function leavesOf(config: Config, above = ""): Leaf[] {
  return Object.entries(config).flatMap(([key, value]): Leaf[] => {
    const path = above + key;
    if (isPlain(value)) return leavesOf(value, `${path}.`);
    return value === null || typeof value === "object" ? [] : [{ path, value }];
  });
}

const isPlain = (value: Json): value is Config => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The role that a parameter usually has (P24): what is chosen or switched on is asked about, how strong it is gets tuned with
 * it. What nobody adds to a study is fixed.
 */
export function suggestedRole(path: string, value: StudyValue): ParameterRole {
  const category = categoryOf(path);
  if (["optimizer", "architecture", "model-size", "regulariser", "batch-size"].includes(category)) return "scientific";
  return category === "regulariser-strength" && typeof value === "boolean" ? "scientific" : "nuisance";
}

/** A parameter for a key of the base, with a range around the value that it has there. */
export function suggestParameter({ path, value }: Leaf): StudyParameter {
  const known = { path, role: suggestedRole(path, value) };
  if (typeof value !== "number") {
    const choices = typeof value === "boolean" ? [value, !value] : [value];
    return { kind: "categorical", ...known, choices };
  }
  const category = categoryOf(path);
  if (category === "batch-size" && value >= 1) return { kind: "categorical", ...known, choices: doublings(value) };
  if (Number.isInteger(value) && value > 1)
    return { kind: "integer", ...known, low: Math.max(1, Math.round(value / 4)), high: value * 4, scale: "log" };
  return { kind: "float", ...known, ...rangeOf(path, category, value) };
}

/** A quarter of the value to four times it, by doubling. */
const doublings = (value: number): number[] => [
  ...new Set([value / 4, value / 2, value, value * 2, value * 4].map((size) => Math.max(1, Math.round(size)))),
];

type FloatRange = { low: number; high: number; scale: "linear" | "log" };

function rangeOf(path: string, category: Category, value: number): FloatRange {
  const own = path.split(".").at(-1)!.toLowerCase();
  if (/(beta|momentum|rho)/.test(own)) return { low: 0.5, high: 0.999, scale: "linear" };
  if (/eps/.test(own)) return { low: 1e-9, high: 1e-3, scale: "log" };
  if (category === "weight-decay") return { low: 1e-6, high: 1e-1, scale: "log" };
  if (category === "regulariser-strength") return { low: 0, high: Math.max(0.5, value), scale: "linear" };
  if (value > 0) return { low: rounded(value / 10), high: rounded(value * 10), scale: "log" };
  return { low: Math.min(0, value * 2), high: 1, scale: "linear" };
}

/** Three figures: nobody means the fourth. */
const rounded = (value: number): number => Number(value.toPrecision(3));
