/** The record of who did what. Rows are final. */
import { desc, lt } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { audit } from "../../db/schema/final.ts";
import type { Actor } from "./actor.ts";
import { authorise } from "./permissions.ts";

type Act = {
  action: string;
  /** `run:ID`, `project:ID`, `member:ID` … */
  subject: string;
  projectId?: string | null;
  detail?: Record<string, unknown>;
};

/** Adds one row within the caller's transaction, so that an act and its record are stored together or not at all. */
export async function recordAct(tx: Executor, actor: Actor, act: Act): Promise<void> {
  await tx.insert(audit).values({
    id: uuidv7(),
    actor: actor.kind === "system" ? "system" : `${actor.kind}:${actor.id}`,
    actorName: actor.name,
    action: act.action,
    subject: act.subject,
    projectId: act.projectId ?? null,
    detail: act.detail ?? {},
  });
}

export type AuditRow = {
  id: string;
  at: string;
  actor: string;
  actorName: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
};

const PAGE = 100;

/** Newest first, 100 at a time; `next` is the id to pass as `before`, null at the end. */
export async function listAudit(
  actor: Actor,
  { before }: { before?: string } = {},
): Promise<{ rows: AuditRow[]; next: string | null }> {
  authorise(actor, "audit.read");
  const found = await connections()
    .db.select()
    .from(audit)
    .where(before ? lt(audit.id, before) : undefined)
    .orderBy(desc(audit.id))
    .limit(PAGE + 1);
  const rows = found.slice(0, PAGE).map(({ projectId: _, ...row }) => ({
    ...row,
    at: row.at.toISOString(),
    detail: row.detail as Record<string, unknown>,
  }));
  return { rows, next: found.length > PAGE ? (rows.at(-1)?.id ?? null) : null };
}
