/** The interval of a mean of few numbers, such as the scores of one recipe's seeds. Pure. */
import { tQuantile } from "../distributions/student-t.ts";
import { because, type Interval, type Measured, type MeasuredInterval } from "../measured.ts";
import { mean, standardDeviation } from "../moments.ts";

export type MeanInterval = { mean: Measured; sd: Measured; interval: MeasuredInterval };

/** Mean, standard deviation (n − 1) and Student's interval. Assumes independent, nearly normal values. */
export function meanInterval(values: ArrayLike<number>, alpha = 0.05): MeanInterval {
  const n = values.length;
  const few = because(n === 0 ? "no-value" : "one-value");
  if (n < 2) return { mean: n === 0 ? few : mean(values), sd: few, interval: few };
  const [centre, sd] = [mean(values), standardDeviation(values)];
  const half = (tQuantile(1 - alpha / 2, n - 1) * sd) / Math.sqrt(n);
  const interval: Interval = [centre - half, centre + half];
  return { mean: centre, sd, interval };
}
