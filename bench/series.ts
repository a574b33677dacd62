/** Seeded curves as training programs make them, so that any point of a bench can be told from its place alone. */

/** Values that a program kept in float32, or in float64 all along. */
export type Origin = "float32" | "float64";

/** mulberry32 (Tommy Ettinger, public domain): numbers in [0, 1) that a seed fixes. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A loss of `length` steps: it falls from about 2.3 towards 0.05 under multiplicative noise. Never above 5 or below 0. */
export function lossCurve(seed: number, length: number, origin: Origin = "float32"): Float64Array<ArrayBuffer> {
  const random = randomOf(seed);
  const values = new Float64Array(length);
  const rate = 4 + random() * 4;
  for (let step = 0; step < length; step++) {
    const trend = 0.05 + 2.25 * Math.exp((-rate * step) / length);
    // the sum of two is enough of a bell, and bounded: 0.7 to 1.3 times the trend
    values[step] = trend * (1 + 0.3 * (random() + random() - 1));
  }
  return origin === "float32" ? Float64Array.from(new Float32Array(values)) : values;
}

/** Steps `from` to `from + count - 1`. */
export function stepsFrom(from: number, count: number): Float64Array<ArrayBuffer> {
  const steps = new Float64Array(count);
  for (let index = 0; index < count; index++) steps[index] = from + index;
  return steps;
}

const STARTED_AT = Date.UTC(2026, 0, 5, 9);
/** Milliseconds since 1970 of steps `from` to `from + count - 1`, one step in 20 ms. */
export function timesFrom(from: number, count: number): Float64Array<ArrayBuffer> {
  const times = new Float64Array(count);
  for (let index = 0; index < count; index++) times[index] = STARTED_AT + (from + index) * 20;
  return times;
}

/** How many steps a column of `LoggedRun` has before its values come again. */
const PERIOD = 2 ** 17;

/** What one run logs: `metrics` losses, the value of each step fixed by seed, metric and step. */
export class LoggedRun {
  readonly names: string[];
  #columns: Float64Array<ArrayBuffer>[];

  constructor(seed: number, metrics: number) {
    this.names = Array.from({ length: metrics }, (_, index) => `loss/${index}`);
    this.#columns = this.names.map((_, index) => {
      const period = lossCurve(seed + index, PERIOD);
      const doubled = new Float64Array(2 * PERIOD);
      doubled.set(period);
      doubled.set(period, PERIOD);
      return doubled;
    });
  }

  /** The values of a metric at steps `from` to `from + count - 1`; `count` is at most 131,072. */
  values(metric: number, from: number, count: number): Float64Array<ArrayBuffer> {
    const start = from % PERIOD;
    return this.#columns[metric]!.subarray(start, start + count);
  }
}

/** One long series: a loss with planted spikes, dips and runs of NaN, any stretch of which can be made anew. */
export class PlantedCurve {
  /** By step, in order; a spike is above every other value that isn't planted, a dip below. No two heights are equal. */
  readonly spikes: { step: number; value: number }[] = [];
  readonly gaps: { step: number; count: number }[] = [];
  #noise: Float64Array;

  constructor(
    seed: number,
    readonly length: number,
    { spikes = 0, gaps = 0, origin = "float32" as Origin } = {},
  ) {
    const random = randomOf(seed);
    this.#noise = Float64Array.from({ length: PERIOD }, () => 1 + 0.3 * (random() + random() - 1));
    this.origin = origin;
    const places = new Set<number>();
    while (places.size < spikes + gaps) places.add(Math.floor(random() * (length - 100)));
    for (const [at, step] of [...places].entries()) {
      if (at < spikes) this.spikes.push({ step, value: at % 2 === 0 ? 100 + at : -100 - at });
      else this.gaps.push({ step, count: 1 + Math.floor(random() * 50) });
    }
    this.spikes.sort((a, b) => a.step - b.step);
    this.gaps.sort((a, b) => a.step - b.step);
  }
  readonly origin: Origin;

  /** The values of steps `from` to `from + count - 1`. */
  values(from: number, count: number): Float64Array<ArrayBuffer> {
    const values = new Float64Array(count);
    for (let index = 0; index < count; index++) {
      const step = from + index;
      values[index] = (0.05 + 2.25 * Math.exp((-6 * step) / this.length)) * this.#noise[step % PERIOD]!;
    }
    if (this.origin === "float32") values.set(new Float32Array(values));
    for (const gap of this.gaps)
      if (gap.step < from + count && gap.step + gap.count > from)
        values.fill(Number.NaN, Math.max(0, gap.step - from), Math.min(count, gap.step + gap.count - from));
    for (const { step, value } of this.spikes) if (step >= from && step < from + count) values[step - from] = value;
    return values;
  }
}
