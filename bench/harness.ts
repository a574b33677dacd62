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
  /** What would be good; null: the row only informs. */
  bar: Bar | null;
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

/** What the machine did in the same run, in a unit in which less is faster, and what it does when two cores are quiet. */
export type Yardstick = { name: string; unit: string; measured: number; quiet: number };

/**
 * A ratio's bar stands by itself. One in seconds or points a second holds on two quiet cores, and names the yardstick
 * that it moves with: one of those that are measured around every group, or one of the row's own.
 */
export type Bar = ({ atLeast: number } | { atMost: number }) & { by?: "loop" | "query" | "handler" | Yardstick };

type RowFacts = Pick<Row, "id" | "name" | "unit" | "against" | "bar"> & { samples: number[]; value?: number };

/** A row from its samples; `value` is their median unless it is given (a p95 of all requests, say). */
export function rowOf({ value, samples, ...facts }: RowFacts): Row {
  return { ...facts, value: value ?? median(samples), samples };
}

/** A row's bar in words (`≥ 1,000,000`), and whether it was met; null where there is none. */
export type Judgement = { bar: string; ok: boolean } | null;

/**
 * A bar moves by as much as its yardstick was slower than on quiet cores, and never becomes stricter; the words say
 * both bars, and the yardstick.
 */
export function judge({ bar, value }: Row, around: Record<"loop" | "query" | "handler", Yardstick>): Judgement {
  if (!bar) return null;
  const yardstick = typeof bar.by === "string" ? around[bar.by] : bar.by;
  const slower = yardstick ? Math.max(1, yardstick.measured / yardstick.quiet) : 1;
  const [sign, quiet, here] =
    "atLeast" in bar ? ["≥", bar.atLeast, bar.atLeast / slower] : ["≤", bar.atMost, bar.atMost * slower];
  const ok = "atLeast" in bar ? value >= here : value <= here;
  if (!yardstick) return { bar: `${sign} ${shown(quiet)}`, ok };
  const { name, unit, measured } = yardstick;
  const beside = `${name}: ${shown(measured)} ${unit}, ${shown(yardstick.quiet)} where it's quiet`;
  return { bar: `${sign} ${shown(quiet)}; here ${sign} ${shown(here)} (${beside})`, ok };
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
