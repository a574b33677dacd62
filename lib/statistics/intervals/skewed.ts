/** The interval of a mean of many values that lean to one side. Pure. */
import { normalQuantile } from "../distributions/normal.ts";
import { because, type MeasuredInterval } from "../measured.ts";

/**
 * Johnson's interval (1978), which Hall (1992) shows to be right to the order 1/n as BCa is: the mean and z standard errors to
 * both sides, moved by γ(2z² + 1)/(6√n). `deviations` are sums by independent unit of value − mean; `samples` is what the
 * mean is over. Undefined below two units, or where nothing varies.
 */
export function skewedInterval(
  mean: number,
  deviations: ArrayLike<number>,
  samples: number,
  alpha = 0.05,
): MeasuredInterval {
  const n = deviations.length;
  if (n < 2) return because(n === 0 ? "no-sample" : "one-sample");
  let [squares, cubes] = [0, 0];
  for (let at = 0; at < n; at++) {
    squares += deviations[at]! ** 2;
    cubes += deviations[at]! ** 3;
  }
  if (squares === 0) return because("no-variance");
  const se = Math.sqrt((n / (n - 1)) * squares) / samples;
  const skewness = cubes / n / (squares / n) ** 1.5;
  const z = normalQuantile(1 - alpha / 2);
  const shift = (skewness * (2 * z * z + 1)) / (6 * Math.sqrt(n));
  return [mean + se * (shift - z), mean + se * (shift + z)];
}
