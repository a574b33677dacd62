/** The stored report of an evaluation, for who may see it. */
import { and, eq, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { evaluationReports } from "../../db/schema/evaluations.ts";
import type { Actor } from "../access/actor.ts";
import { BoundedMap } from "../bounded-map.ts";
import { ProblemError } from "../problem.ts";
import { type EvaluationRecord, locateEvaluation } from "./evaluations.ts";
import { requireSight } from "./sight.ts";

export type StoredReport = typeof evaluationReports.$inferSelect;

/** Reports that are read now; one has some hundreds of kilobytes. */
const REMEMBERED_MAX = 16;
const remembered = new BoundedMap<string, Promise<StoredReport | undefined>>(REMEMBERED_MAX);

/** The report by the newest definitions. Throws `conflict` while there is none, `forbidden` for who may not see it. */
export async function requireReport(
  actor: Actor,
  runId: string,
  id: string,
): Promise<{ evaluation: EvaluationRecord; report: StoredReport }> {
  const evaluation = await locateEvaluation(actor, runId, id, "evaluations.read");
  await requireSight(actor, evaluation);
  const report = await readNewest(evaluation);
  if (!report) throw new ProblemError("conflict", "the report isn't computed yet; the evaluation says how far it is");
  return { evaluation, report };
}

/** A report by the same definitions never changes: which is the newest is asked, and what it says is kept. */
async function readNewest({ runId, id }: EvaluationRecord): Promise<StoredReport | undefined> {
  const { db } = connections();
  const isOf = and(eq(evaluationReports.runId, runId), eq(evaluationReports.evaluationId, id));
  const [newest] = await db
    .select({ version: sql<number | null>`max(${evaluationReports.version})` })
    .from(evaluationReports)
    .where(isOf);
  const version = newest?.version;
  if (version == null) return undefined;
  const name = `${runId} ${id} ${version}`;
  const known = remembered.get(name);
  if (known) return known;
  const reading = db
    .select()
    .from(evaluationReports)
    .where(and(isOf, eq(evaluationReports.version, version)))
    .then(([report]) => report);
  remembered.set(name, reading);
  reading.catch(() => remembered.delete(name));
  return reading;
}
