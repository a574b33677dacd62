/** Where the numbers of a chart's axes lie in its picture. Pure. */
import type { Clip, Trace } from "./traces.ts";

/** An axis from the lower end of what it shows to the upper one, in its own numbers; of a logarithmic one both are above 0. */
export type Scale = { from: number; to: number; log: boolean };
/** In CSS pixels from the top left corner of the picture. */
export type Box = { left: number; top: number; width: number; height: number };
export type Plane = { box: Box; x: Scale; y: Scale };

/** Room for the axes' numbers and the title below. It is fixed, so that no plot moves when its numbers change. */
export const MARGIN = { l: 56, r: 14, t: 10, b: 40 } as const;

export const boxOf = (width: number, height: number): Box => ({
  left: MARGIN.l,
  top: MARGIN.t,
  width: Math.max(1, width - MARGIN.l - MARGIN.r),
  height: Math.max(1, height - MARGIN.t - MARGIN.b),
});

/** Pixels from the left of the picture; NaN or infinite for what has no place on the axis. */
export function placeX(x: Scale, { left, width }: Box): (value: number) => number {
  return place(x, left, width);
}

/** Pixels from the top of the picture; as `placeX`. */
export function placeY(y: Scale, { top, height }: Box): (value: number) => number {
  return place(y, top + height, -height);
}

function place({ from, to, log }: Scale, start: number, length: number): (value: number) => number {
  const at = log ? Math.log10 : (value: number) => value;
  const low = at(from);
  const perUnit = length / (at(to) - low);
  return (value) => start + (at(value) - low) * perUnit;
}

/** The number of the x-axis that lies at a pixel. */
export function valueAtX({ from, to, log }: Scale, { left, width }: Box, pixel: number): number {
  const share = (pixel - left) / width;
  return log ? from * (to / from) ** share : from + share * (to - from);
}

type Ends = { low: number; high: number };
/** The numbers of a line, and which of them count; left out: all do. */
type Counted = { values: ArrayLike<number>; counts?: (index: number) => boolean };

/** Lowest and highest finite number, above 0 where the axis is logarithmic; null where there is none. */
function endsOf(lines: Iterable<Counted>, log: boolean): Ends | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { values, counts } of lines)
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!;
      if (!Number.isFinite(value) || (log && value <= 0) || counts?.(index) === false) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low <= high ? { low, high } : null;
}

/** From the first to the last x of all traces; a lone one stands in the middle. */
export function wholeX(traces: Trace[], log: boolean): Scale {
  const ends = endsOf(
    traces.map(({ raw }) => ({ values: raw.x })),
    log,
  ) ?? { low: 1, high: 2 };
  const { low, high } = ends;
  if (low < high) return { from: low, to: high, log };
  return log ? { from: low / 2, to: high * 2, log } : { from: low - 1, to: high + 1, log };
}

/** Room above and below the curves, as a share of their range, so that none touches the edge. */
const MARGIN_SHARE = 0.05;

/** The part of y around the values that lie within `x`, or around those that aren't clipped. */
export function shownY(traces: Trace[], x: Scale, log: boolean, clip: Clip | null): Scale {
  const lines = traces.flatMap(({ raw, band }) =>
    [raw.y, ...(band ? [band.low, band.high] : [])].map((y) => ({ x: raw.x, y })),
  );
  const ends = endsOf(
    lines.map((line) => within(line, x)),
    log,
  );
  if (ends === null) return { from: log ? 0.1 : 0, to: 1, log };
  const low = clip ? Math.max(clip.low, log ? ends.low : clip.low) : ends.low;
  const high = clip ? clip.high : ends.high;
  if (low === high) return aroundConstant(low, log);
  if (log) {
    const factor = (high / low) ** MARGIN_SHARE;
    return { from: low / factor, to: high * factor, log };
  }
  const margin = (high - low) * MARGIN_SHARE;
  return { from: low - margin, to: high + margin, log };
}

/** The values of a line within `x`, and of the points before and after, as the line leads to them. */
function within({ x, y }: Trace["raw"], { from, to }: Scale): Counted {
  const counts = (index: number) => (x[index + 1] ?? x[index]!) >= from && (x[index - 1] ?? x[index]!) <= to;
  return { values: y, counts };
}

/** A constant has 0 on its axis, so that 0.002 doesn't look like 0. */
function aroundConstant(value: number, log: boolean): Scale {
  if (log) return { from: value / 10, to: value * 10, log };
  if (value === 0) return { from: -1, to: 1, log };
  return value > 0 ? { from: 0, to: 2 * value, log } : { from: 2 * value, to: 0, log };
}
