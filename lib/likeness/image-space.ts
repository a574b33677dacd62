/**
 * Images as points. A thumbnail in grey, less its mean and scaled to length 1, is a point on a sphere of 1,024 dimensions,
 * and the product of two such points is their correlation. A few axes keep most of what tells images apart: the
 * places along them, with the length of what they leave out, are never farther apart than the points are:
 * ‖x − y‖² ≥ ‖Px − Py‖² + (‖x − Px‖ − ‖y − Py‖)² for any orthonormal P. So a search among places misses no pair. Pure.
 */
import { seededNormal, seededRandom } from "../statistics/resampling/random.ts";
import { THUMBNAIL_SIDE as SIDE } from "../wire/alike/thumbnail.ts";

export const PIXELS = SIDE * SIDE;
export const AXES = 32;
/** Numbers of a place: one an axis, and the length of the rest. */
export const PLACE = AXES + 1;
/** Images that the axes are found from. */
const IMAGES_FOR_AXES = 2000;
/** Rounds of subspace iteration. Any axes give a true bound; better ones only a faster search. */
const ROUNDS = 5;

/** Mean and deviation (times √1024) of a thumbnail in grey, that begins at `from`. */
export function spreadOf(greys: ArrayLike<number>, from = 0): { mean: number; norm: number } {
  let [sum, squares] = [0, 0];
  for (let at = from; at < from + PIXELS; at++) {
    sum += greys[at]!;
    squares += greys[at]! * greys[at]!;
  }
  // whole numbers below 2⁵³: no digit is lost
  return { mean: sum / PIXELS, norm: Math.sqrt(Math.max(0, squares - (sum * sum) / PIXELS)) };
}

/** The mirror image of a thumbnail in grey. */
export function mirror(grey: Uint8Array): Uint8Array {
  return grey.map((_, at) => grey[at - (at % SIDE) + SIDE - 1 - (at % SIDE)]!);
}

/** Orthonormal axes `[32, 1024]` along which images differ most. `greys` is `[n, 1024]`. */
export function findAxes(greys: Uint8Array, seed = 1): Float64Array[] {
  const n = greys.length / PIXELS;
  const step = Math.max(1, n / IMAGES_FOR_AXES);
  const points: Float64Array[] = [];
  for (let at = 0; Math.floor(at) < n; at += step) {
    const from = Math.floor(at) * PIXELS;
    const { mean, norm } = spreadOf(greys, from);
    if (norm > 0) points.push(Float64Array.from(greys.subarray(from, from + PIXELS), (value) => (value - mean) / norm));
  }
  const normal = seededNormal(seededRandom(seed));
  let axes = orthonormal(Array.from({ length: AXES }, () => Float64Array.from({ length: PIXELS }, normal)));
  for (let round = 0; round < ROUNDS; round++) {
    const next = axes.map(() => new Float64Array(PIXELS));
    for (const point of points)
      for (let axis = 0; axis < AXES; axis++) addTimes(next[axis]!, point, dot(axes[axis]!, point));
    // few images span fewer dimensions: the old axes fill up the rest
    for (let axis = 0; axis < AXES; axis++) addTimes(next[axis]!, axes[axis]!, 1e-6);
    axes = orthonormal(next);
  }
  return axes;
}

/** Four sums at once: each waits for its own last addition alone. */
function dot(a: Float64Array, b: Float64Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let at = 0; at < PIXELS; at += 4) {
    first += a[at]! * b[at]!;
    second += a[at + 1]! * b[at + 1]!;
    third += a[at + 2]! * b[at + 2]!;
    fourth += a[at + 3]! * b[at + 3]!;
  }
  return first + second + (third + fourth);
}

function addTimes(to: Float64Array, what: Float64Array, times: number): void {
  for (let at = 0; at < PIXELS; at++) to[at] = to[at]! + what[at]! * times;
}

/** Gram and Schmidt, each axis twice, so that rounding leaves nothing of the others in it. */
function orthonormal(axes: Float64Array[]): Float64Array[] {
  for (const [index, axis] of axes.entries()) {
    for (let time = 0; time < 2; time++) {
      for (const other of axes.slice(0, index)) addTimes(axis, other, -dot(axis, other));
      const length = Math.sqrt(dot(axis, axis));
      for (let at = 0; at < PIXELS; at++) axis[at] = axis[at]! / length;
    }
  }
  return axes;
}

/** Of the image that is placed: made once, as many images are. */
const point = new Float64Array(PIXELS);

/** Writes the place of the thumbnail in grey that begins at `from` to `places`, from `to` on. A flat one's is the origin. */
export function placeOf(
  greys: Uint8Array,
  from: number,
  { axes, places, to }: { axes: Float64Array[]; places: Float32Array; to: number },
): void {
  const { mean, norm } = spreadOf(greys, from);
  const scale = norm > 0 ? 1 / norm : 0;
  for (let at = 0; at < PIXELS; at++) point[at] = (greys[from + at]! - mean) * scale;
  let left = norm > 0 ? 1 : 0;
  for (let axis = 0; axis < AXES; axis++) {
    const along = dot(axes[axis]!, point);
    places[to + axis] = along;
    left -= along * along;
  }
  places[to + AXES] = Math.sqrt(Math.max(0, left));
}
