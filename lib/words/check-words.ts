/** What checks of manifests say to people: sentences of kinds and figures. Pure. */
import type { Check, CheckName, CheckStage, FigureName, ManifestReport, WordedReport } from "../wire/data/checks.ts";
import type { JobFailure } from "../wire/data/job-failures.ts";
import type { Alteration, Recall } from "../wire/data/recall.ts";
import type { Finding, Statement } from "../wire/data/statements.ts";
import * as sentences from "./sentences.ts";

/** One thing in words. The table has a sentence of each kind, which TypeScript can't follow from the kind to its figures. */
const sentenceOf = <Of extends { kind: string; figures: object }>(
  table: { [Kind in Of["kind"]]: (figures: never) => string },
  { kind, figures }: Of,
): string => table[kind as Of["kind"]](figures as never);

/** What a check says: one or more sentences. */
export const checkWords = ({ statements }: Pick<Check, "statements">): string =>
  statements.map((statement) => sentenceOf<Statement>(sentences.statements, statement)).join(" ");

/** What is said of a finding, beside its samples. */
export const findingWords = (finding: Finding): string => sentenceOf<Finding>(sentences.findings, finding);

export const checkTitle = (name: CheckName): string => sentences.checkTitles[name];

/** A figure's name. One that is no longer known is shown as it is. */
export const figureTitle = (name: string): string => sentences.figureTitles[name as FigureName] ?? name;

/** What the checks are at; empty: they wait. A stage that is no longer known is shown as it is. */
export const progressWords = (stage: string): string => sentences.stages[(stage || "waiting") as CheckStage] ?? stage;

const short = (value: number | null): string | null => (value === null ? null : String(Number(value.toPrecision(6))));

/** Why work in the background failed. */
export const failureWords = (failure: JobFailure): string => sentenceOf<JobFailure>(sentences.jobFailures, failure);

/** A range of numbers, of which `from` is in it and `to` isn't; null: it has no end there. */
export const rangeWords = (from: number | null, to: number | null): string => sentences.range(short(from), short(to));

/** How copies of an image were altered. */
export const alterationWords = (kind: Alteration): string => sentences.alterations[kind];

/** The share of the planted copies that was found, with its interval: `98 % (95–99 %)`. */
export const recallWords = (recall: Recall): string => sentences.recall(recall);

/** A report as the API answers it: each kind with its figures, and the sentence beside them. */
export const wordedReport = ({ checks, progress, ...report }: ManifestReport): WordedReport => {
  const { failure, ...far } = progress;
  return { ...report, progress: { ...far, error: failure && failureWords(failure) }, checks: checks.map(wordedCheck) };
};

const wordedCheck = (check: Check): WordedReport["checks"][number] => ({
  ...check,
  detail: checkWords(check),
  findings: check.findings.map((finding) => ({ ...finding, note: findingWords(finding) })),
});
