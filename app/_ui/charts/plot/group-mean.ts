/** The mean of some runs' curves at each place of x, with its 95 % band. Pure. */
import { tQuantile } from "@/lib/statistics/distributions/student-t.ts";
import { mean, standardDeviation } from "@/lib/statistics/moments.ts";
import type { Band, Line } from "./traces.ts";

/** The curve of a run; runs of one `unit` repeat one another, and count once with their mean. */
export type MemberLine = Line & { unit: string };

/** More places than pixels say nothing: of more, every second, third … is taken. */
const PLACES_MAX = 1000;

/**
 * At each x where a run has a point. There a run counts with its own value, or with that of the straight line between its
 * points round it: not before its first point, after its last, nor beside a point that is not finite. The band is
 * Student's 95 % interval of the mean over the `n` that count; it is NaN where only one does.
 */
export function groupMean(lines: MemberLine[]): { mean: Line; band: Band } {
  const rising = lines.map(inOrder);
  const x = placesOf(rising);
  const units = [...new Set(lines.map(({ unit }) => unit))];
  const isBetween = new Uint8Array(x.length);
  const values = units.map((unit) => {
    const own = rising.filter((_, index) => lines[index]!.unit === unit).map((line) => valuesAt(line, x, isBetween));
    return own.length === 1 ? own[0]! : x.map((_, at) => mean(own.flatMap((line) => finite(line[at]!))));
  });
  const [centre, low, high] = [empty(x.length), empty(x.length), empty(x.length)];
  const n = new Uint32Array(x.length);
  for (let at = 0; at < x.length; at++) {
    const found = values.flatMap((line) => finite(line[at]!));
    n[at] = found.length;
    if (found.length === 0) continue;
    centre[at] = mean(found);
    if (found.length === 1) continue;
    const half = (tOf(found.length - 1) * standardDeviation(found)) / Math.sqrt(found.length);
    [low[at], high[at]] = [centre[at]! - half, centre[at]! + half];
  }
  return { mean: { x, y: centre }, band: { low, high, n, between: isBetween.reduce((sum, one) => sum + one, 0) } };
}

const finite = (value: number): number[] => (Number.isFinite(value) ? [value] : []);
const empty = (length: number) => new Float64Array(length).fill(Number.NaN);

const quantiles = new Map<number, number>();

/** Of 95 % intervals; each is found once, as a chart has thousands of places and few sizes of groups. */
function tOf(freedom: number): number {
  const known = quantiles.get(freedom) ?? tQuantile(0.975, freedom);
  quantiles.set(freedom, known);
  return known;
}

/** By x: a clock or a metric may go back, which a mean at one place can't follow. */
function inOrder({ x, y }: Line): Line {
  if (x.every((place, index) => index === 0 || place >= x[index - 1]!)) return { x, y };
  const order = Array.from(x.keys()).sort((a, b) => x[a]! - x[b]!);
  return { x: Float64Array.from(order, (index) => x[index]!), y: order.map((index) => y[index]!) };
}

function placesOf(lines: Line[]): Float64Array<ArrayBuffer> {
  const all = Float64Array.from(new Set(lines.flatMap(({ x }) => Array.from(x).filter(Number.isFinite)))).sort();
  if (all.length <= PLACES_MAX) return all;
  const stride = (all.length - 1) / (PLACES_MAX - 1);
  return Float64Array.from({ length: PLACES_MAX }, (_, at) => all[Math.round(at * stride)]!);
}

/** Marks in `isBetween` the places that it has no point at, and a value. */
function valuesAt({ x, y }: Line, places: Float64Array, isBetween: Uint8Array): Float64Array {
  let right = 0;
  return places.map((place, at) => {
    while (right < x.length && !(x[right]! >= place)) right++;
    if (right === x.length) return Number.NaN;
    if (x[right] === place) return y[right]!;
    if (right === 0) return Number.NaN;
    const share = (place - x[right - 1]!) / (x[right]! - x[right - 1]!);
    const value = y[right - 1]! + share * (y[right]! - y[right - 1]!);
    if (Number.isFinite(value)) isBetween[at] = 1;
    return value;
  });
}
