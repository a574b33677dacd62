/** Inverts a growing function. Pure. */

/** The x ≥ 0 at which `cdf` reaches `p`, by bisection to the last bits; `high` is doubled until it is beyond. */
export function invert(cdf: (x: number) => number, p: number, start: number): number {
  let [low, high] = [0, start];
  while (cdf(high) < p) [low, high] = [high, high * 2];
  for (let step = 0; step < 1100 && high - low > 2e-16 * high; step++) {
    const middle = (low + high) / 2;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
