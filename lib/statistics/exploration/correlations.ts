/** Which columns of many runs move together. Pure. */
import { adjustP } from "../corrections/adjust-p.ts";
import { tTwoSided } from "../distributions/student-t.ts";
import { rankCorrelationInterval } from "../intervals/rank-correlation.ts";
import { type Interval, isUndefined, type Measured } from "../measured.ts";
import { pearson, spearman } from "../regression/correlation.ts";

export type Correlation = {
  /** Runs that have a finite number in both columns. */
  n: number;
  /** −1 … 1; null where there are fewer than two, or a column is constant. */
  spearman: number | null;
  /** Of 95 % (Bonett and Wright 2000); null up to three runs, and at ±1. */
  interval: Interval | null;
  pearson: number | null;
  /** That Spearman's is 0, two-sided by Student's t with n − 2 degrees of freedom, adjusted by Holm for all pairs. */
  p: number | null;
};

/** Each pair of columns; what isn't finite in one of both is left out of that pair alone. */
export function correlatePairs(pairs: readonly (readonly [ArrayLike<number>, ArrayLike<number>])[]): {
  pairs: Correlation[];
  family: number;
} {
  const found = pairs.map(([x, y]) => correlate(x, y));
  const tested = found.flatMap(({ p }) => p ?? []);
  const adjusted = adjustP(tested, "holm");
  let next = 0;
  return {
    pairs: found.map((one) => (one.p === null ? one : { ...one, p: adjusted[next++]! })),
    family: tested.length,
  };
}

function correlate(x: ArrayLike<number>, y: ArrayLike<number>): Correlation {
  const kept: number[] = [];
  for (let at = 0; at < x.length; at++) if (Number.isFinite(x[at]!) && Number.isFinite(y[at]!)) kept.push(at);
  const n = kept.length;
  if (n < 2) return { n, spearman: null, interval: null, pearson: null, p: null };
  const [left, right] = [Float64Array.from(kept, (at) => x[at]!), Float64Array.from(kept, (at) => y[at]!)];
  const rho = numberOf(spearman(left, right));
  const interval = rho === null ? null : rankCorrelationInterval(rho, n);
  return {
    n,
    spearman: rho,
    interval: interval === null || isUndefined(interval) ? null : interval,
    pearson: numberOf(pearson(left, right)),
    p: rho === null || n < 3 ? null : tTwoSided(rho * Math.sqrt((n - 2) / ((1 - rho) * (1 + rho))), n - 2),
  };
}

/** What rounding alone keeps from ±1 is ±1. */
const numberOf = (value: Measured): number | null =>
  isUndefined(value) ? null : 1 - Math.abs(value) < 1e-12 ? Math.sign(value) : value;
