/** Threads and comments as members write them: begun, answered, changed, resolved. */
import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { commentEdits, comments, reviews, threads } from "../../db/schema/reviews.ts";
import { type Actor, actorKey, memberIn } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { listParticipants, requireStill } from "../access/standing.ts";
import { notify } from "../inbox/notify.ts";
import { noticeReviews } from "../live/notices.ts";
import { ProblemError, parse } from "../problem.ts";
import { parseSubject } from "../wire/reviews/anchors.ts";
import { commentInputSchema, type Thread, threadCreateSchema, threadUpdateSchema } from "../wire/reviews/threads.ts";
import { mentionedIn } from "./mentions.ts";
import { readThread, requireThread, type ThreadRow } from "./read-threads.ts";
import { requireSubject } from "./subjects.ts";

const PER_THREAD_MAX = 1_000;
const EDITS_MAX = 200;

/** Begins a thread at a place of a subject. Whom the text names is told, and who takes part in a review of the subject. */
export async function startThread(actor: Actor, projectId: string, input: unknown): Promise<Thread> {
  authorise(actor, "reviews.write", projectId);
  const { subject: subjectText, anchor, text } = parse(threadCreateSchema, input);
  const subject = parseSubject(subjectText);
  const { runId } = await requireSubject(actor, projectId, subject, anchor);
  const thread = await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "reviews.write", projectId);
    const [row] = await tx
      .insert(threads)
      .values({
        id: uuidv7(),
        projectId,
        subjectKind: subject.kind,
        subjectId: subject.id,
        runId,
        anchor,
        startedBy: actor.name,
        startedByActor: actorKey(actor),
      })
      .returning();
    await writeComment(tx, actor, row!, text);
    const detail = { subject: subjectText, anchor };
    await recordAct(tx, actor, { action: "thread.start", subject: `thread:${row!.id}`, projectId, detail });
    return readThread(tx, row!);
  });
  noticeReviews(projectId);
  return thread;
}

/** Answers in a thread; a resolved one is open again. */
export async function addComment(actor: Actor, projectId: string, id: string, input: unknown): Promise<Thread> {
  const { text } = parse(commentInputSchema, input);
  return changing(actor, projectId, id, async (tx, row) => {
    const there = await tx.select({ id: comments.id }).from(comments).where(eq(comments.threadId, id));
    if (there.length >= PER_THREAD_MAX)
      throw new ProblemError("conflict", `a thread has at most ${PER_THREAD_MAX} comments; begin another`);
    if (row.resolvedAt) await setResolved(tx, actor, row, false);
    const commentId = await writeComment(tx, actor, row, text);
    await record(tx, actor, row, "comment.write", { comment: commentId });
  });
}

/** Changes one's own comment; what it said is kept. The same text again changes nothing. */
export async function editComment(
  actor: Actor,
  projectId: string,
  id: string,
  commentId: string,
  input: unknown,
): Promise<Thread> {
  const { text } = parse(commentInputSchema, input);
  return changing(actor, projectId, id, async (tx, row) => {
    const [comment] = isUuid(commentId)
      ? await tx
          .select()
          .from(comments)
          .where(and(eq(comments.id, commentId), eq(comments.threadId, id)))
      : [];
    if (!comment) throw new ProblemError("not-found", `this thread has no comment ${JSON.stringify(commentId)}`);
    if (comment.writtenByActor !== actorKey(actor))
      throw new ProblemError("forbidden", `the comment is ${comment.writtenBy}'s; only who wrote it changes it`);
    if (comment.text === text) return;
    const edits = await tx
      .select({ id: commentEdits.id })
      .from(commentEdits)
      .where(eq(commentEdits.commentId, commentId));
    if (edits.length >= EDITS_MAX)
      throw new ProblemError("conflict", `a comment is changed at most ${EDITS_MAX} times; write another`);
    await tx.insert(commentEdits).values({ id: uuidv7(), commentId, text: comment.text });
    await tx.update(comments).set({ text, editedAt: sql`now()` }).where(eq(comments.id, commentId));
    const before = new Set(await mentioned(tx, projectId, comment.text));
    const named = (await mentioned(tx, projectId, text)).filter((one) => !before.has(one));
    await notify(tx, named, { projectId, kind: "mentioned", by: actor, threadId: id, commentId });
    await record(tx, actor, row, "comment.edit", { comment: commentId, from: comment.text, to: text });
  });
}

