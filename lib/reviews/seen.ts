/** When a member last looked at a review: what came later is new to them. */
import { and, eq, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { notifications } from "../../db/schema/inbox.ts";
import { seenMarks } from "../../db/schema/reviews.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { requireMember } from "../inbox/notifications.ts";
import { requireReview } from "./read-reviews.ts";

const subjectOf = (reviewId: string): string => `review:${reviewId}`;

/** When the member last looked; null: never. */
export async function seenAt(actor: Actor, reviewId: string): Promise<string | null> {
  const member = requireMember(actor);
  const [mark] = await connections()
    .db.select()
    .from(seenMarks)
    .where(and(eq(seenMarks.userId, member.id), eq(seenMarks.subject, subjectOf(reviewId))));
  return mark?.seenAt.toISOString() ?? null;
}

/** The member looked just now: what they were told of the review is read. */
export async function markReviewSeen(actor: Actor, projectId: string, named: string): Promise<void> {
  const member = requireMember(actor);
  authorise(actor, "reviews.read", projectId);
  const { id } = await requireReview(connections().db, projectId, named);
  const now = sql`now()`;
  await connections().db.transaction(async (tx) => {
    await tx
      .insert(seenMarks)
      .values({ userId: member.id, subject: subjectOf(id), projectId, seenAt: now })
      .onConflictDoUpdate({ target: [seenMarks.userId, seenMarks.subject], set: { seenAt: now } });
    await tx
      .update(notifications)
      .set({ readAt: now })
      .where(
        and(eq(notifications.userId, member.id), eq(notifications.reviewId, id), sql`${notifications.readAt} is null`),
      );
  });
}
