/** What the hyperparameters explain of the objective, over the runs that count. Pure. */
import { type Bins, categoryBins, quantileBins } from "@/lib/statistics/exploration/bins.ts";
import { type FirstOrder, firstOrderIndices } from "@/lib/statistics/exploration/first-order.ts";
import { seedOf } from "@/lib/statistics/resampling/random.ts";
import type { Column, NumberColumn, Standing } from "./columns.ts";

export type Factor = { column: Column; found: FirstOrder };

/** The same shufflings on every machine, and for every reader. */
const SEED = seedOf(0, "parameter importance");

/** Those that explain most first; those of which nothing can be said last. Runs that don't count are left out. */
export function rankFactors(
  columns: readonly Column[],
  objective: NumberColumn | null,
  standings: readonly Standing[],
): Factor[] {
  if (!objective) return [];
  const runs = [...standings.keys()].filter((run) => standings[run] === "counted");
  const values = Float64Array.from(runs, (run) => objective.values[run]!);
  const found = firstOrderIndices(
    columns.map((column) => binsOf(column, runs)),
    values,
    { seed: SEED },
  );
  const weight = ({ found: one }: Factor) => (one.kind === "measured" ? one.index : -1);
  return columns
    .map((column, at) => ({ column, found: found[at]! }))
    .sort((a, b) => weight(b) - weight(a) || (a.column.label < b.column.label ? -1 : 1));
}

function binsOf(column: Column, runs: readonly number[]): Bins {
  return column.kind === "number"
    ? quantileBins(Float64Array.from(runs, (run) => column.values[run]!))
    : categoryBins(Int32Array.from(runs, (run) => column.codes[run]!));
}
