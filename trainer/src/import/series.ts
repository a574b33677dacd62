/** Points of one imported series in columns, and which points the contract doesn't take. */
import { metricNameSchema } from "../../../lib/wire/base/text.ts";
import { isPlausibleTime, type Split } from "../../../lib/wire/base/words.ts";
import type { SeriesName } from "../../../lib/wire/points/series-name.ts";
import type { LeftOut } from "./imported.ts";

type Columns = { steps: Float64Array; times: Float64Array; values: Float64Array };

/** A series that grows. Points stay in the order in which they came: of two at one step the later one answers. */
export class Series implements SeriesName {
  count = 0;
  #steps: Float64Array;
  #times: Float64Array;
  #values: Float64Array;

  /** `room`: for so many points at first. */
  constructor(
    readonly split: Split | null,
    readonly metric: string,
    room = 64,
  ) {
    this.#steps = new Float64Array(room);
    this.#times = new Float64Array(room);
    this.#values = new Float64Array(room);
  }

  append(step: number, time: number, value: number): void {
    if (this.count === this.#steps.length) this.#resize(Math.max(64, this.count * 2));
    this.#steps[this.count] = step;
    this.#times[this.count] = time;
    this.#values[this.count] = value;
    this.count++;
  }

  readonly columns = (): Columns => ({
    steps: this.#steps.subarray(0, this.count),
    times: this.#times.subarray(0, this.count),
    values: this.#values.subarray(0, this.count),
  });

  /** Drops the points from a step on, and returns how many there were. */
  dropFrom(step: number): number {
    let kept = 0;
    for (let at = 0; at < this.count; at++) {
      if (this.#steps[at]! >= step) continue;
      this.#steps[kept] = this.#steps[at]!;
      this.#times[kept] = this.#times[at]!;
      this.#values[kept] = this.#values[at]!;
      kept++;
    }
    const dropped = this.count - kept;
    this.count = kept;
    return dropped;
  }

  /** How many points another one at the same step, which came later, stands for. */
  rewritten(): number {
    const steps = this.#steps.subarray(0, this.count);
    if (steps.every((step, at) => at === 0 || step > steps[at - 1]!)) return 0;
    return this.count - new Set(steps).size;
  }

  /** The same points under another name. */
  renamed({ split, metric }: SeriesName): Series {
    const other = new Series(split, metric, 0);
    other.#steps = this.#steps;
    other.#times = this.#times;
    other.#values = this.#values;
    other.count = this.count;
    return other;
  }

  /** Its points from a place on, up to another. */
  part(from: number, to: number): Series {
    const other = new Series(this.split, this.metric, 0);
    other.#steps = this.#steps.subarray(from, to);
    other.#times = this.#times.subarray(from, to);
    other.#values = this.#values.subarray(from, to);
    other.count = to - from;
    return other;
  }

  #resize(length: number): void {
    const resized = (column: Float64Array) => {
      const other = new Float64Array(length);
      other.set(column);
      return other;
    };
    this.#steps = resized(this.#steps);
    this.#times = resized(this.#times);
    this.#values = resized(this.#values);
  }
}

const TAKEN = "its name can't be one of ours: up to 200 characters of one line, which no other metric of the run has";

const NO_TIME = "its time is none from 1970 to 2100 in milliseconds";

/** Takes points as a source has them, and counts by reason those that can't be stored. */
export class Intake {
  readonly #series = new Map<string, Series>();
  readonly #refused = new Map<string, LeftOut>();

  /** `nameOf`: which series a source's own name of a metric means. */
  constructor(readonly nameOf: (key: string) => SeriesName) {}

  /** `room`: how many points its series may get, where the source can tell. */
  add(key: string, step: number, time: number, value: number, room?: number): void {
    const why = whyNoStep(step) ?? (isPlausibleTime(time) ? null : NO_TIME);
    if (why === null) (this.#series.get(key) ?? this.#start(key, room))?.append(step, time, value);
    else this.refuse(key, why);
  }

  /** Counts a point of a metric that is left out. */
  refuse(key: string, why: string, count = 1): void {
    const known = this.#refused.get(`${key}\0${why}`);
    if (known) known.count += count;
    else this.#refused.set(`${key}\0${why}`, { unit: "point", count, where: key, why });
  }

  /** A later part of the source takes back what was read from a step on. */
  dropFrom(step: number, why: string): void {
    for (const [key, series] of this.#series) {
      const dropped = series.dropFrom(step);
      if (dropped > 0) this.refuse(key, why, dropped);
    }
  }

  /** How many series there are, and the most points that one has. */
  get extent(): { keys: string[]; pointsMax: number } {
    const counts = [...this.#series.values()].map(({ count }) => count);
    return { keys: [...this.#series.keys()], pointsMax: Math.max(0, ...counts) };
  }

  /** Takes over all of another, whose names mean what `nameOf` says; `place` tells where that was. */
  absorb(other: Intake, place: string, nameOf: (key: string) => SeriesName): void {
    for (const [key, series] of other.#series) {
      const at = `${place}/${key}`;
      const name = this.#freeName(nameOf(key), at);
      if (name) this.#series.set(at, series.renamed(name));
      else this.refuse(at, TAKEN, series.count);
    }
    for (const { where, why, count } of other.#refused.values()) this.refuse(`${place}/${where}`, why, count);
  }

  /** `place` goes before the names of what is left out. */
  taken(place: string): { series: Series[]; leftOut: LeftOut[] } {
    const series = [...this.#series.values()].filter(({ count }) => count > 0);
    const leftOut = [...this.#refused.values()].map((one) => ({ ...one, where: `${place}: ${one.where}` }));
    return { series, leftOut };
  }

  #start(key: string, room?: number): Series | null {
    const name = this.#freeName(this.nameOf(key), key);
    if (name === null) {
      this.refuse(key, TAKEN);
      return null;
    }
    const series = new Series(name.split, name.metric, room);
    this.#series.set(key, series);
    return series;
  }

  /** Two names that mean one series don't share it: the second goes by its whole name. Null: neither can be one of ours. */
  #freeName(ruled: SeriesName, key: string): SeriesName | null {
    const isFree = ({ split, metric }: SeriesName) =>
      metricNameSchema.safeParse(metric).success &&
      ![...this.#series.values()].some((one) => one.split === split && one.metric === metric);
    return [ruled, { split: ruled.split, metric: key }].find(isFree) ?? null;
  }
}

function whyNoStep(step: number): string | null {
  if (Number.isSafeInteger(step) && step >= 0) return null;
  return step < 0 ? "a step below 0; ours are integers from 0" : "its step is no integer from 0 to 2^53-1";
}
