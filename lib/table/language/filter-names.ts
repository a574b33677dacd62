/** The names by which people call the columns of a table: whole ones as its heads show them, parts of them, initials. Pure. */
import type { Direction } from "../../wire/base/words.ts";
import { type SeriesName, seriesKey } from "../../wire/points/series-name.ts";
import {
  type MetricSummary,
  readColumnName,
  runColumns,
  type SummaryName,
  shownName,
  summaryNames,
} from "./column-name.ts";

/** A column that a filter may name, with what its values are. */
export type FilterColumn = {
  /** In full. */
  name: string;
  type: "number" | "text" | "boolean" | "date" | "mixed";
  /** Values that are known. */
  values?: string[];
  /** Of the metric that this is a summary of. */
  direction?: Direction | null;
  /** Whether this is the best value of the project's primary metric. */
  isPrimary?: boolean;
};

export type FoundName =
  /** `isWhole`: it was called as it is shown. */
  { kind: "one"; column: string; isWhole: boolean } | { kind: "several"; columns: string[] } | { kind: "none" };

export type FilterNames = {
  columns: FilterColumn[];
  columnOf: (name: string) => FilterColumn | undefined;
  find: (called: string) => FoundName;
  /** What a person calls the column: the shortest name that `find` finds it by, and nothing else. */
  labelOf: (column: string) => string;
  /** At most three columns with a name that few letters tell from this. */
  near: (called: string) => string[];
};

/** From the surest to the weakest: what the first knows, the others aren't asked for. */
const KINDS = ["exact", "own", "whole", "part", "bare", "initials"] as const;
type Kind = (typeof KINDS)[number];
type Called = [kind: Kind, name: string];

const statuses = ["queued", "running", "finished", "failed", "killed", "lost"];
const runTypes: Record<string, FilterColumn["type"]> = {
  created: "date",
  started: "date",
  ended: "date",
  duration: "number",
  seed: "number",
};

type KnownColumns = {
  config: { key: string; type: "number" | "text" | "mixed" }[];
  metrics: (SeriesName & { direction: Direction | null })[];
  tags: string[];
};

/** The columns of a project that a filter may name. `primary`: `split/metric` of its primary metric. */
export function filterColumns(known: KnownColumns, primary: string | null): FilterColumn[] {
  return [
    ...runColumns.map((name): FilterColumn => {
      const values = name === "tags" ? known.tags : name === "status" ? statuses : undefined;
      return { name, type: runTypes[name] ?? "text", ...(values ? { values } : {}) };
    }),
    ...known.config.map(({ key, type }): FilterColumn => ({ name: `config.${key}`, type })),
    ...known.metrics.flatMap((metric) => {
      const { direction } = metric;
      const key = seriesKey(metric);
      return summaryNames.map((summary): FilterColumn => {
        const isPrimary = key === primary && summary === direction;
        return { name: `${key}.${summary}`, type: "number", direction, isPrimary };
      });
    }),
  ];
}

/** `isCut`: there are other columns, which go by their full names alone. */
export function filterNames(columns: FilterColumn[], isCut = false): FilterNames {
  const columnByName = new Map(columns.map((column) => [column.name, column]));
  // a table without a filter asks for no name
  let tiers: Tiers | null = null;
  const find = (called: string): FoundName => {
    tiers ??= tiersOf(columns);
    for (const [kind, tier] of tiers) {
      const found = [...(tier.get(kind === "exact" || kind === "own" ? called : plainName(called)) ?? [])];
      if (found.length > 1) return { kind: "several", columns: found };
      if (found[0] !== undefined)
        return { kind: "one", column: found[0], isWhole: kind !== "part" && kind !== "bare" && kind !== "initials" };
    }
    if (isCut && readColumnName(called)) return { kind: "one", column: called, isWhole: true };
    return byBeginning(columns, called);
  };
  const labels = new Map<string, string>();
  const labelOf = (name: string): string => {
    const known = labels.get(name);
    if (known !== undefined) return known;
    const label = labelsOf(columnByName.get(name) ?? { name, type: "text" }).find((one) => {
      const found = find(one);
      return found.kind === "one" && found.column === name;
    });
    labels.set(name, label ?? name);
    return label ?? name;
  };
  const near = (called: string) => nearest(called, columns);
  return { columns, columnOf: (name) => columnByName.get(name), find, labelOf, near };
}

/** The columns that each name calls, by how surely it does. */
type Tiers = Map<Kind, Map<string, Set<string>>>;

function tiersOf(columns: FilterColumn[]): Tiers {
  const tiers: Tiers = new Map(KINDS.map((kind) => [kind, new Map()]));
  for (const column of columns)
    for (const [kind, name] of calledOf(column)) {
      const tier = tiers.get(kind)!;
      const known = tier.get(name);
      if (known) known.add(column.name);
      else tier.set(name, new Set([column.name]));
    }
  return tiers;
}

/** A name in lower case and single words, however they are joined in it: `learningRate` is `learning rate`. */
const plainName = (name: string): string =>
  name
    .replace(/([\p{Ll}\p{N}])(?=\p{Lu})/gu, "$1 ")
    .toLowerCase()
    .replace(/[\s/._:-]+/g, " ")
    .trim();

