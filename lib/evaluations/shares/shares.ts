/** Links by which anybody who holds one reads a report: they rest on their maker's look, expire, and can be revoked. */
import { and, desc, eq, sql } from "drizzle-orm";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { connections } from "../../../db/connection.ts";
import { reportShares } from "../../../db/schema/evaluations.ts";
import type { Actor } from "../../access/actor.ts";
import { recordAct } from "../../access/audit.ts";
import { authorise } from "../../access/permissions.ts";
import { createSecret, hashSecret } from "../../access/secret.ts";
import { origin } from "../../origin.ts";
import { ProblemError, parse } from "../../problem.ts";
import { requireProject } from "../../projects/projects.ts";
import { type Share, shareCreateSchema } from "../../wire/evaluations/shares.ts";
import { type EvaluationRecord, locateEvaluation } from "../evaluations.ts";
import { requireReport } from "../read-report.ts";
import { testModeOf } from "../sight.ts";

type ShareRow = typeof reportShares.$inferSelect;
const DAY_MS = 86_400_000;
const LISTED_MAX = 100;

const toShare = ({ id, createdBy, createdAt, expiresAt, revokedAt, openings, openedAt }: ShareRow): Share => ({
  id,
  createdBy,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  revokedAt: revokedAt?.toISOString() ?? null,
  openings,
  openedAt: openedAt?.toISOString() ?? null,
});

/**
 * A link to a report that its maker may read. No look of its own: it rests on the one that made the report. Throws `conflict`
 * where the project doesn't allow links, or lets out no report of its test split.
 */
export async function createShare(
  actor: Actor,
  runId: string,
  evaluationId: string,
  input: unknown,
): Promise<Share & { url: string }> {
  const evaluation = await locateForShares(actor, runId, evaluationId);
  const { days } = parse(shareCreateSchema, input);
  await requireShareable(actor, evaluation);
  await requireReport(actor, runId, evaluationId);
  const secret = createSecret();
  const { projectId } = evaluation;
  const row = await connections().db.transaction(async (tx) => {
    const [made] = await tx
      .insert(reportShares)
      .values({
        runId,
        evaluationId,
        id: uuidv7(),
        secretHash: hashSecret(secret),
        createdBy: actor.name,
        createdById: actor.id,
        expiresAt: new Date(Date.now() + days * DAY_MS),
      })
      .returning();
    const to = { until: made!.expiresAt.toISOString() };
    const detail = { evaluation: evaluationId, share: made!.id, from: null, to };
    await recordAct(tx, actor, { action: "report.share", subject: `run:${runId}`, projectId, detail });
    return made!;
  });
  return { ...toShare(row), url: `${origin()}/shared/${secret}` };
}

async function locateForShares(actor: Actor, runId: string, evaluationId: string): Promise<EvaluationRecord> {
  const evaluation = await locateEvaluation(actor, runId, evaluationId, "evaluations.read");
  authorise(actor, "reports.share", evaluation.projectId);
  return evaluation;
}

async function requireShareable(actor: Actor, { projectId, split }: EvaluationRecord): Promise<void> {
  const { sharesReports } = await requireProject(actor, projectId);
  if (!sharesReports)
    throw new ProblemError(
      "conflict",
      "this project shares no report by a link; an admin can allow it in its settings",
    );
  const mode = split === "test" ? await testModeOf(projectId) : "shut";
  if (mode === "ladder" || mode === "one-bit")
    throw new ProblemError("conflict", `the project's test split is in mode ${mode}: a link would let out its report`);
}

/** The links to a report, the newest first, at most 100. */
export async function listShares(actor: Actor, runId: string, evaluationId: string): Promise<Share[]> {
  await locateForShares(actor, runId, evaluationId);
  const rows = await connections()
    .db.select()
    .from(reportShares)
    .where(and(eq(reportShares.runId, runId), eq(reportShares.evaluationId, evaluationId)))
    .orderBy(desc(reportShares.id))
    .limit(LISTED_MAX);
  return rows.map(toShare);
}

/** Lets a link open nothing from now on. May be repeated. Throws `not-found`. */
export async function revokeShare(actor: Actor, runId: string, evaluationId: string, id: string): Promise<Share> {
  const { projectId } = await locateForShares(actor, runId, evaluationId);
  const row = await connections().db.transaction(async (tx) => {
    const of = and(
      eq(reportShares.runId, runId),
      eq(reportShares.evaluationId, evaluationId),
      eq(reportShares.id, isUuid(id) ? id : evaluationId),
    );
    const [found] = await tx.select().from(reportShares).where(of).for("update");
    if (!found) throw new ProblemError("not-found", `the report has no share ${JSON.stringify(id)}`);
    if (found.revokedAt !== null) return found;
    const [revoked] = await tx.update(reportShares).set({ revokedAt: new Date() }).where(of).returning();
    const from = { until: found.expiresAt.toISOString() };
    const detail = { evaluation: evaluationId, share: id, from, to: null };
    await recordAct(tx, actor, { action: "report.unshare", subject: `run:${runId}`, projectId, detail });
    return revoked!;
  });
  return toShare(row);
}

/**
 * What a link opens, counted as one opening; null: it never was, is over or revoked, its project no longer shares or is gone, or
 * its maker may no longer read the report.
 */
export async function openShare(
  secret: string,
): Promise<{ runId: string; evaluationId: string; createdBy: string; expiresAt: string } | null> {
  const { db } = connections();
  const [found] = await db
    .select()
    .from(reportShares)
    .where(
      and(
        eq(reportShares.secretHash, hashSecret(secret)),
        sql`${reportShares.revokedAt} is null and ${reportShares.expiresAt} > now()`,
        sql`exists (select from runs r join projects p on p.id = r.project_id
          where r.id = ${reportShares.runId} and r.deleted_at is null and p.deleted_at is null and p.shares_reports)`,
        sql`exists (select from users u where u.id = ${reportShares.createdById})`,
      ),
    )
    .limit(1);
  if (!found) return null;
  const { runId, evaluationId, id, createdBy, expiresAt } = found;
  await db
    .update(reportShares)
    .set({ openings: sql`${reportShares.openings} + 1`, openedAt: new Date() })
    .where(and(eq(reportShares.runId, runId), eq(reportShares.evaluationId, evaluationId), eq(reportShares.id, id)));
  return { runId, evaluationId, createdBy, expiresAt: expiresAt.toISOString() };
}
