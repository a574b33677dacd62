/** What a loop says to people. */
import type { Loop, RulingAnswer } from "../../wire/studies/loops.ts";
import { countWords, significantWords, valueWords } from "../numbers.ts";
import { reasonWords, rulingWords, wantedWords } from "./ruling-words.ts";

/** A gain, a bar or a floor: three digits are what is known of it. */
const shortly = (value: number): string => significantWords(value, 3).replace("-", "−");

const pWords = (p: number): string => (p < 1e-4 ? "below 0.0001" : shortly(p));

/** The ruling, why, and the figures that it was made by, in a sentence or two. */
export function rulingSentence(ruling: Pick<RulingAnswer, "ruling" | "reason" | "figures">): string {
  const { figures } = ruling;
  const said = `${rulingWords(ruling.ruling)}: ${reasonWords(ruling.reason)}.`;
  const wanted = wantedWords(ruling);
  return [said, ...(figures ? figureSentences(figures) : []), ...(wanted ? [`To run: ${wanted}.`] : [])].join(" ");
}

function figureSentences({ test, screened, level }: NonNullable<RulingAnswer["figures"]>): string[] {
  if (test) {
    const [low, high] = test.interval.map(shortly);
    const known = test.claim === "samples" ? "" : " on this validation set";
    return [
      `Gain ${shortly(test.gain)}${known} (90 %: ${low} to ${high}), p ${pWords(test.p)} at level ${shortly(level)}.`,
    ];
  }
  return screened ? [`Its first run gained ${shortly(screened.gain)}, and the bar is ${shortly(screened.bar)}.`] : [];
}

type Saturated = {
  sinceKeep: { candidates: number; runs: number };
  visible: number | null;
  seeds: number | null;
  smallest: number;
};

/** Whether the loop still gets anywhere, and what it could see. */
export function saturationSentences(
  { sinceKeep, visible, seeds, smallest }: Saturated,
  { rule, keeps }: Pick<Loop, "rule" | "keeps">,
): string[] {
  const since = `${countWords(sinceKeep.candidates, "candidate")} and ${countWords(sinceKeep.runs, "run")} since ${
    keeps > 0 ? "the last keep" : "the beginning, without a keep"
  }.`;
  if (visible === null) return [since, "There is no noise floor yet, so nobody knows which gains can be seen."];
  const sees = `The next confirmation shows a gain of ${shortly(visible)} with probability 0.8, by ${countWords(rule.seeds, "run")} of a candidate.`;
  if (smallest === 0) return [since, sees, "No smallest gain was named, so that every gain that can be told is kept."];
  if (seeds === null)
    return [
      since,
      sees,
      `No number of runs shows a gain of ${shortly(smallest)} beside the incumbent's runs: the noise hides it.`,
    ];
  const fresh = rule.screen === null ? seeds : seeds + 1;
  return [
    since,
    sees,
    fresh <= rule.seeds
      ? `The smallest gain that is kept, ${shortly(smallest)}, can be seen.`
      : `To show the smallest gain that is kept, ${shortly(smallest)}, takes ${countWords(fresh, "run")} of a candidate, and the rule has ${rule.seeds}: further gains of that size go unseen.`,
  ];
}

/** What greedy acceptance would say beside what holds. `again`: what further runs of what it would hold came to. */
export function claimSentence(
  greedy: { keeps: number; claim: number | null; candidates: number },
  { incumbent, keeps }: Pick<Loop, "incumbent" | "keeps">,
  again: { mean: number; runs: number } | null = null,
): string {
  const held =
    incumbent.value === null
      ? "its own runs have yet to be made"
      : `the mean over its own ${countWords(incumbent.runs, "run")} is ${valueWords(incumbent.value)}`;
  const kept = `The referee kept ${countWords(keeps, "change")}, and of what it holds ${held}.`;
  if (greedy.claim === null) return kept;
  const reran = again && ` ${countWords(again.runs, "further run")} of that came to ${valueWords(again.mean)}.`;
  return `Who keeps whatever is higher once would have kept ${countWords(greedy.keeps, "change")} of ${countWords(greedy.candidates, "candidate")}, and would claim ${valueWords(greedy.claim)}.${reran ?? ""} ${kept}`;
}
