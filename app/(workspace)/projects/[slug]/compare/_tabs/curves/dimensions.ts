/** By what the runs of a comparison may be grouped: config keys, and a few facts, in which they differ. Pure. */
import type { Dimension } from "@/app/_ui/charts/grouping/arrange.ts";
import { flattenConfig, type Scalar } from "@/lib/runs/flatten.ts";
import type { ComparedRun } from "@/lib/wire/comparison.ts";
import { language } from "@/lib/words/language.ts";

/** Longer values are cut in a legend. */
const VALUE_CHARACTERS = 80;

type Fact = { name: string; words: string; of: (Scalar | undefined)[] };

/** Keys in which all runs are alike would divide nothing, and are left out. */
export function dimensionsOf(runs: readonly ComparedRun[]): Dimension[] {
  const configs = runs.map(({ config }) => flattenConfig(config));
  const keys = [...new Set(configs.flatMap((config) => Object.keys(config)))].sort();
  const facts: Fact[] = [
    ...keys.map((key) => ({ name: `config.${key}`, words: key, of: configs.map((config) => config[key]) })),
    { name: "seed", words: "seed of the run", of: runs.map(({ seed }) => seed ?? undefined) },
    { name: "status", words: "status", of: runs.map(({ status }) => status) },
    { name: "manifest", words: "manifest", of: runs.map(({ manifest }) => manifest?.name) },
    { name: "createdBy", words: "who made it", of: runs.map(({ createdBy }) => createdBy) },
  ];
  return facts.map(dimensionOf).filter(({ of }) => new Set(of).size > 1);
}

const natural = new Intl.Collator(language, { numeric: true });

function dimensionOf({ name, words, of }: Fact): Dimension {
  const known = [...new Set(of.filter((value) => value !== undefined))];
  const isOrdered = known.every((value) => typeof value === "number");
  const values = isOrdered
    ? known.map(Number).sort((a, b) => a - b)
    : known.sort((a, b) => natural.compare(String(a), String(b)));
  const place = new Map<Scalar, number>(values.map((value, at) => [value, at]));
  return {
    name,
    words,
    values: values.map((value) => cut(String(value))),
    of: of.map((value) => (value === undefined ? null : place.get(value)!)),
    isOrdered,
  };
}

const cut = (text: string): string => (text.length > VALUE_CHARACTERS ? `${text.slice(0, VALUE_CHARACTERS)}…` : text);
