/** Looks at a test split, for people: why somebody looked, and what all of them come to. Pure. */
import type { Evaluation, LookPurpose } from "../wire/evaluations/evaluations.ts";
import type { Ledger, LedgerStatus, TestMode } from "../wire/evaluations/looks.ts";
import { parseSeriesKey } from "../wire/points/series-name.ts";
import * as sentences from "./sentences.ts";

const seriesKeys = /^(train|validation|test|-)\//;

/** The reason of a look: the key of a series that was logged. One that was kept as a sentence is shown as it is. */
export function lookWords(reason: string): string {
  if (!seriesKeys.test(reason)) return reason;
  const { split, metric } = parseSeriesKey(reason);
  return sentences.loggedLook(split === null ? metric : reason);
}

export const purposeWords = (purpose: LookPurpose): string => sentences.lookPurposes[purpose];

/** The name of a mode, and what it means. */
export const testModeName = (mode: TestMode): string => sentences.testModes[mode][0];
export const testModeMeaning = (mode: TestMode): string => sentences.testModes[mode][1];

/** `Shut. It is opened …`. */
export const testModeWords = (mode: TestMode): string => `${testModeName(mode)}. ${testModeMeaning(mode)}`;

export const ledgerStatusWords = (status: LedgerStatus): string => sentences.ledgerStatuses[status];

/** What the looks so far mean for a number of the split, in a sentence or two. */
export const ledgerMeaningWords = (ledger: Ledger): string => sentences.ledgerMeanings[ledger.status](ledger);

const budgetOf = ({ mode, budget }: Pick<Ledger, "mode" | "budget">) => (mode === "open" ? null : budget);

/** `2 looks and 0.25 through shared samples, of a budget of 3`. */
export const lookUseWords = (ledger: Ledger): string => sentences.lookUse(ledger, budgetOf(ledger));

/** What a test evaluation released in place of its report. */
export const releasedWords = (released: NonNullable<Evaluation["released"]>): string => sentences.released(released);

/** `look 2 of 3`. */
export const lookNumberWords = (number: number, ledger: Pick<Ledger, "mode" | "budget">): string =>
  sentences.lookOfBudget(number, budgetOf(ledger));
