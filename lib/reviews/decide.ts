/** What members decide in a review. An approval locks what was approved, and with it a study's conclusion. */
import { and, desc, eq, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { reviewDecisions, reviews } from "../../db/schema/reviews.ts";
import { type Actor, actorKey, memberIn } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { listParticipants, requireStill } from "../access/standing.ts";
import { signReviewed } from "../champions/sign-offs.ts";
import { notify } from "../inbox/notify.ts";
import { noticeReviews, noticeRun } from "../live/notices.ts";
import { ProblemError, parse } from "../problem.ts";
import { lockConclusion } from "../studies/conclusion.ts";
import { decisionInputSchema, type Review } from "../wire/reviews/reviews.ts";
import { presentReview, readDecisions, requireReview } from "./read-reviews.ts";
import { isApproved, standingOf } from "./review-state.ts";
import { type Reviewed, type ReviewRow, readReviewed } from "./reviewed.ts";
import { announceReview, lockReview, record } from "./reviews.ts";

/**
 * Approves what stands there, or asks for changes. It is approved for good once somebody else than who asked, and than who
 * made what is reviewed, says yes and no other member's newest word on it asks for changes. Throws `conflict` where it is
 * settled, where the member decides on their own, or where a study isn't concluded. An approved claim is signed off by that.
 */
export async function decideReview(actor: Actor, projectId: string, named: string, input: unknown): Promise<Review> {
  authorise(actor, "reviews.decide", projectId);
  const { approves, word } = parse(decisionInputSchema, input);
  const { id } = await requireReview(connections().db, projectId, named);
  let signedRun: string | null = null;
  const review = await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "reviews.decide", projectId);
    const row = await lockReview(tx, id);
    if (row.approvedAt) throw new ProblemError("conflict", "the review is approved already, and that stays");
    if (row.closedAt) throw new ProblemError("conflict", `the review is withdrawn; ${row.askedBy} can open it again`);
    const reviewed = await readReviewed(tx, row, true);
    if (approves) await requireOther(tx, actor, row, reviewed);
    const from = await ownWord(tx, actor, id);
    await tx.insert(reviewDecisions).values({
      id: uuidv7(),
      reviewId: id,
      approves,
      word,
      stateDigest: reviewed.digest,
      decidedBy: actor.name,
      decidedByActor: actorKey(actor),
    });
    await record(tx, actor, row, approves ? "review.approve" : "review.request-changes", {
      word,
      from,
      to: wordOf(approves),
    });
    const standing = standingOf(await readDecisions(tx, [id]), reviewed.digest);
    const now = isApproved(standing) ? await approve(tx, row, reviewed) : row;
    const [claimId] = row.subjectKind === "claim" && now.approvedAt ? row.subjectIds : [];
    if (claimId) signedRun = await signReviewed(tx, actor, claimId, word);
    await tellDecision(tx, actor, now, approves);
    return presentReview(tx, now);
  });
  noticeReviews(projectId);
  if (signedRun !== null) noticeRun(signedRun);
  return review;
}

const wordOf = (approves: boolean): string => (approves ? "approved" : "changes requested");

/** What the member said of the review last; null: nothing yet. */
async function ownWord(tx: Executor, actor: Actor, reviewId: string): Promise<string | null> {
  const own = and(eq(reviewDecisions.reviewId, reviewId), eq(reviewDecisions.decidedByActor, actorKey(actor)));
  const [last] = await tx.select().from(reviewDecisions).where(own).orderBy(desc(reviewDecisions.id)).limit(1);
  return last ? wordOf(last.approves) : null;
}

/** Who is the only one who could decide may approve their own. */
async function requireOther(tx: Executor, actor: Actor, row: ReviewRow, reviewed: Reviewed): Promise<void> {
  if (reviewed.notYet) throw new ProblemError("conflict", reviewed.notYet);
  const key = actorKey(actor);
  const isOwn =
    row.askedByActor === key || reviewed.madeBy.actor === key || (reviewed.madeBy.name ?? null) === actor.name;
  if (!isOwn) return;
  const others = (await listParticipants(tx, row.projectId)).filter(({ id }) => id !== memberIn(key));
  if (others.some(({ role }) => role !== "viewer"))
    throw new ProblemError(
      "conflict",
      "who asked for a review, or made what is reviewed, can't approve it; another member can",
    );
}

async function approve(tx: Executor, row: ReviewRow, { conclusion }: Reviewed): Promise<ReviewRow> {
  const [approved] = await tx
    .update(reviews)
    .set({ approvedAt: sql`now()`, conclusion })
    .where(eq(reviews.id, row.id))
    .returning();
  const [studyId] = row.subjectIds;
  if (row.subjectKind === "study" && studyId) await lockConclusion(tx, studyId);
  return approved!;
}

/** Who asked, who was asked and who decided before are told; webhooks too. */
async function tellDecision(tx: Executor, actor: Actor, row: ReviewRow, approves: boolean): Promise<void> {
  const before = (await readDecisions(tx, [row.id])).flatMap(({ decidedByActor }) => memberIn(decidedByActor) ?? []);
  const kind = approves ? "approved" : "changes-requested";
  const people = [memberIn(row.askedByActor) ?? "", ...row.reviewers, ...before];
  await notify(tx, people, { projectId: row.projectId, kind, by: actor, reviewId: row.id });
  // a yes beside somebody's wish for changes approves nothing yet
  if (!approves) await announceReview(tx, row, "review.changes-requested");
  else if (row.approvedAt) await announceReview(tx, row, "review.approved");
}
