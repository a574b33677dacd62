/** What the norms of gradients say of clipping, by the tuning playbook. Pure. */
import { ascending, quantile } from "../statistics/moments.ts";

export type Clipping = {
  /** The 90th percentile of the norms before clipping: a threshold to begin with. */
  p90: number;
  /** The share of steps above the threshold, 0–1. */
  share: number;
  /** More than half of the steps are clipped: the learning rate is what is wrong. */
  isAggressive: boolean;
};

/** `norms` are finite, of one step or more. */
export function clippingOf(norms: readonly number[], threshold: number): Clipping {
  const share = norms.filter((norm) => norm > threshold).length / norms.length;
  return { p90: quantile(ascending(norms), 0.9), share, isAggressive: share > 0.5 };
}
