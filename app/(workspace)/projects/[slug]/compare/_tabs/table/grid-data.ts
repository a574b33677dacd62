/** What the table of a comparison gets from the server: values once a row, figures as lists without names. */
import type { AlignedRow } from "@/lib/compare/aligned-row.ts";
import type { FactKind } from "@/lib/compare/fact-rows.ts";
import type { EvaluationRow } from "@/lib/compare/read-evaluations.ts";
import type { FailureReason, RunStatus, WireFloat } from "@/lib/wire/base/words.ts";
import type { ComparedSummary } from "@/lib/wire/compared.ts";
import type { ComparedSeries, DifferenceKind } from "@/lib/wire/comparison.ts";

export type SectionName = "identity" | "config" | "metrics" | "evaluations" | "data" | "code" | "environment";

export type GridRun = {
  id: string;
  name: string;
  status: RunStatus;
  failureReason: FailureReason | null;
  seed: number | null;
  color: number | null;
  isArchived: boolean;
  isChampion: boolean;
  manifest: { id: string; name: string } | null;
  /** What is to be said against its manifest; null: nothing. */
  standing: string | null;
};

/** `at` has a place for each run, in the order of `GridData.runs`. `isLong`: some value takes more room than a cell has. */
export type ValueRow = AlignedRow & {
  kind: "value";
  section: SectionName;
  /** Names the row in the address. */
  id: string;
  label: string;
  show: FactKind | "config";
  isLong: boolean;
};
export type MetricRow = Pick<ComparedSeries, "split" | "metric" | "direction" | "unit"> & {
  kind: "metric";
  section: "metrics";
  id: string;
  label: string;
  prefix: string;
  /** As `seriesKey` writes it. */
  series: string;
};
export type EvaluatedRow = EvaluationRow & {
  kind: "evaluation";
  section: "evaluations";
  id: string;
  label: string;
  prefix: "";
  /** Runs whose difference to the baseline the guard bars. */
  barred: string[];
};
export type GridRow = ValueRow | MetricRow | EvaluatedRow;

/** n, mean and spread of its replicates. */
export type PackedRecipe = [n: number, mean: number, sd: number | null];
/** As in `Difference`. */
export type PackedDifference = [
  kind: DifferenceKind,
  delta: number | null,
  low: number | null,
  high: number | null,
  detectable: number | null,
  p: number | null,
];
/** The cells of a metric, a place for each run. */
export type MetricCells = {
  series: string;
  /** Of what `differences` are. */
  baseline: string;
  summary: ComparedSummary;
  values: (WireFloat | null)[];
  steps: (number | null)[];
  recipes: (PackedRecipe | null)[];
  differences: PackedDifference[];
  family: number;
};

export type GridData = {
  project: { id: string; slug: string };
  baseline: string;
  summary: ComparedSummary;
  summaries: ComparedSummary[];
  runs: GridRun[];
  rows: GridRow[];
  /** Of the first metrics; the others are read when they come into sight. */
  cells: MetricCells[];
};

/** Figures of a cell are written with fewer. */
const DIGITS = 7;
const short = (value: number): number => Number(value.toPrecision(DIGITS));
const shortOrNull = (value: number | null): number | null => (value === null ? null : short(value));

export function packSeries(
  one: ComparedSeries,
  of: { series: string; baseline: string; summary: ComparedSummary },
): MetricCells {
  return {
    ...of,
    values: one.values.map((value) => (typeof value === "number" ? short(value) : value)),
    steps: one.steps,
    recipes: one.recipes.map((recipe) => recipe && [recipe.n, short(recipe.mean), shortOrNull(recipe.sd)]),
    differences: one.differences.map(({ kind, delta, low, high, detectable, p }) => [
      kind,
      shortOrNull(delta),
      shortOrNull(low),
      shortOrNull(high),
      shortOrNull(detectable),
      shortOrNull(p),
    ]),
    family: one.family,
  };
}
