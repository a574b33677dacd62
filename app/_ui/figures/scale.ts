/** From numbers to places in a figure, and the round numbers at its axes. Pure. */

export type Span = { from: number; to: number };

/** 1, 2 or 5 times a power of ten, not below `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10) * power;
}

/** About `count` round numbers within the span, ends included. */
export function ticksOf({ from, to }: Span, count = 5): number[] {
  if (!(to > from)) return [from];
  const step = niceStep((to - from) / count);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // a multiple of a step has the digits that the step has
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/** The span of the numbers, widened to round ends; where all are equal, one step around them. */
export function spanOf(values: readonly number[], count = 5): Span {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return { from: 0, to: 1 };
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  const step = niceStep((high - low || Math.abs(high) || 1) / count);
  const from = Math.floor(low / step + 1e-9) * step;
  const to = Math.ceil(high / step - 1e-9) * step;
  return to > from ? { from, to } : { from: from - step, to: to + step };
}

export const UNIT: Span = { from: 0, to: 1 };

/** Maps the span onto `start` … `end`. */
export const mapOf =
  ({ from, to }: Span, start: number, end: number) =>
  (value: number): number =>
    start + ((value - from) / (to - from || 1)) * (end - start);

/** A place with as many digits as a picture shows. */
export const place = (value: number): string => String(Math.round(value * 100) / 100);
