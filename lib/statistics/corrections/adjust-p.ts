/** Many p-values at once. Pure. */
import { refuseNonProbability } from "../inputs.ts";
import { orderOf } from "../order.ts";

export type Correction = "holm" | "bonferroni" | "benjamini-hochberg";

/**
 * p-values (in 0–1) adjusted for the size of their family, in the order given: reject where one is at most alpha.
 *
 * - `holm` (1979) and `bonferroni` hold the probability of one false rejection among all, whatever depends on what.
 * - `benjamini-hochberg` (1995) holds the share of false ones among the rejected, in the mean, for independent or positively
 *   dependent tests. For exploring alone, and it is said.
 *
 * The family is what is shown together: its size is printed.
 */
export function adjustP(values: ArrayLike<number>, method: Correction): number[] {
  refuseNonProbability(values, "p-values");
  const n = values.length;
  if (method === "bonferroni") return Array.from(values, (p) => Math.min(1, p * n));
  const order = orderOf(values);
  const adjusted = new Array<number>(n);
  let bound = method === "holm" ? 0 : 1;
  const ranks = method === "holm" ? order.keys() : [...order.keys()].reverse();
  for (const rank of ranks) {
    const p = values[order[rank]!]!;
    bound = method === "holm" ? Math.max(bound, Math.min(1, p * (n - rank))) : Math.min(bound, (p * n) / (rank + 1));
    adjusted[order[rank]!] = bound;
  }
  return adjusted;
}
