/** How much of the best score is luck. Pure. */
import { refuseSetting } from "../inputs.ts";
import { expectedMaximum } from "./expected-maximum.ts";

export type WinnersLuck = {
  /** What the best shows beyond what it is worth. */
  optimism: number;
  corrected: number;
};

/**
 * Of `candidates` whose observed score is their true one and noise of standard deviation `noise`; the true ones spread with
 * `spread` (0: all are equally good). s²/√(s² + τ²) · m_N. Assumes normal, independent noise, and that higher is better; for
 * lower, give the negated score.
 */
export function winnersLuck(
  best: number,
  { candidates, noise, spread = 0 }: { candidates: number; noise: number; spread?: number },
): WinnersLuck {
  refuseSetting(noise >= 0 && spread >= 0, "noise and spread must be from 0");
  const both = Math.sqrt(noise * noise + spread * spread);
  const optimism = both === 0 ? 0 : ((noise * noise) / both) * expectedMaximum(candidates);
  return { optimism, corrected: best - optimism };
}
