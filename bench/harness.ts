/** What every row shares: its form, pairs of measurements, and the statistics over them. */
import type { BenchApp } from "./app.ts";

export type Mode = "quick" | "usual" | "full";

export type Row = {
  /** The number in the README's table, with a letter where a row has parts: `1a`. */
  id: string;
  name: string;
  /** The median where there are samples. */
  value: number;
  unit: string;
  /** What would be good, in words (`≥ 1,000,000`); null: the row only informs. */
  bar: string | null;
  /** Whether the bar was met; null where there is none. */
  ok: boolean | null;
  /** What the value was measured against, in the same run, and how. */
  against: string;
  samples: number[];
};

export type Context = {
  app: BenchApp;
  mode: Mode;
  seed: number;
  /** The project that runs are made in, and tokens for it. */
  project: { id: string; slug: string };
  tokens: { ingest: string; read: string };
  say: (line: string) => void;
};

/** Thrown where stored points differ from those that were sent: no figure of such a run is worth anything. */
export class WrongPoints extends Error {
  override name = "WrongPoints";
}

/** The value that half of them don't exceed; NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear between neighbours (Hyndman and Fan, type 7); NaN of none. */
export function quantile(values: ArrayLike<number>, fraction: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) * fraction;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** Measures A B A B …: each pair's two figures, taken one after the other. */
export async function pairs<A, B>(count: number, a: () => Promise<A>, b: () => Promise<B>): Promise<[A, B][]> {
  const measured: [A, B][] = [];
  for (let pair = 0; pair < count; pair++) measured.push([await a(), await b()]);
  return measured;
}

type Bar = { atLeast: number } | { atMost: number } | null;
type RowFacts = Pick<Row, "id" | "name" | "unit" | "against"> & { samples: number[]; value?: number; bar: Bar };

/** A row from its samples; `value` is their median unless it is given (a p95 of all requests, say). */
export function rowOf({ bar, value, samples, ...facts }: RowFacts): Row {
  const measured = value ?? median(samples);
  const words = bar && ("atLeast" in bar ? `≥ ${shown(bar.atLeast)}` : `≤ ${shown(bar.atMost)}`);
  const ok = bar && ("atLeast" in bar ? measured >= bar.atLeast : measured <= bar.atMost);
  return { ...facts, value: measured, bar: words, ok, samples };
}

/** Three significant digits, thousands in groups; what falls short of a hundred isn't rounded to it. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value > 99.9 && value < 100) return String(Math.floor(value * 1e4) / 1e4);
  if (Math.abs(value) < 100) return String(Number(value.toPrecision(3)));
  return value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `value (min … max) unit`. */
export function measuredIn(row: Row): string {
  const { samples, value, unit } = row;
  const range = samples.length > 1 ? ` (${shown(Math.min(...samples))} … ${shown(Math.max(...samples))})` : "";
  return `${shown(value)}${range} ${unit}`.trim();
}
