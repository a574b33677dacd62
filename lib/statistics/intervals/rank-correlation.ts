/** The interval of Spearman's correlation. Pure. */
import { normalQuantile } from "../distributions/normal.ts";
import { because, type MeasuredInterval } from "../measured.ts";

/** Bonett and Wright's (2000): Fisher's z with the variance (1 + ρ²/2)/(n − 3). Undefined up to three units, and at ±1. */
export function rankCorrelationInterval(rho: number, n: number, alpha = 0.05): MeasuredInterval {
  if (n <= 3) return because("too-few-samples");
  if (Math.abs(rho) >= 1) return because("no-variance");
  const half = normalQuantile(1 - alpha / 2) * Math.sqrt((1 + (rho * rho) / 2) / (n - 3));
  const z = Math.atanh(rho);
  return [Math.tanh(z - half), Math.tanh(z + half)];
}
