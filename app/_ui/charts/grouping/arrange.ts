/** Which runs look alike, stand in one chart, or are drawn as their mean. Pure. */
import { NO_VALUE_COLOR, orderedColor } from "../../parts/ordered-color.ts";
import { lookOfSlot } from "../../parts/run-color.ts";
import type { PlotGroup } from "../plot/group-traces.ts";
import { type CurveLook, type Dash, type PlotRun, strokeDash } from "../plot/traces.ts";

/** Something by which runs differ, such as a config key. */
export type Dimension = {
  /** As an address has it: `config.optimizer.name`, `seed`. */
  name: string;
  /** As people read it. */
  words: string;
  /** In the order of their colours and strokes. */
  values: string[];
  /** Of each run the place of its value, in the order of the runs; null: it has none. */
  of: (number | null)[];
  /** Whether the values are numbers, whose colours have their order. */
  isOrdered: boolean;
};

/** What stands behind runs that are compared, in their order. */
export type ChartComparison = {
  /** The run that others are held against. */
  baseline: string;
  dimensions: Dimension[];
  /** What a run shares with its replicates; null: nothing. */
  recipes: (string | null)[];
  seeds: (number | null)[];
};

export const meansOf = ["none", "replicates", "groups"] as const;
/** Names of dimensions; null: colours say runs, strokes splits, and charts metrics. */
export type Grouping = {
  colorBy: string | null;
  strokeBy: string | null;
  chartBy: string | null;
  /** Whose means are drawn: nobody's, those of replicates, or of all runs that look alike. */
  mean: (typeof meansOf)[number];
};

/** A chart of each metric shows the curves of these runs, or groups of them, alone; null: everybody's, of one split. */
export type Facet = { words: string; owners: ReadonlySet<string> | null };
export type LegendEntry = { words: string; color: string | null; dash: Dash; count: number };
export type GroupLegend = { title: string; entries: LegendEntry[] };

export type Arrangement = {
  runs: PlotRun[];
  groups: PlotGroup[] | null;
  facets: Facet[] | null;
  legends: GroupLegend[];
  /** Who draws the baseline: it, or the group that it is in. */
  baseline: string;
};

const NO_VALUE = "no value";

export function arrange(runs: PlotRun[], comparison: ChartComparison, grouping: Grouping): Arrangement {
  const find = (name: string | null) => comparison.dimensions.find((one) => one.name === name) ?? null;
  const [color, stroke, chart] = [find(grouping.colorBy), find(grouping.strokeBy), find(grouping.chartBy)];
  const looking = runs.map((run, at) => ({ ...run, look: lookOf(run.look, at, color, stroke) }));
  const places = (at: number) => [color, stroke, chart].map((one) => one && one.of[at]!);
  const groups = grouping.mean === "none" ? null : groupsOf(looking, comparison, { grouping, places });
  const ownerOf = new Map(
    groups
      ? groups.flatMap(({ key, members }) => [...members.keys()].map((run) => [run, key] as const))
      : runs.map(({ id }) => [id, id] as const),
  );
  return {
    runs: looking,
    groups: groups && named(groups, [color, stroke, chart], { runs, grouping }),
    facets: chart && facetsOf(chart, runs, ownerOf),
    legends: [
      ...(color ? [legendOf("Colour", color, (place) => ({ color: colorOf(color, place).color, dash: [] }))] : []),
      ...(stroke
        ? [legendOf("Stroke", stroke, (place) => ({ color: null, dash: strokeDash(placeOf(stroke, place)) }))]
        : []),
    ],
    baseline: ownerOf.get(comparison.baseline) ?? comparison.baseline,
  };
}

function lookOf(own: CurveLook, at: number, color: Dimension | null, stroke: Dimension | null): CurveLook {
  return {
    ...(color ? colorOf(color, color.of[at]!) : own),
    ...(stroke && { stroke: placeOf(stroke, stroke.of[at]!) }),
  };
}

