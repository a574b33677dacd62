/** What a member was told, the newest first, and which of it they have read. */
import { and, count, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { alertRules, notifications } from "../../db/schema/inbox.ts";
import { projects } from "../../db/schema/projects.ts";
import { reviews, threads } from "../../db/schema/reviews.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor, MemberActor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { reachable } from "../access/reach.ts";
import { noticeReviews } from "../live/notices.ts";
import { ProblemError, parse } from "../problem.ts";
import { type AlertRule, type Notification, seenInputSchema } from "../wire/reviews/inbox.ts";

const SHOWN_MAX = 100;

/** A token has no inbox. */
export function requireMember(actor: Actor): MemberActor {
  authorise(actor, "inbox.read");
  if (actor.kind !== "member") throw new ProblemError("forbidden", "an inbox is a member's; this is none");
  return actor;
}

/** The newest 100; those of a project that is deleted aside. */
export async function listNotifications(actor: Actor): Promise<Notification[]> {
  const member = requireMember(actor);
  const rows = await connections()
    .db.select({
      told: notifications,
      project: { id: projects.id, slug: projects.slug, name: projects.name },
      review: { id: reviews.id, number: reviews.number, title: reviews.title },
      thread: threads,
      run: { id: runs.id, name: runs.name },
      rule: alertRules,
    })
    .from(notifications)
    .innerJoin(projects, and(eq(projects.id, notifications.projectId), isNull(projects.deletedAt)))
    .leftJoin(reviews, eq(reviews.id, notifications.reviewId))
    .leftJoin(threads, eq(threads.id, notifications.threadId))
    .leftJoin(runs, eq(runs.id, notifications.runId))
    .leftJoin(alertRules, eq(alertRules.id, notifications.ruleId))
    .where(and(eq(notifications.userId, member.id), reachable(member, projects.id)))
    .orderBy(desc(notifications.id))
    .limit(SHOWN_MAX);
  return rows.map(({ told, project, review, thread, run, rule }) => ({
    id: told.id,
    kind: told.kind,
    by: told.by,
    at: told.at.toISOString(),
    isRead: told.readAt !== null,
    project,
    review,
    thread: thread && {
      id: thread.id,
      subject: `${thread.subjectKind}:${thread.subjectId}`,
      run: thread.runId,
      anchor: thread.anchor,
    },
    run,
    rule: rule && { event: rule.event, metric: thresholdOf(rule) },
  }));
}

type RuleRow = typeof alertRules.$inferSelect;

/** The threshold of a rule as the wire has it; null: it is on no metric. */
export const thresholdOf = ({ split, metric, side, threshold }: RuleRow): AlertRule["metric"] =>
  split === null || metric === null || side === null || threshold === null
    ? null
    : { split: split === "none" ? null : split, metric, side, threshold };

/** How many a member hasn't read. */
export async function countUnread(actor: Actor): Promise<number> {
  const member = requireMember(actor);
  const [row] = await connections()
    .db.select({ count: count() })
    .from(notifications)
    .innerJoin(projects, and(eq(projects.id, notifications.projectId), isNull(projects.deletedAt)))
    .where(and(eq(notifications.userId, member.id), isNull(notifications.readAt), reachable(member, projects.id)));
  return row?.count ?? 0;
}

/** Counts these of the member's own as read, or all; of another's it changes nothing. May be repeated. */
export async function markSeen(actor: Actor, input: unknown): Promise<void> {
  const member = requireMember(actor);
  const { seen } = parse(seenInputSchema, input);
  const which = seen === "all" ? undefined : inArray(notifications.id, seen.length > 0 ? seen : [NOBODY]);
  const read = await connections()
    .db.update(notifications)
    .set({ readAt: sql`now()` })
    .where(and(eq(notifications.userId, member.id), isNull(notifications.readAt), which))
    .returning({ projectId: notifications.projectId });
  for (const projectId of new Set(read.map((row) => row.projectId))) noticeReviews(projectId);
}

const NOBODY = "00000000-0000-0000-0000-000000000000";
