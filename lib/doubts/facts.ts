/** What is known of a project's runs, read once and judged by the doubts: rows, and what follows of them. Pure. */
import { ascending, quantile } from "../statistics/moments.ts";
import { halfWidthOf } from "../studies/facts/facts.ts";
import { floorOf, type ProjectNoise } from "../studies/noise-floor.ts";
import { DOUBTED_RUNS_MAX, type DoubtedRun } from "../wire/doubts.ts";
import { type SeriesName, seriesKey } from "../wire/points/series-name.ts";

/** The metric by which the project ranks its runs. */
export type Primary = { metric: string; split: "train" | "validation"; direction: "min" | "max" };

export type FactRow = {
  id: string;
  name: string;
  isArchived: boolean;
  isFinished: boolean;
  /** What it was validated on: the split's digest, or the data that its client named; null: nothing says. */
  data: string | null;
  dataName: string | null;
  /** Samples of the validation split; null where it cites none. */
  samples: number | null;
  testDigest: string | null;
  /** Code, manifest and config without its seed. */
  recipe: string;
  /** SHA-256 of its code; null: nothing was captured. */
  code: string | null;
  seed: string | null;
  /** The best of the primary metric; null: it has none. */
  value: number | null;
  /** The study that it is a trial of, by number. */
  study: number | null;
};

export type Measured = FactRow & { value: number };

/** Finished runs that were measured on the same data, the best first. */
export type Group = {
  data: string | null;
  name: string | null;
  runs: Measured[];
  noise: ProjectNoise;
  /** A smaller difference is noise: the seeds' spread, or half an interval of the samples; null: nobody knows. */
  resolution: number | null;
  halfWidth: number | null;
};

/** How many groups are judged: those with the most runs. */
const GROUPS_MAX = 5;

export const costBy =
  ({ direction }: Primary) =>
  (value: number): number =>
    direction === "min" ? value : -value;

/** By data, those with most runs first. Rows come with the newest run first. */
export function groupsOf(rows: readonly FactRow[], primary: Primary): Group[] {
  return [...groupedBy(rows.filter(isMeasured), ({ data }) => data).values()]
    .sort((a, b) => b.length - a.length)
    .slice(0, GROUPS_MAX)
    .map((runs) => groupOf(runs, primary));
}

export const isMeasured = (row: FactRow): row is Measured => row.isFinished && row.value !== null;

function groupOf(runs: Measured[], primary: Primary): Group {
  const cost = costBy(primary);
  const [{ data, dataName, samples }] = runs as [Measured];
  const objective = { metric: primary.metric, split: primary.split, direction: primary.direction };
  const noise = floorOf(objective, replicatesOf(runs));
  const ranked = [...runs].sort((a, b) => cost(a.value) - cost(b.value) || (a.id < b.id ? -1 : 1));
  const halfWidth = halfWidthOf(primary.metric, ranked[0]!.value, samples ?? 0);
  return { data, name: dataName, runs: ranked, noise, halfWidth, resolution: noise.sd || halfWidth };
}

/** Results of each recipe, the newest recipe first; a run without a seed is a seed of its own. */
function replicatesOf(runs: readonly Measured[]): { values: number[]; seeds: string[] }[] {
  return [...groupedBy(runs, ({ recipe }) => recipe).values()]
    .filter((same) => same.length > 1)
    .map((same) => {
      // the oldest run of a seed counts
      const oldest = [...same].reverse();
      return { values: oldest.map(({ value }) => value), seeds: oldest.map(({ id, seed }) => seed ?? id) };
    });
}

/** Different seeds of a run's recipe, itself among them. */
export const seedsOf = ({ runs }: Group, { recipe }: FactRow): number =>
  new Set(runs.flatMap((one) => (one.recipe === recipe ? [one.seed ?? one.id] : []))).size;

/** The best run of each recipe, the best first. */
export function bestOfRecipes({ runs }: Group): Measured[] {
  const best = new Map<string, Measured>();
  for (const run of runs) if (!best.has(run.recipe)) best.set(run.recipe, run);
  return [...best.values()];
}

const NORMAL_QUARTILES = 1.349;

/** The spread of what recipes are worth, by their quartiles, so that those that broke don't count: a normal one's sd. */
export function spreadOf(values: readonly number[]): number {
  const sorted = ascending(values);
  return (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / NORMAL_QUARTILES;
}

/** In the order in which they came. */
export function groupedBy<One, Key>(all: readonly One[], keyOf: (one: One) => Key): Map<Key, One[]> {
  const groups = new Map<Key, One[]>();
  for (const one of all) {
    const known = groups.get(keyOf(one));
    if (known) known.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}

/** What a doubt says of its runs. */
export const namedRuns = (runs: readonly Pick<FactRow, "id" | "name">[]): { count: number; runs: DoubtedRun[] } => ({
  count: runs.length,
  runs: runs.slice(0, DOUBTED_RUNS_MAX).map(({ id, name }) => ({ id, name })),
});

export const primaryKey = (primary: Primary): string => seriesKey(primary as SeriesName);
