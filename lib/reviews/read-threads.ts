/** Threads as readers see them: with their comments, and what each said before. */
import { and, asc, eq, inArray, isNull, or, type SQL } from "drizzle-orm";
import { validate as isUuid } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { evaluations } from "../../db/schema/evaluations.ts";
import { commentEdits, comments, threads } from "../../db/schema/reviews.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { sightOf } from "../evaluations/sight.ts";
import { ProblemError, parse } from "../problem.ts";
import { parseSubject, type Subject, subjectText } from "../wire/reviews/anchors.ts";
import { anchorSchema, type Comment, subjectSchema, THREADS_MAX, type Thread } from "../wire/reviews/threads.ts";

/** Of all threads that are read at once. */
const COMMENTS_MAX = 5_000;

export type ThreadRow = typeof threads.$inferSelect;

/** The threads on one subject, or at one place of it, the oldest first; those whose numbers the actor may not see aside. */
export async function listThreads(
  actor: Actor,
  projectId: string,
  asked: { subject: string | null; anchor?: string | null },
): Promise<Thread[]> {
  const subject = parseSubject(parse(subjectSchema, asked.subject ?? ""));
  const anchor = asked.anchor ? parse(anchorSchema, asked.anchor) : undefined;
  return readThreads(
    actor,
    projectId,
    and(isOn(subject), anchor === undefined ? undefined : eq(threads.anchor, anchor)),
  );
}

export const isOn = ({ kind, id }: Subject): SQL | undefined =>
  and(eq(threads.subjectKind, kind), eq(threads.subjectId, id));

/** Those of several subjects, or on runs and their evaluations. */
export const isOnAny = (subjects: Subject[], runIds: string[]): SQL | undefined =>
  or(...subjects.map(isOn), ...(runIds.length > 0 ? [inArray(threads.runId, runIds)] : []));

export async function readThreads(actor: Actor, projectId: string, which: SQL | undefined): Promise<Thread[]> {
  authorise(actor, "reviews.read", projectId);
  const { db } = connections();
  const rows = await db
    .select()
    .from(threads)
    .where(and(eq(threads.projectId, projectId), which))
    .orderBy(asc(threads.id))
    .limit(THREADS_MAX);
  return withComments(db, await seenBy(actor, projectId, rows));
}

/** A thread on an evaluation is for who may read its report: what is said of it may hold its numbers. */
async function seenBy(actor: Actor, projectId: string, rows: ThreadRow[]): Promise<ThreadRow[]> {
  const evaluated = rows.filter(({ subjectKind }) => subjectKind === "evaluation").map(({ subjectId }) => subjectId);
  if (evaluated.length === 0 || (await sightOf(actor, { projectId, split: "test" })) === "report") return rows;
  const open = await connections()
    .db.select({ id: evaluations.id })
    .from(evaluations)
    .where(and(inArray(evaluations.id, evaluated), eq(evaluations.split, "validation")));
  const openIds = new Set(open.map(({ id }) => id));
  return rows.filter(({ subjectKind, subjectId }) => subjectKind !== "evaluation" || openIds.has(subjectId));
}

/** One thread of the project that the actor may read. Throws `not-found`. */
export async function requireThread(actor: Actor, projectId: string, id: string): Promise<ThreadRow> {
  const { db } = connections();
  const rows = isUuid(id)
    ? await db
        .select()
        .from(threads)
        .where(and(eq(threads.id, id), eq(threads.projectId, projectId)))
    : [];
  const [thread] = await seenBy(actor, projectId, rows);
  if (!thread) throw new ProblemError("not-found", `this project has no thread ${JSON.stringify(id)}`);
  return thread;
}

export async function readThread(db: Executor, row: ThreadRow): Promise<Thread> {
  return (await withComments(db, [row]))[0]!;
}

async function withComments(db: Executor, rows: ThreadRow[]): Promise<Thread[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [said, edits] = await Promise.all([
    db.select().from(comments).where(inArray(comments.threadId, ids)).orderBy(asc(comments.id)).limit(COMMENTS_MAX),
    db
      .select({ edit: commentEdits })
      .from(commentEdits)
      .innerJoin(comments, eq(comments.id, commentEdits.commentId))
      .where(inArray(comments.threadId, ids))
      .orderBy(asc(commentEdits.id))
      .limit(COMMENTS_MAX),
  ]);
  const earlierOf = new Map<string, (typeof commentEdits.$inferSelect)[]>();
  for (const { edit } of edits) earlierOf.set(edit.commentId, [...(earlierOf.get(edit.commentId) ?? []), edit]);
  const toComment = (row: (typeof said)[number]): Comment => ({
    id: row.id,
    text: row.text,
    by: row.writtenBy,
    byActor: row.writtenByActor,
    at: row.writtenAt.toISOString(),
    editedAt: row.editedAt?.toISOString() ?? null,
    earlier: (earlierOf.get(row.id) ?? []).map(({ text, replacedAt }) => ({ text, until: replacedAt.toISOString() })),
  });
  return rows.map((row) => ({
    id: row.id,
    subject: subjectText({ kind: row.subjectKind, id: row.subjectId }),
    run: row.runId,
    anchor: row.anchor,
    by: row.startedBy,
    at: row.startedAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    resolvedBy: row.resolvedBy,
    comments: said.filter(({ threadId }) => threadId === row.id).map(toComment),
  }));
}

/** How many open threads hang at each place of a subject, by the place's text form. */
export async function countThreads(actor: Actor, projectId: string, subject: Subject): Promise<Record<string, number>> {
  authorise(actor, "reviews.read", projectId);
  const rows = await connections()
    .db.select()
    .from(threads)
    .where(and(eq(threads.projectId, projectId), isOn(subject), isNull(threads.resolvedAt)))
    .limit(THREADS_MAX);
  const counts: Record<string, number> = Object.create(null);
  for (const { anchor } of await seenBy(actor, projectId, rows)) counts[anchor] = (counts[anchor] ?? 0) + 1;
  return { ...counts };
}