/** The key, and what of it stands behind each of its dots. */
const endsOf = (key: string): string[] => key.split(".").map((_, at, parts) => parts.slice(at).join("."));

/** All that a column may be called. */
function calledOf(column: FilterColumn): Called[] {
  const read = readColumnName(column.name);
  const exact: Called[] = [
    ["exact", column.name],
    ["exact", shownName(column.name)],
  ];
  const named = (kind: Kind, names: string[]): Called[] =>
    names
      .map(plainName)
      .filter((name) => name !== "")
      .map((name) => [kind, name]);
  if (read?.kind === "run") return [...exact, ...named("whole", [read.name])];
  if (read?.kind === "metric")
    return [...exact, ...metricNames(column, read).flatMap(([kind, name]) => named(kind, [name]))];
  const key = column.name.slice("config.".length);
  const ends = endsOf(key);
  const initials = plainName(ends.at(-1)!)
    .split(" ")
    .map(([letter = ""]) => letter)
    .join("");
  return [
    ...exact,
    ...(key === "" ? [] : [["own", key] satisfies Called]),
    ...named("whole", [key, column.name]),
    ...named("part", ends.slice(1)),
    ...named("initials", initials.length > 1 ? [initials] : []),
  ];
}

const summaryWords: Record<SummaryName, string[]> = {
  last: ["last"],
  min: ["min"],
  max: ["max"],
  mean: ["mean"],
  atBest: ["at best validation", "at best"],
};

function metricNames({ direction, isPrimary }: FilterColumn, { split, metric, summary }: MetricSummary): Called[] {
  const isBest = direction ? summary === direction : summary === "min" || summary === "max";
  const words = [...summaryWords[summary], ...(isBest ? ["best"] : [])];
  const isUsual = summary === (direction ?? "last");
  const whole = { train: [`train ${metric}`], validation: [`validation ${metric}`, `val ${metric}`], none: [metric] };
  const wholes = whole[(split ?? "none") as keyof typeof whole] ?? [];
  const names = [...wholes, ...(split === null ? [] : [metric])];
  return [
    ...wholes.flatMap((name) => words.map((word): Called => ["whole", `${name} ${word}`])),
    ...(split === null ? [] : words.map((word): Called => ["part", `${metric} ${word}`])),
    ...(isUsual ? names.map((name): Called => ["bare", name]) : []),
    ...(isBest && direction ? [[isPrimary ? "bare" : "initials", "best"] satisfies Called] : []),
  ];
}

/** What a column is called in a chip and in an offer: the first of these that is its own. */
function labelsOf({ name, direction }: FilterColumn): string[] {
  const read = readColumnName(name);
  if (read?.kind === "config")
    return [
      ...endsOf(read.key)
        .reverse()
        .filter((end) => end.trim() !== ""),
      name,
    ];
  if (read?.kind !== "metric") return [name];
  const word = read.summary === direction ? "best" : summaryWords[read.summary][0]!;
  const label = [read.split, read.metric, word].filter((part) => part !== null).join(" ");
  return [label, shownName(name), name];
}

/** Shorter ones begin too many names. */
const BEGINNING_MIN = 3;
const SEVERAL_MAX = 6;

/** Columns of which a word begins so: a metric by the summary that it is usually read by. */
function byBeginning(columns: FilterColumn[], called: string): FoundName {
  const wanted = plainName(called);
  if (wanted.length < BEGINNING_MIN) return { kind: "none" };
  const found = columns
    .filter((column) => {
      const read = readColumnName(column.name);
      if (read?.kind === "metric" && read.summary !== (column.direction ?? "last")) return false;
      return ` ${plainName(read?.kind === "config" ? read.key : column.name)}`.includes(` ${wanted}`);
    })
    .map(({ name }) => name);
  if (found.length === 0 || found.length > SEVERAL_MAX) return { kind: "none" };
  return found.length === 1 ? { kind: "one", column: found[0]!, isWhole: false } : { kind: "several", columns: found };
}

const NEAR_MAX = 3;

function nearest(called: string, columns: FilterColumn[]): string[] {
  const wanted = plainName(called);
  const allowed = Math.max(1, Math.min(4, Math.floor(wanted.length / 3)));
  if (wanted.length < 2) return [];
  const best = new Map<string, number>();
  for (const column of columns)
    for (const [kind, name] of calledOf(column)) {
      if (kind === "exact" || kind === "own" || kind === "initials" || Math.abs(name.length - wanted.length) > allowed)
        continue;
      const distance = edits(wanted, name);
      if (distance <= allowed && distance < (best.get(column.name) ?? Number.POSITIVE_INFINITY))
        best.set(column.name, distance);
    }
  const least = Math.min(...best.values());
  return [...best]
    .filter(([, distance]) => distance <= least + 1)
    .sort((a, b) => a[1] - b[1])
    .slice(0, NEAR_MAX)
    .map(([name]) => name);
}

/** Levenshtein's distance. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let left = 1; left <= from.length; left++) {
    const next = [left];
    for (let right = 1; right <= to.length; right++) {
      const replaced = row[right - 1]! + (from[left - 1] === to[right - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[right]! + 1, next[right - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