/** Resolves a thread, or opens it again. The same again changes nothing. */
export async function updateThread(actor: Actor, projectId: string, id: string, input: unknown): Promise<Thread> {
  const { isResolved } = parse(threadUpdateSchema, input);
  return changing(actor, projectId, id, async (tx, row) => {
    if ((row.resolvedAt !== null) === isResolved) return;
    await setResolved(tx, actor, row, isResolved);
  });
}

type Work = (tx: Executor, row: ThreadRow) => Promise<void>;

/** Does `work` on the locked row of a thread that the actor may read, and answers the thread as it is then. */
async function changing(actor: Actor, projectId: string, id: string, work: Work): Promise<Thread> {
  authorise(actor, "reviews.write", projectId);
  await requireThread(actor, projectId, id);
  const thread = await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "reviews.write", projectId);
    const [locked] = await tx.select().from(threads).where(eq(threads.id, id)).for("update");
    await work(tx, locked!);
    const [now] = await tx.select().from(threads).where(eq(threads.id, id));
    return readThread(tx, now!);
  });
  noticeReviews(projectId);
  return thread;
}

const record = (tx: Executor, actor: Actor, row: ThreadRow, action: string, detail: Record<string, unknown> = {}) =>
  recordAct(tx, actor, { action, subject: `thread:${row.id}`, projectId: row.projectId, detail });

async function setResolved(tx: Executor, actor: Actor, row: ThreadRow, isResolved: boolean): Promise<void> {
  await tx
    .update(threads)
    .set({ resolvedAt: isResolved ? sql`now()` : null, resolvedBy: isResolved ? actor.name : null })
    .where(eq(threads.id, row.id));
  const [from, to] = isResolved ? ["open", "resolved"] : ["resolved", "open"];
  await record(tx, actor, row, isResolved ? "thread.resolve" : "thread.reopen", { from, to });
}

/** Stores a comment, and tells whom it names and who takes part. Returns its id. */
async function writeComment(tx: Executor, actor: Actor, thread: ThreadRow, text: string): Promise<string> {
  const id = uuidv7();
  await tx
    .insert(comments)
    .values({ id, threadId: thread.id, text, writtenBy: actor.name, writtenByActor: actorKey(actor) });
  const told = { projectId: thread.projectId, by: actor, threadId: thread.id, commentId: id };
  const named = await mentioned(tx, thread.projectId, text);
  await notify(tx, named, { ...told, kind: "mentioned" });
  const others = (await participants(tx, thread)).filter((one) => !named.includes(one));
  await notify(tx, others, { ...told, kind: "replied" });
  return id;
}

async function mentioned(tx: Executor, projectId: string, text: string): Promise<string[]> {
  if (!text.includes("@")) return [];
  return mentionedIn(text, await listParticipants(tx, projectId));
}

/** Who wrote in the thread, and who asked for, or was asked for, an open review of what it is on. */
async function participants(tx: Executor, thread: ThreadRow): Promise<string[]> {
  const wrote = await tx
    .selectDistinct({ actor: comments.writtenByActor })
    .from(comments)
    .where(eq(comments.threadId, thread.id));
  const subjects = [thread.subjectId, ...(thread.runId ? [thread.runId] : [])];
  const open = await tx
    .select({ asker: reviews.askedByActor, asked: reviews.reviewers })
    .from(reviews)
    .where(
      and(
        eq(reviews.projectId, thread.projectId),
        isNull(reviews.closedAt),
        or(inArray(reviews.id, subjects), sql`${reviews.subjectIds} && ${sql.param(subjects)}::uuid[]`),
      ),
    );
  return [
    ...wrote.flatMap(({ actor }) => memberIn(actor) ?? []),
    ...open.flatMap(({ asker, asked }) => [...(memberIn(asker) ? [memberIn(asker)!] : []), ...asked]),
  ];
}
