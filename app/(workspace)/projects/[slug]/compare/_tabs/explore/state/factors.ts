/** What the hyperparameters explain of the objective, over the runs that count. Pure. */
import { type Bins, categoryBins, quantileBins } from "@/lib/statistics/exploration/bins.ts";
import { type FirstOrder, firstOrderIndices } from "@/lib/statistics/exploration/first-order.ts";
import { seedOf } from "@/lib/statistics/resampling/random.ts";
import type { Column, NumberColumn, Standing } from "./columns.ts";

export type Factor = { column: Column; found: FirstOrder };
/** By the server, for the objective of that name: of each config column, in their order. */
export type Measured = { objective: string; found: FirstOrder[] };

/** The same shufflings on every machine, and for every reader. */
const SEED = seedOf(0, "parameter importance");

/** What each column explains of the objective, in their order. Runs that don't count are left out. */
export function measureFactors(
  columns: readonly Column[],
  objective: NumberColumn,
  standings: readonly Standing[],
): FirstOrder[] {
  const runs = [...standings.keys()].filter((run) => standings[run] === "counted");
  const values = Float64Array.from(runs, (run) => objective.values[run]!);
  return firstOrderIndices(
    columns.map((column) => binsOf(column, runs)),
    values,
    { seed: SEED },
  );
}

/** Those that explain most first; those of which nothing can be said last. `found`: of each column. */
export function rankFactors(columns: readonly Column[], found: readonly FirstOrder[]): Factor[] {
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
