/** Answers to the cases of searching, and of what curves and probes say. */
import { readCurve } from "../playbook/curves.ts";
import { clippingOf } from "../playbook/gradients.ts";
import { scalingOf } from "../playbook/throughput.ts";
import { edgeAt } from "../search/boundary.ts";
import { centredDiscrepancy, haltonPoint } from "../search/halton.ts";
import { coordinateOf } from "../search/space.ts";
import type { Adapter } from "./answers.ts";

export const searchAdapters: Record<string, Adapter> = {
  curve_diagnostics: ({ val_loss }, { eps }) => {
    const signs = readCurve(val_loss, { tolerance: eps });
    return {
      best_index: signs.bestIndex,
      best_fraction: signs.bestFraction,
      overfit_gap: signs.overfitGap,
      late_window: signs.lateWindow,
      late_slope: signs.lateSlope,
      late_residual_sd: signs.lateSpread,
      plateau_index: signs.plateauIndex,
      too_long: signs.isTooLong,
      train_longer: signs.wantsLonger,
    };
  },
  throughput_scaling: ({ batch, examples_per_s }) => {
    const probes = batch.map((size: number, at: number) => ({ batch: size, examplesPerSecond: examples_per_s[at] }));
    const { stepSeconds, efficiencies, saturatedAt, best } = scalingOf(probes);
    return { step_time: stepSeconds, efficiency: efficiencies, saturated_at: saturatedAt, best };
  },
  gradient_norm_summary: ({ norms }, { threshold }) => {
    const { p90, share, isAggressive } = clippingOf(norms, threshold);
    return { p90, share_clipped: share, aggressive: isAggressive };
  },
  halton: ({ n, d }) => ({ points: Array.from({ length: n }, (_, at) => haltonPoint(at + 1, d)) }),
  centered_discrepancy: ({ points }) => ({ cd: centredDiscrepancy(points) }),
  search_space_boundary: ({ best, lo, hi }, { scale, margin }) => {
    const u = coordinateOf({ name: "x", kind: "float", low: lo, high: hi, scale }, best);
    const edge = edgeAt(u, margin);
    return { u, near_lower: edge === "low", near_upper: edge === "high" };
  },
};
