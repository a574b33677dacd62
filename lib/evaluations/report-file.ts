/** A report as a file: the bytes whose SHA-256 is its digest, and the same as a table. */
import canonicalize from "canonicalize";
import { and, desc, eq } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { evaluationReports } from "../../db/schema/evaluations.ts";
import type { Actor } from "../access/actor.ts";
import { parse } from "../problem.ts";
import type { Panels } from "../wire/evaluations/panels.ts";
import { type ReportVerified, reportVerifySchema } from "../wire/report.ts";
import { requireComplete } from "./read-evaluated.ts";
import { requireReport } from "./read-report.ts";
import { reportCsv } from "./report-csv.ts";

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

/** The newest report as a table. Throws as `requireReport` does. */
export async function readReportCsv(actor: Actor, runId: string, id: string): Promise<string> {
  const { report } = await requireReport(actor, runId, id);
  return reportCsv(report.panels as Panels);
}
