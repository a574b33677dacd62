/** The incomplete beta function, which Student's, the beta and the binomial law are made of. Pure. */
import { binomialTerm } from "./saddle-point.ts";

/**
 * The regularised incomplete beta function I_x(a, b), a and b > 0, by its continued fraction (Lentz; DLMF 8.17.22). Give
 * `y` = 1 − x where you know it better than the subtraction does.
 */
export function betaRegularised(x: number, a: number, b: number, y = 1 - x): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  // the fraction converges fast below the mean; above it the complement is taken
  if (x > (a + 1) / (a + b + 2)) return 1 - betaRegularised(y, b, a, x);
  return ((binomialTerm(a, a + b, x, y) * b) / (a + b)) * betaFraction(x, a, b);
}

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return fraction;
}
