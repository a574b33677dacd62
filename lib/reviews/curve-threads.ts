/** Threads on curves of runs, as charts mark them. */
import { and, count, eq, inArray, isNull, like, or } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { threads } from "../../db/schema/reviews.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { THREADS_MAX } from "../wire/reviews/threads.ts";

/** How many open threads hang at one place of a run's curves: a step, or a range of them. */
export type CurveThreads = { run: string; anchor: string; count: number };

/** Those on the curves of these runs of the project. */
export async function countCurveThreads(actor: Actor, projectId: string, runIds: string[]): Promise<CurveThreads[]> {
  authorise(actor, "reviews.read", projectId);
  if (runIds.length === 0) return [];
  return connections()
    .db.select({ run: threads.subjectId, anchor: threads.anchor, count: count() })
    .from(threads)
    .where(
      and(
        eq(threads.projectId, projectId),
        eq(threads.subjectKind, "run"),
        inArray(threads.subjectId, runIds),
        isNull(threads.resolvedAt),
        or(like(threads.anchor, "point:%"), like(threads.anchor, "range:%")),
      ),
    )
    .groupBy(threads.subjectId, threads.anchor)
    .orderBy(threads.subjectId, threads.anchor)
    .limit(THREADS_MAX);
}
