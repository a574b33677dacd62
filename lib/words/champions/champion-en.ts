/** English: what is said of champions. */
import type { ClaimStanding, Rule, RuleInput, SignOffState } from "../../wire/champions.ts";
import { countWords, listWords, valueWords } from "../numbers.ts";
import { metricTitles } from "../report-en.ts";

const higher = { max: "higher is better", min: "lower is better" };

export const rule = ({ metric, split, direction, seeds = [], margin = 0 }: RuleInput): string =>
  [
    `${metricTitles[metric]} on ${split}, ${higher[direction]}`,
    margin > 0 ? `by at least ${valueWords(margin)}` : "beyond chance",
    ...(seeds.length > 0 ? [`with seed ${listWords(seeds.map(String))}`] : []),
  ].join(", ");

export const marginMissed = (
  { metric, margin }: Pick<Rule, "metric" | "direction" | "margin">,
  difference: string | null,
): string => {
  const how =
    difference === null
      ? `${metricTitles[metric]} can't be compared with the champion's on the same samples`
      : `${metricTitles[metric]} differs from the champion's by ${difference}, which isn't better ${margin > 0 ? `by ${valueWords(margin)}` : "beyond chance"}`;
  return `${how}; say in the reason why it is the best all the same, and mark the claim as unproven`;
};

type Compared = { difference: number; low: number; high: number; samples: number; words: string };

export const replacement = (
  standing: ClaimStanding,
  { metric, split, direction }: Pick<Rule, "metric" | "split" | "direction">,
  compared: Compared | null,
): string | null => {
  if (standing === "first") return null;
  if (standing === "renewed") return "The same weights as the champion before, with new evidence.";
  if (compared === null)
    return standing === "better"
      ? `Better than the champion before by ${metricTitles[metric]} on ${split}; the difference isn't shown here.`
      : `Nobody compared it with the champion before by ${metricTitles[metric]} on the same ${split} samples.`;
  const on = `${metricTitles[metric]} on the same ${countWords(compared.samples, `${split} sample`)}`;
  if (standing === "better") return `Better than the champion before: ${compared.words} ${on}.`;
  const sign = direction === "max" ? 1 : -1;
  const isWorse = (direction === "max" ? compared.high : -compared.low) < 0;
  if (isWorse) return `Worse than the champion before: ${compared.words} ${on}.`;
  const isBeyond = (sign > 0 ? compared.low : -compared.high) > 0;
  return isBeyond
    ? `Better than the champion before, but by less than the rule asks: ${compared.words} ${on}.`
    : `Not distinguishable from the champion before: ${compared.words} ${on}.`;
};

export const claimStandings: Record<ClaimStanding, string> = {
  first: "first champion",
  better: "better than the one before",
  unproven: "unproven",
  renewed: "claimed again",
};

export const rulesWritten = {
  "pre-registered": "Pre-registered: the rule was written before anybody saw a candidate's number.",
  afterwards: "Afterwards: a candidate's number was seen before the rule was written.",
};

export const signOff = (state: SignOffState, by: string[]): string => {
  if (state === "signed") return `signed off by ${listWords(by)}`;
  if (state === "refused") return `refused by ${listWords(by)}`;
  return state === "waiting" ? "waits for a second member" : "nobody else could sign it off";
};

/** `luck`: by how much luck alone lifts the best, written already; null where the number has no interval. */
export const bestOf = (candidates: number, split: "validation" | "test", luck: string | null): string => {
  if (candidates <= 1) return `No other run's ${split} number was seen before.`;
  const how = split === "test" ? "whose test number was seen before the claim" : "on this manifest";
  const size = luck === null ? "" : `, by up to ${luck} were all equally good`;
  return `Chosen after ${countWords(candidates, "run")} ${how}: the best of several is flattered by luck${size}.`;
};
