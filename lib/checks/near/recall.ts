/** What the recall of a search says of it. */
import type { Recall } from "../../wire/data/recall.ts";

/** A kind of copies is told where nine in ten are found. */
const TOLD_FROM = 0.9;
/** Re-encoded copies are the least that a search must find: where surely fewer are, it tells nothing. */
const RE_ENCODED_FROM = 0.95;

export const isTold = ({ planted, found }: Recall): boolean => found >= planted * TOLD_FROM;

/** Whether the search misses copies that are as good as the same. */
export const isWeak = (recall: Recall[]): boolean =>
  recall.some(({ kind, high }) => kind === "re-encoded" && high < RE_ENCODED_FROM);
