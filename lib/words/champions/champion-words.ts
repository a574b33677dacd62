/** Champions for people: rules, claims, what members say of them, and how a champion stands to the one before. Pure. */
import type {
  ChampionComparison,
  Claim,
  ClaimStanding,
  Evidence,
  Rule,
  RuleInput,
  SignOffState,
} from "../../wire/champions.ts";
import type { HeadlineMetric } from "../../wire/evaluations/headline.ts";
import { significantWords } from "../numbers.ts";
import { intervalWords, isUndefined, measuredWords, metricTitle, scaledWords } from "../report-words.ts";
import * as sentences from "./sentences.ts";

/** `accuracy on test, higher is better, by at least 0.01`. */
export const ruleWords = (rule: RuleInput): string => sentences.rule(rule);

/** Why a claim is refused whose margin isn't reached, and what to do. */
export const marginWords = (
  rule: Pick<Rule, "metric" | "direction" | "margin">,
  comparison: ChampionComparison | null,
): string => sentences.marginMissed(rule, comparison && differenceWords(comparison));

/** `+0.012 (+0.004 to +0.021)`. */
export const differenceWords = ({ difference, low, high }: ChampionComparison): string =>
  `${signed(difference)} (${signed(low)} to ${signed(high)})`;

function signed(value: number): string {
  const digits = significantWords(Math.abs(value), 3);
  return value < 0 ? `−${digits}` : `+${digits}`;
}

/** How a champion stands to the one before, in a sentence; null: there was none before. */
export const replacementWords = (
  { standing, rule }: { standing: ClaimStanding; rule: Pick<Rule, "metric" | "split" | "direction"> },
  comparison: ChampionComparison | null,
): string | null =>
  sentences.replacement(standing, rule, comparison && { ...comparison, words: differenceWords(comparison) });

export const claimStandingWords = (standing: ClaimStanding): string => sentences.claimStandings[standing];
export const writtenWords = (written: "pre-registered" | "afterwards"): string => sentences.rulesWritten[written];
export const signOffWords = (state: SignOffState, by: string[]): string => sentences.signOff(state, by);
/** How many the run was chosen from, and by how much luck lifts the best of so many. */
export const candidatesWords = ({ candidates, luck, rule }: Pick<Claim, "candidates" | "luck" | "rule">): string =>
  sentences.bestOf(candidates, rule.split, luck === null ? null : scaledWords(luck, rule.metric));

/** `validation: accuracy 0.9312 (0.9021 to 0.9512)`; without the metric the split alone. */
export function seenWords({ split, metrics }: Pick<Evidence, "split" | "metrics">, metric: string | undefined): string {
  const found = metrics?.find((one) => one.metric === metric);
  return found ? `${split}: ${metricTitle(found.metric)} ${metricWords(found)}` : split;
}

/** `0.9312 (0.9021 to 0.9512)`, or why there is no number. */
export function metricWords({ metric, value, interval }: HeadlineMetric): string {
  const number = measuredWords(value, metric);
  return isUndefined(interval) ? number : `${number} (${intervalWords(interval, metric)})`;
}
