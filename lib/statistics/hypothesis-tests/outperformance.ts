/** How often one recipe beats another. Pure. */
import { refuseNonFinite } from "../inputs.ts";
import { because, type Measured } from "../measured.ts";
import { ascending, mean } from "../moments.ts";

/**
 * P(A > B) + ½ P(A = B) over all pairs of the recipes' scores, higher being better, 0–1 (Bouthillier et al. 2021). Scores
 * are of seeds of their own.
 */
export function outperformance(a: ArrayLike<number>, b: ArrayLike<number>): Measured {
  if (a.length === 0 || b.length === 0) return because("side-empty");
  refuseNonFinite(a, "A's scores");
  refuseNonFinite(b, "B's scores");
  const others = ascending(b);
  const won = Array.from(a, (score) => {
    let [below, upTo] = [0, 0];
    while (below < others.length && others[below]! < score) below++;
    while (upTo < others.length && others[upTo]! <= score) upTo++;
    return (below + upTo) / 2 / others.length;
  });
  return mean(won);
}
