/** Why a test split was looked at, for people. Pure. */
import { parseSeriesKey } from "../wire/points/series-name.ts";
import * as sentences from "./sentences.ts";

const seriesKeys = /^(train|validation|test|-)\//;

/** The reason of a look: the key of a series that was logged. One that was kept as a sentence is shown as it is. */
export function lookWords(reason: string): string {
  if (!seriesKeys.test(reason)) return reason;
  const { split, metric } = parseSeriesKey(reason);
  return sentences.loggedLook(split === null ? metric : reason);
}
