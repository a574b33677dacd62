/** The chi-squared distribution. Pure. */
import { gammaP, gammaQ } from "../special/incomplete-gamma.ts";
import { invert } from "../special/invert.ts";

/** The probability that a chi-squared variable with `freedom` degrees of freedom (> 0) exceeds x. */
export const chiSquareTail = (x: number, freedom: number): number => gammaQ(freedom / 2, x / 2);

/** The value that it doesn't exceed with probability p, 0 < p < 1. */
export const chiSquareQuantile = (p: number, freedom: number): number =>
  invert((x) => gammaP(freedom / 2, x / 2), p, Math.max(1, freedom));
