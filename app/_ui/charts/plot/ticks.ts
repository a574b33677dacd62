/** The numbers at an axis where plotly.js's own would all read the same, or be wrong. Pure. */

import { fullWords } from "@/lib/words/numbers.ts";
import type { Scale } from "./plane.ts";

/** `values` in the axis's numbers with their texts; `base` is what to add to each text, null where they stand for themselves. */
export type Ticks = { values: number[]; texts: string[]; base: string | null };

/** As many digits as a tick has room for. */
const DIGITS = 6;
/** About so many ticks stand at an axis. */
const TICKS = 5;

/**
 * For a linear axis whose ticks share their first digits (steps that are timestamps, a metric that hardly moves round a
 * large number): the texts are what is to be added to `base`. Null where six digits tell the ticks apart.
 */
export function offsetTicks({ from, to, log }: Scale, isWhole: boolean): Ticks | null {
  const most = Math.max(Math.abs(from), Math.abs(to));
  if (log || !(to > from) || most === 0) return null;
  const step = Math.max(niceStep((to - from) / TICKS), isWhole ? 1 : 0);
  if (exponentOf(most) - exponentOf(step) < DIGITS) return null;
  const unit = 10 ** (exponentOf(to - from) + 1);
  const base = Math.floor(from / unit) * unit;
  const values: number[] = [];
  for (let at = Math.ceil((from - base) / step); base + at * step <= to; at++) values.push(base + at * step);
  const texts = values.map((_, index) => numberWords((Math.ceil((from - base) / step) + index) * step));
  return { values, texts, base: numberWords(base) };
}

/** The last day that plotly.js has: what lies beyond, it shows as the year 2000. */
const LAST_DAY_MS = Date.UTC(9999, 11, 31);

/** Days at a time axis that goes beyond the year 9999; null where plotly.js has them. `width`: of the axis, in pixels. */
export function farDates({ from, to }: Scale, width: number): Ticks | null {
  if (to <= LAST_DAY_MS) return null;
  const parts = Math.max(1, Math.min(TICKS - 1, Math.floor(width / 120)));
  const values = Array.from({ length: parts + 1 }, (_, index) => from + ((to - from) * index) / parts);
  return { values, texts: values.map(dayWords), base: null };
}

/** `2026-01-05`; `275760-09-13` without the sign that ISO 8601 has before such a year. */
const dayWords = (at: number): string =>
  new Date(Math.min(at, 8.64e15)).toISOString().replace(/T.*$/, "").replace(/^\+0*/, "");

const exponentOf = (value: number): number => Math.floor(Math.log10(value));

/** 1, 2 or 5 times a power of ten, not below `least`. */
function niceStep(least: number): number {
  const power = 10 ** exponentOf(least);
  const factor = [1, 2, 5, 10].find((one) => one * power >= least) ?? 10;
  return factor * power;
}

const numberWords = (value: number): string => fullWords(value).replace("-", "−");
