/** Reviews as readers see them. */
import { and, asc, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { validate as isUuid } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { users } from "../../db/schema/people.ts";
import { projects } from "../../db/schema/projects.ts";
import { reviewDecisions, reviews } from "../../db/schema/reviews.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { origin } from "../origin.ts";
import { ProblemError } from "../problem.ts";
import type { Conclusion, Review, ReviewItem } from "../wire/reviews/reviews.ts";
import { standingOf, stateOf } from "./review-state.ts";
import { type ReviewRow, readReviewed } from "./reviewed.ts";

const LISTED_MAX = 500;

/** A project's reviews, the newest first, at most 500; or those of one study, claim or run. */
export async function listReviews(actor: Actor, projectId: string, subjectId?: string): Promise<ReviewItem[]> {
  authorise(actor, "reviews.read", projectId);
  const of = subjectId === undefined ? undefined : sql`${reviews.subjectIds} @> ${sql.param([subjectId])}::uuid[]`;
  return readItems(and(eq(reviews.projectId, projectId), of));
}

/** As above, wherever; asks nobody whether they may. */
export async function readItems(which: SQL | undefined): Promise<ReviewItem[]> {
  const { db } = connections();
  const rows = await db.select().from(reviews).where(which).orderBy(desc(reviews.id)).limit(LISTED_MAX);
  const decisions = await readDecisions(
    db,
    rows.map(({ id }) => id),
  );
  const names = await namesOf(db, rows);
  return Promise.all(
    rows.map(async (row) => {
      const own = decisions.filter(({ reviewId }) => reviewId === row.id);
      // what is settled needs no look at its subject
      const isOpen = !row.approvedAt && !row.closedAt && own.length > 0;
      const standing = isOpen ? standingOf(own, (await readReviewed(db, row, false)).digest) : [];
      return toItem(row, stateOf(row, standing), names);
    }),
  );
}

/** The row of a review, by its number in the project or its id. Throws `not-found`. */
export async function requireReview(db: Executor, projectId: string, named: string): Promise<ReviewRow> {
  const number = /^[1-9]\d{0,8}$/.test(named) ? Number(named) : null;
  const which = isUuid(named) ? eq(reviews.id, named) : number === null ? null : eq(reviews.number, number);
  const [row] = which
    ? await db
        .select()
        .from(reviews)
        .where(and(eq(reviews.projectId, projectId), which))
    : [];
  if (!row) throw new ProblemError("not-found", `this project has no review ${JSON.stringify(named)}`);
  return row;
}

/** One review, by its number or id. Throws `not-found`. */
export async function getReview(actor: Actor, projectId: string, named: string): Promise<Review> {
  authorise(actor, "reviews.read", projectId);
  const { db } = connections();
  return presentReview(db, await requireReview(db, projectId, named));
}

export async function presentReview(db: Executor, row: ReviewRow): Promise<Review> {
  const [decisions, names, [project]] = await Promise.all([
    readDecisions(db, [row.id]),
    namesOf(db, [row]),
    db.select({ slug: projects.slug }).from(projects).where(eq(projects.id, row.projectId)),
  ]);
  // what was approved is locked, and maybe gone: nothing that was decided on it is stale
  const digest = row.approvedAt ? null : (await readReviewed(db, row, false)).digest;
  const standing = digest === null ? [] : standingOf(decisions, digest);
  return {
    ...toItem(row, stateOf(row, standing), names),
    about: row.about,
    chosenRun: row.chosenRunId,
    decisions: decisions.map((one) => ({
      id: one.id,
      approves: one.approves,
      word: one.word,
      by: one.decidedBy,
      byActor: one.decidedByActor,
      at: one.decidedAt.toISOString(),
      isStale: digest !== null && one.stateDigest !== digest,
    })),
    conclusion: row.conclusion as Conclusion | null,
    url: reviewLink(project!.slug, row.number),
  };
}

/** The whole address of a review's page, for whoever stands outside the site. */
export const reviewLink = (slug: string, number: number): string =>
  `${origin()}/projects/${encodeURIComponent(slug)}/reviews/${number}`;

export const readDecisions = (db: Executor, ids: string[]) =>
  db
    .select()
    .from(reviewDecisions)
    .where(inArray(reviewDecisions.reviewId, ids))
    .orderBy(asc(reviewDecisions.id))
    .limit(5_000);

/** Of the members who were asked; one who has left is none any more. */
async function namesOf(db: Executor, rows: ReviewRow[]): Promise<Map<string, string>> {
  const ids = [...new Set(rows.flatMap(({ reviewers }) => reviewers))];
  const found = await db.select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, ids));
  return new Map(found.map(({ id, name }) => [id, name]));
}

const toItem = (row: ReviewRow, state: ReviewItem["state"], names: Map<string, string>): ReviewItem => ({
  id: row.id,
  number: row.number,
  kind: row.subjectKind,
  subjects: row.subjectIds,
  title: row.title,
  state,
  askedBy: row.askedBy,
  askedByActor: row.askedByActor,
  askedAt: row.askedAt.toISOString(),
  approvedAt: row.approvedAt?.toISOString() ?? null,
  closedAt: row.closedAt?.toISOString() ?? null,
  reviewers: row.reviewers.flatMap((id) => {
    const name = names.get(id);
    return name === undefined ? [] : [{ id, name }];
  }),
});
