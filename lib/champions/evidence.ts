/** Evaluations as evidence: by id, with the numbers of their newest report where the reader may see them. */
import { and, desc, eq, inArray } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { evaluationPredictions, evaluationReports, evaluations } from "../../db/schema/evaluations.ts";
import type { Actor } from "../access/actor.ts";
import type { EvaluationRecord } from "../evaluations/evaluations.ts";
import { sightOf } from "../evaluations/sight.ts";
import type { Evidence } from "../wire/champions.ts";
import type { HeadlineMetric } from "../wire/evaluations/headline.ts";
import type { Panels } from "../wire/evaluations/panels.ts";

type ReportRow = typeof evaluationReports.$inferSelect;
/** A done evaluation, its newest report, and the file of its predictions. */
export type Reported = { evaluation: EvaluationRecord; report: ReportRow; file: string };

const LISTED_MAX = 500;

const selectReported = () =>
  connections()
    .db.select({ evaluation: evaluations, report: evaluationReports, file: evaluationPredictions.file })
    .from(evaluations)
    .innerJoin(
      evaluationReports,
      and(eq(evaluationReports.runId, evaluations.runId), eq(evaluationReports.evaluationId, evaluations.id)),
    )
    .innerJoin(
      evaluationPredictions,
      and(eq(evaluationPredictions.runId, evaluations.runId), eq(evaluationPredictions.evaluationId, evaluations.id)),
    );

const newestOfEach = (rows: Reported[]): Reported[] =>
  rows.filter(({ evaluation }, at) => rows[at - 1]?.evaluation.id !== evaluation.id);

/** The done ones among these evaluations of a project, by id. Asks nobody whether they may. */
export async function readReported(projectId: string, ids: string[]): Promise<Map<string, Reported>> {
  if (ids.length === 0) return new Map();
  const rows = await selectReported()
    .where(and(eq(evaluations.projectId, projectId), inArray(evaluations.id, ids)))
    .orderBy(desc(evaluations.id), desc(evaluationReports.version))
    .limit(LISTED_MAX);
  return new Map(newestOfEach(rows).map((row) => [row.evaluation.id, row]));
}

/** The done evaluations of a run on the manifest that it cites, the newest first. Asks nobody whether they may. */
export async function listReported(runId: string): Promise<Reported[]> {
  const rows = await selectReported()
    .where(eq(evaluations.runId, runId))
    .orderBy(desc(evaluations.id), desc(evaluationReports.version))
    .limit(LISTED_MAX);
  return newestOfEach(rows);
}

/** The headline metrics of a report; empty where it has none. */
export const headlineOf = ({ report }: Reported): HeadlineMetric[] =>
  (report.panels as Panels).panels.headline?.metrics ?? [];

export async function toEvidence(actor: Actor, reported: Reported): Promise<Evidence> {
  const { evaluation, report } = reported;
  const isSeen = (await sightOf(actor, evaluation)) === "report";
  return {
    evaluation: evaluation.id,
    run: evaluation.runId,
    split: evaluation.split,
    splitDigest: evaluation.splitDigest,
    samples: evaluation.samples,
    definitionsVersion: report.version,
    reportDigest: report.digest,
    confidence: (report.panels as Panels).confidence,
    metrics: isSeen ? headlineOf(reported) : null,
  };
}
