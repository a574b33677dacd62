/** What stands between compared runs, for people: sentences of kinds and figures. Pure. */
import type { UnshownEvaluation } from "../wire/compared.ts";
import type { ComparabilityNotice, ComparedSummary, Difference, LeftOut } from "../wire/comparison.ts";
import { significantWords } from "./numbers.ts";
import * as sentences from "./sentences.ts";

/** What is the matter, what it means and what to do. */
export const noticeTitle = ({ kind }: Pick<ComparabilityNotice, "kind">): string => sentences.noticeTitles[kind];
export const noticeDetail = ({ kind, figures }: ComparabilityNotice): string => sentences.noticeWords[kind](figures);

export const barredWords = ({ bars }: Pick<ComparabilityNotice, "bars">): string => sentences.barredWords[bars];

export const differenceVerdict = ({ kind, detectable }: Pick<Difference, "kind" | "detectable">): string =>
  sentences.differenceWords[kind](detectable === null ? null : significantWords(detectable, 2));

export const unshownWords = (standing: UnshownEvaluation): string => sentences.unshownEvaluations[standing].words;
export const unshownDetail = (standing: UnshownEvaluation): string => sentences.unshownEvaluations[standing].means;

export const leftOutDetail = ({ run, name, reason }: LeftOut): string => sentences.leftOutWords[reason](name ?? run);

export const summaryTitle = (summary: ComparedSummary): string => sentences.comparedSummaryWords[summary];
