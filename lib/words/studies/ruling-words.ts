/** What a ruling says to people. */
import type { Blindness, Loop, RulingAnswer, RulingReasonWord, RulingWord } from "../../wire/studies/loops.ts";
import { countWords, listWords, numberWords, significantWords, valueWords } from "../numbers.ts";

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
  ahead: "ahead by one run, held until the next milestone",
  milestone: "a milestone: what is held is tested first",
  confirmed: "a milestone: what was held is better, and not by luck",
  "rolled-back": "a milestone: what was held isn't shown to be better, and is given up",
};

/** How far a loop of milestones is to its next one. */
export function milestoneWords({ every, judged, isDue, provisional }: NonNullable<Loop["milestone"]>): string {
  const held =
    provisional.value === null
      ? ""
      : ` What is held provisionally came to ${valueWords(provisional.value)} by one run.`;
  if (isDue)
    return `A milestone is due: fresh runs of what is held, and of the incumbent, are scored on the referee split before another candidate is ruled on.${held}`;
  const since = countWords(judged, "candidate was", "candidates were");
  return `${since} ruled on since the last milestone, of ${numberWords(every)}. The incumbent is what was confirmed last.${held}`;
}

/** What a blind loop learnt, and what that bounds. */
export function blindnessWords({ by, answers, keeps, outcomes, bits, halfWidth }: Blindness): string {
  const who = by === "workers" ? "Who hands candidates in learns rulings alone" : "Milestones tell one bit each";
  const told = `${who}: ${countWords(answers, "answer", "answers")}, of which ${numberWords(keeps)} kept, told at most ${significantWords(bits, 2)} bits of the validation labels.`;
  const late =
    outcomes > 2 ? " Some came late, which tells how far a candidate came: each is counted as one of three." : "";
  if (halfWidth === null) return told + late;
  return `${told}${late} So with 95 % confidence all values of recipes that were handed in are within ${significantWords(halfWidth, 2)} of what samples like these would give, of a measure that is a mean of 0 to 1 over samples, such as an accuracy.`;
}

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
