/** What stands beside a report's number, for people: its gap, its champion, its seeds and its luck. Pure. */
import { type MetricName, metricFacts } from "../../wire/evaluations/metrics.ts";
import { decimalWords } from "../numbers.ts";
import { scaledWords } from "../report-words.ts";
import * as sentences from "./sentences.ts";

type Difference = { difference: number; low: number; high: number };

/** `+0.0123 (−0.0010 to 0.0256)`. */
export const differenceWords = ({ difference, low, high }: Difference, metric: MetricName): string =>
  `${difference > 0 ? "+" : ""}${scaledWords(difference, metric)} (${scaledWords(low, metric)} to ${scaledWords(high, metric)})`;

/** Test less validation. */
export const gapWords = (gap: Difference, metric: MetricName): string =>
  sentences.gaps[standing(gap, metric)](differenceWords(gap, metric));

/** This less the champion. */
export const againstWords = (comparison: Difference, metric: MetricName): string =>
  sentences.againstChampion[standing(comparison, metric)](differenceWords(comparison, metric));

function standing({ low, high }: Difference, metric: MetricName): "better" | "worse" | "alike" {
  if (low <= 0 && high >= 0) return "alike";
  return low > 0 === (metricFacts[metric].better === "max") ? "better" : "worse";
}

type Seeds = { runs: unknown[]; mean: number; sd: number; low: number; high: number };

export const seedsWords = ({ runs, mean, sd, low, high }: Seeds, metric: MetricName): string =>
  sentences.seedVariance({
    seeds: runs.length,
    mean: scaledWords(mean, metric),
    sd: scaledWords(sd, metric),
    ends: `${scaledWords(low, metric)} to ${scaledWords(high, metric)}`,
  });

/** From where on a recipe counts as better (Bouthillier et al. 2021). */
const CLEAR = 0.75;

/** How often a seed of this recipe beats one of the champion's. */
export const outperformedWords = (share: number, ours: { runs: unknown[] }, theirs: { runs: unknown[] }): string =>
  sentences.outperformed({
    share: `${decimalWords(share * 100, 0)} %`,
    ours: ours.runs.length,
    theirs: theirs.runs.length,
    isClear: share >= CLEAR,
  });

type Selection = {
  metric: MetricName;
  candidates: unknown[];
  luck: { best: number; corrected: number; low: number; high: number; optimism: number } | null;
};

export function selectionWords({ metric, candidates, luck }: Selection): string {
  if (luck === null) return sentences.selections.plain(candidates.length);
  const told = (value: number) => scaledWords(value, metric);
  return sentences.selections.corrected({
    candidates: candidates.length,
    best: told(luck.best),
    corrected: told(luck.corrected),
    ends: `${told(luck.low)} to ${told(luck.high)}`,
    optimism: told(luck.optimism),
  });
}
