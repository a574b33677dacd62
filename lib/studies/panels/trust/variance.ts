/** How far results of one configuration lie apart, by what makes them differ (RIGOUR P42, P43). Pure. */
import { chiSquareQuantile } from "../../../statistics/distributions/chi-square.ts";
import { normalQuantile } from "../../../statistics/distributions/normal.ts";
import { meanInterval } from "../../../statistics/intervals/mean.ts";
import { isUndefined } from "../../../statistics/measured.ts";
import type { StudyFlag } from "../../../wire/studies/flags.ts";
import { halfWidthOf, type StudyFacts } from "../../facts/facts.ts";
import type { PanelMaker } from "../../facts/panel.ts";

/** With its interval at 95 per cent. */
export type Deviation = { sd: number; low: number; high: number; dof: number };

export type VarianceData = {
  /** Between seeds of one configuration, pooled over configurations; null: none has two. */
  trial: Deviation | null;
  /** The best configuration's mean with Student's interval; null: it has one seed. */
  best: { number: number; seeds: number; mean: number; low: number; high: number } | null;
  /** Half of the interval of the best, for the samples of the validation split alone; null: the metric is no share. */
  samples: { half: number; of: number } | null;
  /** The difference of means that so many seeds a side show four times in five. */
  detectable: { seeds: number; difference: number }[];
};

const SEEDS = [1, 2, 3, 5, 10];
const FEW_SEEDS = 3;
const ENDED_MIN = 3;

export const makeVariance: PanelMaker<VarianceData> = (facts) => {
  const { ranked, noise, noiseSd, study, manifest } = facts;
  const [first] = ranked;
  if (!first) return { missing: "no-result" };
  const flags: StudyFlag[] = [...luckFlag(facts)];
  if (noiseSd === null && ranked.length >= ENDED_MIN) flags.push({ kind: "one-seed" });
  const samples = manifest?.validation ?? 0;
  const half = halfWidthOf(study.objective.metric, first.value, samples);
  if (noiseSd === null && half === null) return { missing: "no-seed", flags };
  const { mean, interval } = meanInterval(first.results);
  return {
    data: {
      trial: noiseSd === null ? null : deviationOf(noiseSd, noise.dof),
      best:
        isUndefined(interval) || isUndefined(mean)
          ? null
          : { number: first.number, seeds: first.results.length, mean, low: interval[0], high: interval[1] },
      samples: half === null ? null : { half, of: samples },
      detectable:
        noiseSd === null ? [] : SEEDS.map((seeds) => ({ seeds, difference: detectableBySeeds(noiseSd, seeds) })),
    },
    flags,
  };
};

/** By the chi-squared law: assumes normal noise. */
function deviationOf(sd: number, dof: number): Deviation {
  const end = (p: number) => sd * Math.sqrt(dof / chiSquareQuantile(p, dof));
  return { sd, low: end(0.975), high: end(0.025), dof };
}

/** (z.975 + z.8) · sd · √(2/seeds), by the normal law, for a deviation that is known. */
const detectableBySeeds = (sd: number, seeds: number): number =>
  (normalQuantile(0.975) + normalQuantile(0.8)) * sd * Math.sqrt(2 / seeds);

/** The best is no further ahead than seeds alone make it, and was hardly repeated. */
function luckFlag({ ranked, noiseSd }: StudyFacts): StudyFlag[] {
  const [best, next] = ranked;
  if (!best || !next || noiseSd === null || best.results.length >= FEW_SEEDS) return [];
  const difference = Math.abs(best.value - next.value);
  const error = noiseSd * Math.sqrt(1 / best.results.length + 1 / next.results.length);
  return difference <= normalQuantile(0.975) * error ? [{ kind: "lucky-winner", difference, noise: noiseSd }] : [];
}
