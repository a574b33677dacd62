"use client";
/** The objective over each hyperparameter, a small plot each. */
import type { Column } from "../state/columns.ts";
import type { Explorer } from "../state/explorer.ts";
import type { RunColors } from "../state/run-colors.ts";
import { PointPlot } from "./point-plot.tsx";

const HEIGHT = 190;
const RADIUS = 1.6;
const FEW_RADIUS = 2.5;

type SlicesProps = { explorer: Explorer; selected: Uint8Array | null; columns: Column[]; colors: RunColors };

const small = () => RADIUS;
const larger = () => FEW_RADIUS;
export const sliceRadius = (runs: number) => (runs > 300 ? small : larger);

export function Slices({ explorer, selected, columns, colors }: SlicesProps) {
  const { objective, store } = explorer;
  if (!objective) return null;
  return (
    <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2 lg:grid-cols-3 2xl:grid-cols-4">
      {columns.map((column) => (
        <PointPlot
          key={column.name}
          explorer={explorer}
          selected={selected}
          x={column}
          y={objective}
          colors={colors}
          height={HEIGHT}
          radius={sliceRadius(store.n)}
        />
      ))}
    </div>
  );
}