const colorOf = ({ isOrdered, values }: Dimension, place: number | null): CurveLook =>
  place === null
    ? { color: NO_VALUE_COLOR, round: 0 }
    : isOrdered
      ? { color: orderedColor(place, values.length), round: 0 }
      : lookOfSlot(place);

/** What has no value comes last. */
const placeOf = ({ values }: Dimension, place: number | null): number => place ?? values.length;

function legendOf(
  what: string,
  { words, values, of }: Dimension,
  markOf: (place: number | null) => Pick<LegendEntry, "color" | "dash">,
): GroupLegend {
  const entries = [...values.keys(), null].map((place) => ({
    words: place === null ? NO_VALUE : values[place]!,
    ...markOf(place),
    count: of.filter((one) => one === place).length,
  }));
  return { title: `${what}: ${words}`, entries: entries.filter(({ count }) => count > 0) };
}

function facetsOf(chart: Dimension, runs: PlotRun[], ownerOf: ReadonlyMap<string, string>): Facet[] {
  return [...chart.values.keys(), null].flatMap((place) => {
    const own = runs.filter((_, at) => chart.of[at] === place);
    if (own.length === 0) return [];
    const value = place === null ? NO_VALUE : chart.values[place]!;
    return { words: `${chart.words} = ${value}`, owners: new Set(own.map(({ id }) => ownerOf.get(id)!)) };
  });
}

type Grouped = { grouping: Grouping; places: (at: number) => (number | null)[] };

/** Runs of one look and chart, of one recipe where replicates are meant. A seed that is repeated counts once. */
function groupsOf(runs: PlotRun[], { recipes, seeds }: ChartComparison, { grouping, places }: Grouped): PlotGroup[] {
  const found = new Map<string, PlotRun[]>();
  const unitOf = new Map<string, string>();
  for (const [at, run] of runs.entries()) {
    const [recipe, seed] = [recipes[at] ?? null, seeds[at] ?? null];
    unitOf.set(run.id, recipe === null || seed === null ? run.id : `${recipe} ${seed}`);
    const key = JSON.stringify([grouping.mean === "replicates" ? (recipe ?? run.id) : null, ...places(at)]);
    found.set(key, [...(found.get(key) ?? []), run]);
  }
  return [...found].map(([key, members]) => ({
    key,
    name: commonName(members.map(({ name }) => name)),
    look: members[0]!.look,
    count: members.length,
    members: new Map(members.map(({ id }) => [id, unitOf.get(id)!])),
  }));
}

type Naming = { runs: PlotRun[]; grouping: Grouping };

/** Groups by their values, replicates by what their names begin with alike; of two that would be called the same a piece of their recipe tells which is which. */
function named(groups: PlotGroup[], dimensions: (Dimension | null)[], { runs, grouping }: Naming): PlotGroup[] {
  const names = groups.map((group) => {
    if (grouping.mean === "replicates") return group.name;
    const at = runs.findIndex(({ id }) => group.members.has(id));
    const values = dimensions.flatMap((one) =>
      one ? [one.of[at] === null ? NO_VALUE : one.values[one.of[at]!]!] : [],
    );
    return values.length > 0 ? values.join(", ") : "all runs";
  });
  return groups.map((group, at) => {
    const isAlone = names.filter((name) => name === names[at]).length === 1;
    return { ...group, name: isAlone ? names[at]! : `${names[at]} · ${group.key.slice(2, 8)}` };
  });
}

/** What all names begin with, up to where a word ends: `cnn-adam-s0` and `cnn-adam-s1` are `cnn-adam`. */
function commonName(names: string[]): string {
  const [first, ...others] = names as [string, ...string[]];
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
  if (length === first.length) return first;
  const [word] = /^.*(?=[-_ .:/])/s.exec(first.slice(0, length)) ?? [];
  return word && word.length > 2 ? word : `${first} and ${others.length} more`;
}
