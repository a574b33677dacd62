/** What is to be known of a headline table, for people. Pure. */
import type { HeadlineMetric } from "../../wire/evaluations/headline.ts";
import { decimalWords } from "../numbers.ts";
import * as sentences from "./sentences.ts";

/** So many classes are named. */
const NAMED = 8;

export const countedAsZeroWords = (classes: readonly string[]): string =>
  sentences.countedAsZero(classes.slice(0, NAMED), Math.max(0, classes.length - NAMED));

export const topKTiesWords = ({ expected, ties }: NonNullable<HeadlineMetric["topK"]>): string =>
  sentences.topKTies(ties, typeof expected === "number" ? decimalWords(expected, 4) : null);
