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
export const welchTest = (a: ArrayLike<number>, b: ArrayLike<number>, alpha = 0.05): WelchTest | Undefined =>
  welchOfSummaries(summaryOf(a), summaryOf(b), alpha);

/** All that the test knows of a side; the variance is of a sample (n − 1). */
export type Summary = { n: number; mean: number; variance: number };

const summaryOf = (values: ArrayLike<number>): Summary => ({
  n: values.length,
  mean: mean(values),
  variance: variance(values),
});

/** The difference with its standard error and degrees of freedom (Welch 1947, Satterthwaite 1946). */
export function welchError(a: Summary, b: Summary): { difference: number; error: number; dof: number } | Undefined {
  if (a.n < 2 || b.n < 2) return because("side-below-two");
  const [va, vb] = [a.variance / a.n, b.variance / b.n];
  if (va + vb === 0) return because("no-variance");
  const dof = (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1));
  return { difference: a.mean - b.mean, error: Math.sqrt(va + vb), dof };
}

export function welchOfSummaries(a: Summary, b: Summary, alpha = 0.05): WelchTest | Undefined {
  const found = welchError(a, b);
  if ("undefined" in found) return found;
  const { difference, error, dof } = found;
  const t = difference / error;
  const half = tQuantile(1 - alpha / 2, dof) * error;
  return { difference, t, p: tTwoSided(t, dof), dof, interval: [difference - half, difference + half] };
}
