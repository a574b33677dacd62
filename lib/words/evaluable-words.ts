/** What stands against an evaluation, for people: sentences of kinds and figures. Pure. */
import type { Evaluable, Reason, WordedEvaluable } from "../wire/evaluations/evaluable.ts";
import * as sentences from "./sentences.ts";

export function reasonWords({ kind, figures }: Reason): string {
  // the table has a sentence of each kind, which TypeScript can't follow from the kind to its figures
  return sentences.reasons[kind](figures as never);
}

/** The answer as the API gives it: each reason with its figures, and the sentence beside them. */
export const wordedEvaluable = ({ reasons, ...evaluable }: Evaluable): WordedEvaluable => ({
  ...evaluable,
  reasons: reasons.map((reason) => ({ ...reason, detail: reasonWords(reason) })),
});
