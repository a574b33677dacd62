/** A metric's file of an MLflow file store: a line a point, `TIMESTAMP VALUE STEP`; step 0 in old stores, more columns in new ones. */
import { decimalIn } from "../decimal.ts";
import { floatOf } from "../python.ts";
import type { Intake } from "../series.ts";

const DUPLICATE = "written twice: the same time, value and step (MLflow 3 does so where a model is logged)";
const DAMAGED = "damaged: its line isn't a time, a value and a step";
const [NEWLINE, SPACE] = [10, 32];

/** Adds the points of a file. Lines that are none are counted as points that are left out. */
export function addMetricLines(intake: Intake, key: string, bytes: Buffer): void {
  // a line that is torn in its value looks like one of an old store, which has no step
  const first = new Line(bytes);
  const columnsMin = first.next() && first.columns > 2 ? 3 : 2;
  // its lines are about as long as the first one
  const room = Math.ceil(bytes.length / Math.max(8, first.to + 1)) + 1;
  const line = new Line(bytes);
  let stepMax = Number.NEGATIVE_INFINITY;
  let seen: Set<string> | null = null;
  while (line.next()) {
    if (!line.readPoint(columnsMin)) {
      intake.refuse(key, DAMAGED);
      continue;
    }
    // a line can only be there already where steps go back: a set of all lines costs more than all the rest
    if (line.step <= stepMax) seen ??= new Set(bytes.toString("utf8", 0, line.from - 1).split("\n"));
    if (seen !== null) {
      const text = bytes.toString("utf8", line.from, line.to);
      if (seen.has(text)) {
        intake.refuse(key, DUPLICATE);
        continue;
      }
      seen.add(text);
    }
    stepMax = Math.max(stepMax, line.step);
    intake.add(key, line.step, line.time, line.value, room);
  }
}

/** Goes over the lines of a file, with the numbers of the one that it stands at: nothing is made for a line. */
class Line {
  /** Where the line stands in the bytes; its newline is no part of it. */
  from = -1;
  to = -1;
  /** How many columns it has, at most 4: nobody asks for more. */
  columns = 0;
  time = 0;
  value = 0;
  step = 0;
  /** Where each column ends. */
  readonly #ends = new Float64Array(4);
  #isRead = true;

  constructor(readonly bytes: Buffer) {}

  /** Goes on to the next line; false: there is none. */
  next(): boolean {
    const { bytes } = this;
    const from = this.to + 1;
    if (from >= bytes.length) return false;
    let at = from;
    let columns = 0;
    for (; at < bytes.length && bytes[at] !== NEWLINE; at++)
      if (bytes[at] === SPACE && columns < 3) this.#ends[columns++] = at;
    this.#ends[columns] = at;
    this.columns = columns + 1;
    this.from = from;
    this.to = at;
    return true;
  }

  /** Whether it is a point, whose numbers it has then. */
  readPoint(columnsMin: number): boolean {
    if (this.columns < columnsMin) return false;
    this.#isRead = true;
    this.time = this.#number(this.from, this.#ends[0]!);
    this.value = this.#number(this.#ends[0]! + 1, this.#ends[1]!);
    this.step = this.columns < 3 ? 0 : this.#number(this.#ends[1]! + 1, this.#ends[2]!);
    return this.#isRead && Number.isInteger(this.step);
  }

  #number(from: number, to: number): number {
    const number = decimalIn(this.bytes, from, to);
    if (!Number.isNaN(number)) return number;
    const spelled = floatOf(this.bytes.toString("utf8", from, to));
    this.#isRead &&= spelled !== null;
    return spelled ?? 0;
  }
}
