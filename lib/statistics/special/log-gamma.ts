/** The logarithm of the gamma function, and what Stirling's formula lacks. Pure. */
import { ln } from "./elementary.ts";

const HALF_LN_2PI = 0.9189385332046727;
const SERIES_FROM = 15;

/**
 * δ(x) in Γ(x + 1) = √(2πx) (x/e)^x e^δ(x), for x > 0: from 15 its asymptotic series (DLMF 5.11.1; the first term left out
 * is below 1e-17), below by the recurrence from there. The same bits everywhere.
 */
export function stirlingError(x: number): number {
  if (x >= SERIES_FROM) return stirlingSeries(x);
  const known = errors.get(x);
  if (known !== undefined) return known;
  if (errors.size >= ERRORS_KEPT) errors.clear();
  const error = stirlingRecurrence(x);
  errors.set(x, error);
  return error;
}

/** Who inverts a distribution asks for those of its parameters fifty times, and they are most of its work. */
const errors = new Map<number, number>();
const ERRORS_KEPT = 100;

function stirlingRecurrence(x: number): number {
  // δ(x) = δ(x + 1) + (x + ½) ln((x + 1)/x) − 1
  let sum = 0;
  let at = x;
  for (; at < SERIES_FROM; at++) sum += (at + 0.5) * (ln(at + 1) - ln(at)) - 1;
  return sum + stirlingSeries(at);
}

function stirlingSeries(x: number): number {
  const y = 1 / (x * x);
  return (
    (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y * (1 / 1188 - y * (691 / 360360 - y * (1 / 156))))))) / x
  );
}

/** ln Γ(x) for x > 0, to 1e-14 of the larger of 1 and itself. */
export function logGamma(x: number): number {
  if (x >= SERIES_FROM) return (x - 0.5) * ln(x) - x + HALF_LN_2PI + stirlingSeries(x);
  let product = 1;
  let at = x;
  for (; at < SERIES_FROM; at++) product *= at;
  return logGamma(at) - ln(product);
}
