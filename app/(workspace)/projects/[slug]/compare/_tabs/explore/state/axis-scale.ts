/** Where the values of a column lie along an axis. Pure. */

import type { Scale } from "@/app/_ui/charts/plot/plane.ts";
import { numberTicks, type Ticks } from "@/app/_ui/charts/plot/ticks.ts";
import { quantileOf } from "@/lib/statistics/moments.ts";
import { durationWords, valueWords } from "@/lib/words/numbers.ts";
import type { Column } from "./columns.ts";

export type AxisScale = {
  scale: Scale;
  /** Of each run, in the numbers of the scale: a category is its place and a half. NaN: it has no place. */
  at: Float64Array;
  /** Null of numbers. */
  names: string[] | null;
  isLogPossible: boolean;
};

export type ScaleChoice = "log" | "linear";
/** Numbers above 0 stand on a logarithmic axis from so many times the smallest value on … */
const LOG_FROM = 100;
/** … where half of them crowd into so much of a linear one: drawn evenly from 0 to 1, they don't. */
const CROWDED = 0.2;

/** `choice`: what a reader chose; without one an axis is logarithmic where its numbers span two decades and crowd below. */
export function axisScale(column: Column, choice: ScaleChoice | undefined): AxisScale {
  if (column.kind === "category") {
    const at = Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : code + 0.5));
    const scale = { from: 0, to: Math.max(1, column.names.length), log: false };
    return { scale, at, names: column.names, isLogPossible: false };
  }
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of column.values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const isLogPossible = low > 0 && low < high;
  const log =
    isLogPossible &&
    (choice === undefined ? high / low >= LOG_FROM && isCrowded(column.values, low, high) : choice === "log");
  return { scale: { ...endsOf(low, high), log }, at: column.values, names: null, isLogPossible };
}

function isCrowded(values: Float64Array, low: number, high: number): boolean {
  const finite = values.filter(Number.isFinite);
  return (quantileOf(finite, 0.5) - low) / (high - low) < CROWDED;
}

/** A lone value stands in the middle. */
function endsOf(low: number, high: number): { from: number; to: number } {
  if (low > high) return { from: 0, to: 1 };
  if (low < high) return { from: low, to: high };
  const half = Math.abs(low) / 2 || 1;
  return { from: low - half, to: high + half };
}

/** 0 at the lower end, 1 at the upper one. */
export function shareOf({ from, to, log }: Scale, value: number): number {
  return log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

export function valueAt({ from, to, log }: Scale, share: number): number {
  return log ? from * (to / from) ** share : from + share * (to - from);
}

/** A little wider than the values, so that none lies on the edge of a plot. */
export function padded({ scale, names }: AxisScale): Scale {
  if (names) return scale;
  return { from: valueAt(scale, -0.04), to: valueAt(scale, 1.04), log: scale.log };
}

/** Characters of a category's name at an axis. */
const NAME_MAX = 14;

export function axisTicks({ names }: AxisScale, shown: Scale, most: number): Ticks {
  if (!names) return numberTicks(shown, false, most);
  const stride = Math.max(1, Math.ceil(names.length / Math.max(1, most)));
  const places = [...names.keys()].filter((place) => place % stride === 0);
  return {
    values: places.map((place) => place + 0.5),
    texts: places.map((place) => cut(names[place]!, NAME_MAX)),
    base: null,
  };
}

export const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** A run's value in words; `none` where it has none. */
export function cellWords(column: Column, run: number): string {
  if (column.kind === "category") {
    const code = column.codes[run]!;
    return code < 0 ? "none" : column.names[code]!;
  }
  return Number.isNaN(column.values[run]!) ? "none" : numbersWords(column, column.values[run]!);
}

export const numbersWords = (column: Column, value: number): string =>
  column.name === "duration" ? durationWords(value * 1000) : valueWords(value);
