/** What a statistic refuses: the caller made an error, or the data has one. Pure. */

/** How many of the first wrong positions an error names. */
const NAMED = 10;

/** Values that no statistic is made of. `positions` are the first ten, counted from 0; the caller knows their ids. */
export class InputError extends RangeError {
  readonly count: number;
  readonly positions: number[];
  constructor(message: string, count = 0, positions: number[] = []) {
    super(message);
    this.name = "InputError";
    this.count = count;
    this.positions = positions;
  }
}

/** Throws where a value isn't `right`: with how many there are and where the first ten stand. `what` is a plural. */
export function refuseUnless(
  values: ArrayLike<number>,
  { what, right, must }: { what: string; right: (value: number) => boolean; must: string },
): void {
  let count = 0;
  const positions: number[] = [];
  for (let at = 0; at < values.length; at++) {
    if (right(values[at]!)) continue;
    count++;
    if (positions.length < NAMED) positions.push(at);
  }
  if (count === 0) return;
  const places = `${positions.join(", ")}${count > positions.length ? ", …" : ""}`;
  throw new InputError(`${count} of ${values.length} ${what} must be ${must}; at ${places}`, count, positions);
}

/** Throws where a value is NaN or infinite. */
export const refuseNonFinite = (values: ArrayLike<number>, what: string): void =>
  refuseUnless(values, { what, right: Number.isFinite, must: "finite" });

/** Throws where a value is no number in 0–1. */
export const refuseNonProbability = (values: ArrayLike<number>, what: string): void =>
  refuseUnless(values, { what, right: (value) => value >= 0 && value <= 1, must: "in 0–1" });

/** Throws where a value is neither 0 nor 1. */
export const refuseNonBinary = (values: ArrayLike<number>, what: string): void =>
  refuseUnless(values, { what, right: (value) => value === 0 || value === 1, must: "0 or 1" });

/** Throws where a value is no whole number in 0 … classes − 1. */
export const refuseNonClass = (values: ArrayLike<number>, classes: number, what: string): void =>
  refuseUnless(values, {
    what,
    right: (value) => Number.isInteger(value) && value >= 0 && value < classes,
    must: `a class in 0–${classes - 1}`,
  });

/** Throws where two columns of one table have different lengths. */
export function refuseUnequalLengths(a: ArrayLike<unknown>, b: ArrayLike<unknown>, what: string): void {
  if (a.length !== b.length)
    throw new InputError(`${what} have ${a.length} and ${b.length} values: they must be pairs`);
}

/** Throws where a setting isn't so. */
export function refuseSetting(right: boolean, message: string): void {
  if (!right) throw new InputError(message);
}
