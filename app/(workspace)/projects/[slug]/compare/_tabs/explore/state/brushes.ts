/** What a reader brushed, and the runs that lie within all of it. Pure. */

import type { AxisScale } from "./axis-scale.ts";
import { shareOf, valueAt } from "./axis-scale.ts";
import type { Column, Store } from "./columns.ts";

/** Both ends belong to it; of categories those that are named. */
export type Brush = { column: string } & ({ from: number; to: number } | { names: string[] });

/** Whether each run lies within every brush; null: nothing is brushed. Brushes on columns that aren't there bar nothing. */
export function selectRuns(store: Store, brushes: readonly Brush[]): Uint8Array | null {
  const there = brushes.flatMap((brush) => {
    const column = store.columns.get(brush.column);
    return column ? [{ brush, column }] : [];
  });
  if (there.length === 0) return null;
  const selected = new Uint8Array(store.n).fill(1);
  for (const { brush, column } of there) {
    const isWithin = withinBrush(column, brush);
    for (let run = 0; run < store.n; run++) if (selected[run] === 1 && !isWithin(run)) selected[run] = 0;
  }
  return selected;
}

function withinBrush(column: Column, brush: Brush): (run: number) => boolean {
  if (column.kind === "category") {
    if (!("names" in brush)) return () => true;
    const codes = new Set(brush.names.map((name) => column.names.indexOf(name)));
    return (run) => column.codes[run]! >= 0 && codes.has(column.codes[run]!);
  }
  if ("names" in brush) return () => true;
  return (run) => column.values[run]! >= brush.from && column.values[run]! <= brush.to;
}

export const withBrush = (brushes: readonly Brush[], column: string, brush: Brush | null): Brush[] => [
  ...brushes.filter((one) => one.column !== column),
  ...(brush ? [brush] : []),
];

/** The brush between two shares of an axis; null where it holds all of it, or no category. */
export function brushBetween(column: Column, axis: AxisScale, a: number, b: number): Brush | null {
  const [low, high] = [Math.max(0, Math.min(a, b)), Math.min(1, Math.max(a, b))];
  if (low <= 0 && high >= 1) return null;
  const [from, to] = [valueAt(axis.scale, low), valueAt(axis.scale, high)];
  if (!axis.names) return { column: column.name, from, to };
  const names = axis.names.filter((_, code) => code + 0.5 >= from && code + 0.5 <= to);
  return names.length === 0 ? null : { column: column.name, names };
}

/** The shares that a brush takes of an axis, from the lowest to the highest. */
export function sharesOf(axis: AxisScale, brush: Brush): [number, number] {
  const { scale, names } = axis;
  const within = (share: number) => Math.min(1, Math.max(0, share));
  if ("names" in brush) {
    const codes = brush.names.map((name) => names?.indexOf(name) ?? -1).filter((code) => code >= 0);
    if (codes.length === 0) return [0, 0];
    return [within(shareOf(scale, Math.min(...codes))), within(shareOf(scale, Math.max(...codes) + 1))];
  }
  const low = scale.log && brush.from <= 0 ? 0 : shareOf(scale, brush.from);
  const high = scale.log && brush.to <= 0 ? 0 : shareOf(scale, brush.to);
  return [within(low), within(high)];
}

export const countSelected = (selected: Uint8Array | null, n: number): number =>
  selected === null ? n : selected.reduce((sum, one) => sum + one, 0);
