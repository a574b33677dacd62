/** What a ruling says to people. */
import type { RulingAnswer, RulingReasonWord, RulingWord } from "../../wire/studies/loops.ts";
import { countWords, listWords } from "../numbers.ts";

const rulings: Record<RulingWord, string> = {
  keep: "Kept",
  discard: "Discarded",
  "run-again": "Run again",
  refused: "No candidate",
};

const reasons: Record<RulingReasonWord, string> = {
  gain: "better, and not by luck",
  screen: "the first run isn't ahead by more than the noise",
  crashed: "crashed twice",
  unstable: "a run of the confirmation diverged",
  "not-distinguishable": "can't be told from the incumbent",
  "below-smallest": "better by less than the smallest gain that is kept",
  behind: "behind the incumbent",
  history: "judged before",
  "seed-only": "the incumbent with another seed: one more of its runs",
  "seed-changes-nothing": "all runs are alike, so that the seed changes nothing",
  "no-noise-floor": "no noise floor yet",
  unscreened: "no run of it has ended",
  unconfirmed: "the first run is ahead, and is to be confirmed",
};

export const rulingWords = (ruling: RulingWord): string => rulings[ruling];
export const reasonWords = (reason: RulingReasonWord): string => reasons[reason];

/** What is to be run before it is ruled; null: nothing. */
export function wantedWords({ figures }: Pick<RulingAnswer, "figures">): string | null {
  const run = figures?.run;
  if (!run) return null;
  const parts = [
    ...(run.candidate > 0 ? [countWords(run.candidate, "run of the candidate", "runs of the candidate")] : []),
    ...(run.incumbent > 0 ? [countWords(run.incumbent, "run of the incumbent", "runs of the incumbent")] : []),
  ];
  return parts.length === 0 ? null : listWords(parts);
}
