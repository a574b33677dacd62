/** A member's inbox: the reviews that wait for them, and what they were told. */
import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import { reviews } from "../../db/schema/reviews.ts";
import { type Actor, actorKey } from "../access/actor.ts";
import { reachable } from "../access/reach.ts";
import { countUnread, listNotifications, markSeen, requireMember } from "../inbox/notifications.ts";
import type { Inbox } from "../wire/reviews/inbox.ts";
import { readDecisions, readItems } from "./read-reviews.ts";
import { standingOf } from "./review-state.ts";
import { readReviewed } from "./reviewed.ts";

export async function getInbox(actor: Actor): Promise<Inbox> {
  const [waiting, notifications, unread] = await Promise.all([
    listWaiting(actor),
    listNotifications(actor),
    countUnread(actor),
  ]);
  return { waiting, notifications, unread };
}

/** Counts notifications as read, and answers what is left. */
export async function readInbox(actor: Actor, input: unknown): Promise<Inbox> {
  await markSeen(actor, input);
  return getInbox(actor);
}

/**
 * Open reviews that ask for this member's word and don't have it on what stands there now, and the member's own of which
 * somebody asks for changes.
 */
async function listWaiting(actor: Actor): Promise<Inbox["waiting"]> {
  const member = requireMember(actor);
  const { db } = connections();
  const key = actorKey(member);
  const open = await db
    .select({ review: reviews, project: { id: projects.id, slug: projects.slug, name: projects.name } })
    .from(reviews)
    .innerJoin(projects, and(eq(projects.id, reviews.projectId), isNull(projects.deletedAt)))
    .where(
      and(
        isNull(reviews.approvedAt),
        isNull(reviews.closedAt),
        reachable(member, reviews.projectId),
        or(eq(reviews.askedByActor, key), sql`${member.id} = any(${reviews.reviewers})`),
      ),
    )
    .limit(200);
  const ids = open.map(({ review }) => review.id);
  const [items, decisions] = await Promise.all([readItems(inArray(reviews.id, ids)), readDecisions(db, ids)]);
  const waits = await Promise.all(
    open.map(async ({ review }) => {
      const { digest } = await readReviewed(db, review, false);
      const standing = standingOf(
        decisions.filter(({ reviewId }) => reviewId === review.id),
        digest,
      );
      if (review.askedByActor === key) return standing.some(({ approves }) => !approves);
      return !standing.some(({ decidedByActor }) => decidedByActor === key);
    }),
  );
  const waiting = new Map(open.filter((_, at) => waits[at]).map(({ review, project }) => [review.id, project]));
  return items.flatMap((item) => {
    const project = waiting.get(item.id);
    return project ? [{ ...item, project }] : [];
  });
}
