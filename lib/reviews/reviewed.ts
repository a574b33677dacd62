/** What is under review: whether it is there, what of it is decided on, and who it is by. */
import { createHash } from "node:crypto";
import { and, eq, inArray } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { claims } from "../../db/schema/champions.ts";
import type { reviews } from "../../db/schema/reviews.ts";
import { runs } from "../../db/schema/runs.ts";
import { studies, trials } from "../../db/schema/studies.ts";
import { ProblemError } from "../problem.ts";
import type { Conclusion, ReviewKind } from "../wire/reviews/reviews.ts";

export type ReviewRow = typeof reviews.$inferSelect;
type Asked = Pick<ReviewRow, "projectId" | "subjectKind" | "subjectIds" | "about" | "chosenRunId">;

/** Throws `not-found` for a subject that the project doesn't have, and `gone` for a deleted run, each by its id. */
export async function requireReviewed(projectId: string, kind: ReviewKind, ids: readonly string[]): Promise<void> {
  const { db } = connections();
  const table = kind === "study" ? studies : claims;
  const found =
    kind === "runs"
      ? await db
          .select({ id: runs.id, deletedAt: runs.deletedAt })
          .from(runs)
          .where(and(eq(runs.projectId, projectId), inArray(runs.id, [...ids])))
      : (
          await db
            .select({ id: table.id })
            .from(table)
            .where(and(eq(table.projectId, projectId), inArray(table.id, [...ids])))
        ).map(({ id }) => ({ id, deletedAt: null }));
  const name = kind === "runs" ? "run" : kind;
  for (const id of ids) {
    const one = found.find((row) => row.id === id);
    const field = (detail: string) => [{ field: "subjects", detail }];
    if (!one) {
      const detail = `this project has no ${name} ${id}`;
      throw new ProblemError("not-found", `subjects: ${detail}`, field(detail));
    }
    if (one.deletedAt) {
      const detail = `run ${id} is deleted; restore it in its project's settings first`;
      throw new ProblemError("gone", `subjects: ${detail}`, field(detail));
    }
  }
}

/** What a decision is on: `digest` is another once any of it changes. */
export type Reviewed = {
  digest: string;
  conclusion: Conclusion;
  /** Why it can't be approved yet; null: it can. */
  notYet: string | null;
  /** Who made what is reviewed, by name or `member:ID`: they don't approve it either. */
  madeBy: { name?: string | null; actor?: string | null };
};

/** Within a transaction the study is locked, so that nobody changes what is being approved. */
export async function readReviewed(db: Executor, review: Asked, lock: boolean): Promise<Reviewed> {
  const { about, chosenRunId } = review;
  const [id = ""] = review.subjectIds;
  if (review.subjectKind === "study") return ofStudy(db, id, about, lock);
  const base = [review.subjectKind, review.subjectIds, about, chosenRunId];
  const digest = digestOf(base);
  if (review.subjectKind === "runs")
    return { digest, conclusion: { about, conclusion: null, chosenRun: chosenRunId }, notYet: null, madeBy: {} };
  const [claim] = await db.select().from(claims).where(eq(claims.id, id));
  const conclusion = { about, conclusion: null, chosenRun: claim?.runId ?? null };
  return { digest, conclusion, notYet: null, madeBy: { actor: claim?.claimedByActor ?? null } };
}

async function ofStudy(db: Executor, id: string, about: string, lock: boolean): Promise<Reviewed> {
  const query = db.select().from(studies).where(eq(studies.id, id));
  const [study] = await (lock ? query.for("update") : query);
  if (!study) throw new ProblemError("not-found", `study ${id} is gone`);
  const { question, hypothesis, conclusion, decision, chosenTrialId, chosenRunId } = study;
  const [chosen] = chosenTrialId
    ? await db.select({ run: trials.runId }).from(trials).where(eq(trials.id, chosenTrialId))
    : [{ run: chosenRunId }];
  const parts = ["study", id, about, question, hypothesis, conclusion, decision, chosenTrialId];
  return {
    // a study without a loop's choice has the digest that it always had
    digest: digestOf(chosenRunId === null ? parts : [...parts, chosenRunId]),
    conclusion: { about, conclusion, chosenRun: chosen?.run ?? null },
    notYet: study.status === "concluded" ? null : "the study is not concluded: write what came of it first",
    madeBy: { name: study.concludedBy },
  };
}

const digestOf = (parts: unknown[]): string => createHash("sha256").update(JSON.stringify(parts)).digest("hex");
