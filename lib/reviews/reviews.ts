/** Reviews as members ask for them: asked, changed, withdrawn. */
import { eq, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import { reviews } from "../../db/schema/reviews.ts";
import { type Actor, actorKey } from "../access/actor.ts";
import { changeOf, recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { listParticipants, requireStill } from "../access/standing.ts";
import { notify } from "../inbox/notify.ts";
import { noticeReviews } from "../live/notices.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { announce } from "../webhooks/webhooks.ts";
import { type Review, reviewCreateSchema, reviewUpdateSchema } from "../wire/reviews/reviews.ts";
import { presentReview, requireReview, reviewLink } from "./read-reviews.ts";
import { type ReviewRow, requireReviewed } from "./reviewed.ts";

/** Asks for a review; the members who are asked are told, and the project's webhooks. */
export async function askReview(actor: Actor, projectId: string, input: unknown): Promise<Review> {
  authorise(actor, "reviews.write", projectId);
  const { kind, subjects, title, about, chosenRun, reviewers } = parse(reviewCreateSchema, input);
  await requireReviewed(projectId, kind, subjects);
  const review = await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "reviews.write", projectId);
    await requireReviewers(tx, actor, projectId, reviewers);
    // of two asked for at once the second waits for the first's number
    await tx.select({ id: projects.id }).from(projects).where(eq(projects.id, projectId)).for("no key update");
    const [last] = await tx
      .select({ number: sql<number>`coalesce(max(${reviews.number}), 0)::int` })
      .from(reviews)
      .where(eq(reviews.projectId, projectId));
    const [row] = await tx
      .insert(reviews)
      .values({
        id: uuidv7(),
        projectId,
        number: last!.number + 1,
        subjectKind: kind,
        subjectIds: subjects,
        title,
        about,
        chosenRunId: chosenRun,
        reviewers: [...new Set(reviewers)],
        askedBy: actor.name,
        askedByActor: actorKey(actor),
      })
      .returning();
    await notify(tx, reviewers, { projectId, kind: "asked", by: actor, reviewId: row!.id });
    await announceReview(tx, row!, "review.asked");
    await record(tx, actor, row!, "review.ask", { kind, subjects, from: null, to: "open" });
    return presentReview(tx, row!);
  });
  noticeReviews(projectId);
  return review;
}

/** Changes what one's own review says, whom it asks, or withdraws it. Throws `conflict` once it is approved. */
export async function updateReview(actor: Actor, projectId: string, named: string, input: unknown): Promise<Review> {
  authorise(actor, "reviews.write", projectId);
  const { title, about, chosenRun, reviewers, isClosed } = parse(reviewUpdateSchema, input);
  const { id } = await requireReview(connections().db, projectId, named);
  const review = await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "reviews.write", projectId);
    const row = await lockReview(tx, id);
    if (row.askedByActor !== actorKey(actor))
      throw new ProblemError("forbidden", `${row.askedBy} asked for this review; only who asked changes it`);
    if (row.approvedAt) throw new ProblemError("conflict", "the review is approved, and what was approved stays");
    if (chosenRun && !(row.subjectKind === "runs" && row.subjectIds.includes(chosenRun)))
      throw invalid("chosenRun", `one of the runs under review, received ${chosenRun}`);
    if (reviewers) await requireReviewers(tx, actor, projectId, reviewers);
    const asked = (reviewers ?? []).filter((one) => !row.reviewers.includes(one));
    const changed = { title, about, chosenRunId: chosenRun, reviewers: reviewers && [...new Set(reviewers)] };
    const closed = isClosed === undefined ? {} : { closedAt: isClosed ? sql`now()` : null };
    const [now] = Object.values({ ...changed, ...closed }).every((value) => value === undefined)
      ? [row]
      : await tx
          .update(reviews)
          .set({ ...changed, ...closed })
          .where(eq(reviews.id, id))
          .returning();
    await notify(tx, asked, { projectId, kind: "asked", by: actor, reviewId: id });
    const before = { ...row, chosenRun: row.chosenRunId, isClosed: row.closedAt !== null };
    const change = changeOf(before, { title, about, chosenRun, reviewers, isClosed });
    await record(tx, actor, row, "review.change", change);
    return presentReview(tx, now!);
  });
  noticeReviews(projectId);
  return review;
}

export async function lockReview(tx: Executor, id: string): Promise<ReviewRow> {
  const [row] = await tx.select().from(reviews).where(eq(reviews.id, id)).for("update");
  return row!;
}

async function requireReviewers(tx: Executor, actor: Actor, projectId: string, ids: string[]): Promise<void> {
  const there = await listParticipants(tx, projectId, ids);
  for (const [at, id] of ids.entries()) {
    const member = there.find((one) => one.id === id);
    if (!member) throw invalid(`reviewers.${at}`, `there is no member ${JSON.stringify(id)}`);
    if (member.role === "viewer") throw invalid(`reviewers.${at}`, "a viewer reads, and can't decide; ask a member");
    if (actor.kind === "member" && id === actor.id)
      throw invalid(`reviewers.${at}`, "somebody else than who asks for the review");
  }
}

export const record = (
  tx: Executor,
  actor: Actor,
  { id, projectId }: Pick<ReviewRow, "id" | "projectId">,
  action: string,
  detail: Record<string, unknown> = {},
) => recordAct(tx, actor, { action, subject: `review:${id}`, projectId, detail });

/** Tells the project's webhooks, without a word of anybody. */
export async function announceReview(
  tx: Executor,
  { id, projectId, number, subjectKind }: ReviewRow,
  event: "review.asked" | "review.approved" | "review.changes-requested",
): Promise<void> {
  const [project] = await tx.select({ slug: projects.slug }).from(projects).where(eq(projects.id, projectId));
  await announce(tx, projectId, {
    event,
    at: new Date().toISOString(),
    project: { id: projectId, slug: project!.slug },
    review: { id, number, kind: subjectKind },
    url: reviewLink(project!.slug, number),
  });
}
