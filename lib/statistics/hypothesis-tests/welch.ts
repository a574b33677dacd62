/** Two means of independent samples compared, their variances being unequal. Pure. */
import { tQuantile, tTwoSided } from "../distributions/student-t.ts";
import { because, type Interval, type Undefined } from "../measured.ts";
import { mean, variance } from "../moments.ts";

export type WelchTest = { difference: number; t: number; p: number; dof: number; interval: Interval };

/**
 * Welch's test (1947), two-sided, with the interval of mean(a) − mean(b). Assumes independent, nearly normal values: scores
 * of recipes trained with seeds of their own, never of two models on one test set. Undefined below two values a side, or
 * where neither side varies.
 */
export function welchTest(a: ArrayLike<number>, b: ArrayLike<number>, alpha = 0.05): WelchTest | Undefined {
  if (a.length < 2 || b.length < 2) return because("side-below-two");
  const [va, vb] = [variance(a) / a.length, variance(b) / b.length];
  if (va + vb === 0) return because("no-variance");
  const error = Math.sqrt(va + vb);
  const difference = mean(a) - mean(b);
  const t = difference / error;
  const dof = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  const half = tQuantile(1 - alpha / 2, dof) * error;
  return { difference, t, p: tTwoSided(t, dof), dof, interval: [difference - half, difference + half] };
}
