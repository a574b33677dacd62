/** The beta distribution. Pure. */
import { betaRegularised } from "../special/incomplete-beta.ts";
import { invert } from "../special/invert.ts";

/** The value that a beta-distributed variable (a, b > 0) doesn't exceed with probability p, 0 < p < 1. */
export const betaQuantile = (p: number, a: number, b: number): number => invert((x) => betaRegularised(x, a, b), p, 1);
