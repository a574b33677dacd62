/** Intervals from the replicates of a bootstrap. Pure. */
import { normalCdf, normalQuantile } from "../distributions/normal.ts";
import { because, type Interval, isUndefined, type Measured, type MeasuredInterval } from "../measured.ts";
import { quantile } from "../moments.ts";

/** More undefined replicates than this share and BCa is refused. */
const UNDEFINED_SHARE_MAX = 0.05;

/** The statistic without each unit in turn; `counts[i]` units (1 if left out) give `values[i]`. */
export type Jackknife = { values: ArrayLike<number>; counts?: ArrayLike<number> };

export type BootstrapIntervals = {
  percentile: MeasuredInterval;
  /** 2θ − upper quantile … 2θ − lower quantile. */
  basic: MeasuredInterval;
  /** Bias-corrected and accelerated (Efron 1987). Undefined without a jackknife. */
  bca: MeasuredInterval;
  /** BCa's bias correction. */
  z0: Measured;
  /** BCa's acceleration. */
  acceleration: Measured;
  replicates: number;
  /** Replicates that were undefined (NaN), such as where a class vanished: left out of the quantiles, and to be shown. */
  undefinedReplicates: number;
};

/** Two-sided, with confidence 1 − alpha. `estimate` is the statistic of the sample itself; quantiles are of type 7. */
export function bootstrapIntervals(
  { estimate, replicates, jackknife }: { estimate: number; replicates: Float64Array; jackknife?: Jackknife },
  alpha = 0.05,
): BootstrapIntervals {
  const defined = replicates.filter((value) => !Number.isNaN(value)).sort();
  const undefinedReplicates = replicates.length - defined.length;
  const counts = { replicates: replicates.length, undefinedReplicates };
  const none = because(replicates.length === 0 ? "no-replicate" : "every-resample-undefined");
  if (defined.length === 0)
    return { percentile: none, basic: none, bca: none, z0: none, acceleration: none, ...counts };
  const [low, high] = [quantile(defined, alpha / 2), quantile(defined, 1 - alpha / 2)];
  const z0 = biasOf(defined, estimate);
  const acceleration = jackknife ? accelerationOf(jackknife) : because("no-jackknife");
  const tooMany = undefinedReplicates > UNDEFINED_SHARE_MAX * replicates.length;
  return {
    percentile: [low, high],
    basic: [2 * estimate - high, 2 * estimate - low],
    bca: tooMany ? because("many-resamples-undefined") : bcaInterval(defined, { z0, acceleration, alpha }),
    z0,
    acceleration,
    ...counts,
  };
}

function biasOf(sorted: Float64Array, estimate: number): Measured {
  let [below, atMost] = [0, 0];
  for (const value of sorted) {
    if (value < estimate) below++;
    if (value <= estimate) atMost++;
  }
  const share = (below + atMost) / (2 * sorted.length);
  if (sorted[0] === sorted.at(-1)) return because("resamples-same");
  return share > 0 && share < 1 ? normalQuantile(share) : because("resamples-one-sided");
}

/** a = Σd³/(6 (Σd²)^1.5), d = mean − value without unit i. */
function accelerationOf({ values, counts }: Jackknife): Measured {
  let [n, sum] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    const count = counts?.[at] ?? 1;
    // a cell that holds nothing has no unit to leave out
    if (count === 0) continue;
    if (!Number.isFinite(values[at]!)) return because("undefined-without-unit");
    n += count;
    sum += count * values[at]!;
  }
  const centre = sum / n;
  let [squares, cubes] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    const count = counts?.[at] ?? 1;
    if (count === 0) continue;
    const d = centre - values[at]!;
    squares += count * d * d;
    cubes += count * d * d * d;
  }
  return squares === 0 ? because("unit-changes-nothing") : cubes / (6 * squares ** 1.5);
}

function bcaInterval(
  sorted: Float64Array,
  { z0, acceleration, alpha }: { z0: Measured; acceleration: Measured; alpha: number },
): MeasuredInterval {
  if (isUndefined(z0)) return z0;
  if (isUndefined(acceleration)) return acceleration;
  const end = (q: number) => {
    const z = z0 + normalQuantile(q);
    const stretch = 1 - acceleration * z;
    return stretch > 0 ? quantile(sorted, normalCdf(z0 + z / stretch)) : Number.NaN;
  };
  const ends: Interval = [end(alpha / 2), end(1 - alpha / 2)];
  return ends.some(Number.isNaN) ? because("unit-too-heavy") : ends;
}
