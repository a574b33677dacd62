/** The record of who did what. Rows are final. */
import { and, desc, eq, lt, type SQL, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { inPieces } from "../../db/pieces.ts";
import { audit } from "../../db/schema/final.ts";
import { parse } from "../problem.ts";
import { type Actor, actorKey } from "./actor.ts";
import { authorise } from "./permissions.ts";

export type Act = {
  action: string;
  /** `run:ID`, `project:ID`, `member:ID` … */
  subject: string;
  projectId?: string | null;
  detail?: Record<string, unknown>;
};

/** Adds one row within the caller's transaction, so that an act and its record are stored together or not at all. */
export const recordAct = (tx: Executor, actor: Actor, act: Act): Promise<void> => recordActs(tx, actor, [act]);

/** As `recordAct`, of many at once. */
export async function recordActs(tx: Executor, actor: Actor, acts: Act[]): Promise<void> {
  const rows = acts.map(({ action, subject, projectId = null, detail = {} }) => ({
    id: uuidv7(),
    actor: actorKey(actor),
    actorName: actor.name,
    action,
    subject,
    projectId,
    detail,
  }));
  for (const some of inPieces(rows)) await tx.insert(audit).values(some);
}

/** What an act changed, for its detail: the fields that differ, as they were and as they are. */
export function changeOf(
  before: Record<string, unknown>,
  change: Record<string, unknown>,
): { from: Record<string, unknown>; to: Record<string, unknown> } {
  const differs = ([name, value]: [string, unknown]) => JSON.stringify(before[name] ?? null) !== JSON.stringify(value);
  const changed = Object.entries(change).filter(([name, value]) => value !== undefined && differs([name, value]));
  const from = Object.fromEntries(changed.map(([name]) => [name, before[name] ?? null]));
  return { from, to: Object.fromEntries(changed) };
}

export type AuditRow = {
  id: string;
  at: string;
  actor: string;
  actorName: string;
  action: string;
  subject: string;
  projectId: string | null;
  detail: Record<string, unknown>;
};

const PAGE = 100;
const day = z.iso.date();

/** What of the audit is asked for; everything where nothing is said. */
export const auditFilterSchema = z
  .object({
    /** Acts of members; or of tokens and of the server itself. */
    by: z.enum(["people", "machines"]),
    /** Stands in the name of who did it, in either case. */
    who: z.string().max(200),
    /** Who did it, by id: `member:ID`, `token:ID` or `system`. It tells two people of one name apart. */
    actor: z.string().max(200),
    /** Words that stand in the act, in what it was done to (`run:ID`) or in its detail, in either case. */
    what: z.string().max(200),
    /** Acts on what lies in this project, by id. */
    project: z.uuid(),
    /** The first and the last day in UTC, `2026-01-31`. */
    from: day,
    until: day,
  })
  .partial();
export type AuditFilter = z.infer<typeof auditFilterSchema>;
/** `before`: the id of the row after which the page begins; `size`: up to 10,000, default 100. */
export type AuditQuery = AuditFilter & { before?: string; size?: number };

const SIZE_MAX = 10_000;

/** Newest first; `next` is the id to pass as `before`, null at the end. */
export async function listAudit(
  actor: Actor,
  { before, size = PAGE, ...filter }: AuditQuery = {},
): Promise<{ rows: AuditRow[]; next: string | null }> {
  authorise(actor, "audit.read");
  const limit = Math.min(size, SIZE_MAX);
  const found = await connections()
    .db.select()
    .from(audit)
    .where(and(before ? lt(audit.id, before) : undefined, ...conditionsOf(parse(auditFilterSchema, filter))))
    .orderBy(desc(audit.id))
    .limit(limit + 1);
  const rows = found.slice(0, limit).map((row) => ({
    ...row,
    at: row.at.toISOString(),
    detail: row.detail as Record<string, unknown>,
  }));
  return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
}

const MEMBER = "member:";

function conditionsOf({ by, who = "", actor, what = "", project, from, until }: AuditFilter): SQL[] {
  const isPerson = sql`starts_with(${audit.actor}, ${MEMBER})`;
  const words = wordsOf(what).map((word) =>
    holds(sql`${audit.action} || ' ' || ${audit.subject} || ' ' || ${audit.detail}::text`, word),
  );
  return [
    ...(by === undefined ? [] : [by === "people" ? isPerson : sql`not ${isPerson}`]),
    ...wordsOf(who).map((word) => holds(sql`${audit.actorName}`, word)),
    ...words,
    ...(actor === undefined ? [] : [eq(audit.actor, actor)]),
    ...(project === undefined ? [] : [eq(audit.projectId, project)]),
    ...(from === undefined ? [] : [sql`${audit.at} >= ${from}::date::timestamp at time zone 'UTC'`]),
    ...(until === undefined ? [] : [sql`${audit.at} < (${until}::date + 1)::timestamp at time zone 'UTC'`]),
  ];
}

// PostgreSQL has no text with NUL
const wordsOf = (text: string): string[] => text.split(/[\s\0]+/).filter(Boolean);
const holds = (text: SQL, word: string): SQL => sql`strpos(lower(${text}), lower(${word})) > 0`;
