/** A report as a file: the bytes whose SHA-256 is its digest, and the same as a table. */
import canonicalize from "canonicalize";
import { and, desc, eq } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { evaluationReports } from "../../db/schema/evaluations.ts";
import type { Actor } from "../access/actor.ts";
import { type CsvCell, toCsv } from "../csv.ts";
import { parse } from "../problem.ts";
import type { Estimate } from "../wire/evaluations/measured.ts";
import type { Panels } from "../wire/evaluations/panels.ts";
import { type ReportVerified, reportVerifySchema } from "../wire/report.ts";
import { requireComplete } from "./read-evaluated.ts";
import { requireReport } from "./read-report.ts";

/** The newest report as canonical JSON (RFC 8785). Throws as `requireReport` does. */
export async function readReportFile(
  actor: Actor,
  runId: string,
  id: string,
): Promise<{ text: string; digest: string }> {
  const { report } = await requireReport(actor, runId, id);
  const { file } = await requireComplete(runId, id);
  const { version, panels, digest } = report;
  return { text: canonicalize({ version, predictions: file, panels })!, digest };
}

/** Whether `sha256` is that of one of the evaluation's reports, of whichever definitions. */
export async function verifyReport(actor: Actor, runId: string, id: string, input: unknown): Promise<ReportVerified> {
  const { report } = await requireReport(actor, runId, id);
  const given = parse(reportVerifySchema, input);
  const [found] = await connections()
    .db.select({ version: evaluationReports.version })
    .from(evaluationReports)
    .where(
      and(
        eq(evaluationReports.runId, runId),
        eq(evaluationReports.evaluationId, id),
        eq(evaluationReports.digest, given.sha256),
      ),
    )
    .orderBy(desc(evaluationReports.version))
    .limit(1);
  return { matches: found !== undefined, version: found?.version ?? null, digest: report.digest };
}

const columns = ["section", "of", "metric", "value", "low", "high", "method", "samples"];

export async function readReportCsv(actor: Actor, runId: string, id: string): Promise<string> {
  const { report } = await requireReport(actor, runId, id);
  return toCsv(columns, reportRows(report.panels as Panels));
}

/** A row for each number that has a name; what is undefined has its kind as the value. */
function reportRows({ panels }: Panels): CsvCell[][] {
  const { headline, perClass, confusion } = panels;
  const row = (
    section: string,
    of: string,
    metric: string,
    { value, interval }: Estimate,
    samples: number,
  ): CsvCell[] => [
    section,
    of,
    metric,
    typeof value === "number" ? value : `undefined: ${value.undefined}`,
    ...("undefined" in interval
      ? [null, null, `undefined: ${interval.undefined}`]
      : [interval.low, interval.high, interval.method]),
    samples,
  ];
  return [
    ...(headline?.metrics ?? []).map(({ metric, samples, ...estimate }) =>
      row("headline", "", metric, estimate, samples),
    ),
    ...(perClass?.classes ?? []).flatMap(({ name, support, precision, recall, f1 }) =>
      Object.entries({ precision, recall, f1 }).map(([part, estimate]) => row("class", name, part, estimate, support)),
    ),
    ...(confusion ? confusionRows(confusion) : []),
  ];
}

const confusionRows = ({ classes, diagonal, mistakes }: NonNullable<Panels["panels"]["confusion"]>): CsvCell[][] =>
  [...diagonal.map((count, at) => [at, at, count] as const), ...mistakes].map(([truth, predicted, count]) => [
    "confusion",
    classes[truth]!,
    `predicted as ${classes[predicted]!}`,
    count,
    null,
    null,
    null,
    null,
  ]);
