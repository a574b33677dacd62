/** Differences of areas under curves, from what each sample moves them: DeLong's paired test. Pure. */
import { normalTwoSided } from "../../statistics/distributions/normal.ts";
import { influenceVariance, normalInterval } from "../../statistics/intervals/influence.ts";
import { ALPHA, interval } from "../measures/estimates.ts";
import { type Classified, groupsOf } from "../measures/evaluated.ts";
import { type AreaMetric, areaOf, sweepScores } from "../measures/score-areas.ts";
import { type PairedEngine, scoresOf } from "./pair.ts";

export function areasEngine(baseline: Classified, metric: AreaMetric): PairedEngine | null {
  const groups = groupsOf(baseline);
  const sweep = (evaluated: Classified) => {
    const areas = sweepScores(evaluated, scoresOf(evaluated));
    return { value: areaOf(areas, metric)?.value ?? null, influences: areas.influences[metric] };
  };
  const base = sweep(baseline);
  // of two classes there is no mean over classes, of more there is no one area
  if (base.value === null) return null;
  return {
    baseline: base.value,
    isDiscordance: false,
    against: (model) => {
      const { value, influences } = sweep(model as Classified);
      if (typeof value !== "number" || typeof base.value !== "number") {
        const none =
          value !== null && typeof value === "object"
            ? { undefined: value.undefined }
            : { undefined: "side-undefined" as const };
        return { value: value ?? none, difference: none, interval: none, test: none };
      }
      const difference = value - base.value;
      const variance = influenceVariance(
        influences!.map((one, at) => one - base.influences![at]!),
        groups,
      );
      if (variance === 0) {
        const none = { undefined: "no-variance" as const };
        return { value, difference, interval: none, test: none };
      }
      if (Number.isNaN(variance)) {
        const none = { undefined: "one-group" as const };
        return { value, difference, interval: none, test: none };
      }
      return {
        value,
        difference,
        interval: interval(normalInterval(difference, variance, ALPHA), "normal"),
        test: { kind: "delong", p: normalTwoSided(difference / Math.sqrt(variance)) },
      };
    },
  };
}
