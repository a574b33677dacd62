/** The stored report of an evaluation, for who may see it. */
import { and, desc, eq } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { evaluationReports } from "../../db/schema/evaluations.ts";
import type { Actor } from "../access/actor.ts";
import { ProblemError } from "../problem.ts";
import { type EvaluationRecord, locateEvaluation } from "./evaluations.ts";
import { requireSight } from "./sight.ts";

export type StoredReport = typeof evaluationReports.$inferSelect;

/** The report by the newest definitions. Throws `conflict` while there is none, `forbidden` for who may not see it. */
export async function requireReport(
  actor: Actor,
  runId: string,
  id: string,
): Promise<{ evaluation: EvaluationRecord; report: StoredReport }> {
  const evaluation = await locateEvaluation(actor, runId, id, "evaluations.read");
  await requireSight(actor, evaluation);
  const [report] = await connections()
    .db.select()
    .from(evaluationReports)
    .where(and(eq(evaluationReports.runId, runId), eq(evaluationReports.evaluationId, id)))
    .orderBy(desc(evaluationReports.version))
    .limit(1);
  if (!report) throw new ProblemError("conflict", "the report isn't computed yet; the evaluation says how far it is");
  return { evaluation, report };
}
