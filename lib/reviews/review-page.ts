/** All that the page of a review shows: what is reviewed by its names, and the talk about it. */
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { claims } from "../../db/schema/champions.ts";
import { runs } from "../../db/schema/runs.ts";
import { loopRuns, studies, trials } from "../../db/schema/studies.ts";
import type { MemberActor } from "../access/actor.ts";
import type { RunStatus } from "../wire/base/words.ts";
import type { Subject } from "../wire/reviews/anchors.ts";
import type { Review } from "../wire/reviews/reviews.ts";
import type { Thread } from "../wire/reviews/threads.ts";
import type { StudyDecision } from "../wire/studies/studies.ts";
import { readReader, type ThreadReader } from "./panel.ts";
import { getReview } from "./read-reviews.ts";
import { isOnAny, readThreads } from "./read-threads.ts";
import { seenAt } from "./seen.ts";

export type NamedRun = { id: string; name: string; status: RunStatus; isDeleted: boolean };
export type ReviewedStudy = {
  id: string;
  number: number;
  title: string;
  question: string;
  hypothesis: string;
  /** Whether it was written before the first trial; else it is a note. */
  isHypothesis: boolean;
  status: string;
  conclusion: string;
  decision: StudyDecision | null;
  trials: number;
};
export type ReviewedClaim = { id: string; number: number; manifest: string; reason: string };

export type ReviewPage = {
  review: Review;
  study: ReviewedStudy | null;
  claim: ReviewedClaim | null;
  /** Those under review, the chosen one of a study, the claim's, and those that threads hang on. */
  runs: NamedRun[];
  chosenRun: string | null;
  threads: Thread[];
  reader: ThreadReader;
  /** When the reader last looked; null: never. */
  seenAt: string | null;
};

/** The trials' runs, and those of a loop, whose threads are gathered on a study's review. */
const TRIALS_MAX = 1_000;

/** Throws `not-found` where the project has no such review. */
export async function readReviewPage(member: MemberActor, projectId: string, named: string): Promise<ReviewPage> {
  const review = await getReview(member, projectId, named);
  const [id = ""] = review.subjects;
  const [study, claim] = await Promise.all([
    review.kind === "study" ? readStudy(id) : null,
    review.kind === "claim" ? readClaim(id) : null,
  ]);
  const own = review.kind === "runs" ? review.subjects : (study?.runIds ?? (claim ? [claim.runId] : []));
  const subjects: Subject[] = [{ kind: "review", id: review.id }];
  if (review.kind !== "runs") subjects.push({ kind: review.kind, id });
  const [threads, reader, seen] = await Promise.all([
    readThreads(member, projectId, isOnAny(subjects, own)),
    readReader(member, projectId),
    seenAt(member, review.id),
  ]);
  const chosenRun = review.conclusion?.chosenRun ?? study?.chosenRun ?? claim?.runId ?? review.chosenRun;
  const shown = review.kind === "runs" ? review.subjects : [];
  const wanted = [...shown, ...(chosenRun ? [chosenRun] : []), ...threads.flatMap(({ run }) => run ?? [])];
  return {
    review,
    study: study?.study ?? null,
    claim: claim?.claim ?? null,
    runs: await readRuns(projectId, wanted),
    chosenRun,
    threads,
    reader,
    seenAt: seen,
  };
}

async function readStudy(id: string) {
  const { db } = connections();
  const [[row], tried, handed] = await Promise.all([
    db.select().from(studies).where(eq(studies.id, id)),
    db
      .select({ id: trials.id, runId: trials.runId, createdAt: trials.createdAt })
      .from(trials)
      .where(eq(trials.studyId, id))
      .orderBy(asc(trials.id))
      .limit(TRIALS_MAX),
    db
      .select({ runId: loopRuns.runId })
      .from(loopRuns)
      .where(eq(loopRuns.studyId, id))
      .orderBy(asc(loopRuns.number))
      .limit(TRIALS_MAX),
  ]);
  if (!row) return null;
  const first = tried[0]?.createdAt;
  const study: ReviewedStudy = {
    id,
    number: row.number,
    title: row.title,
    question: row.question,
    hypothesis: row.hypothesis,
    isHypothesis: row.hypothesisAt !== null && (first === undefined || row.hypothesisAt < first),
    status: row.status,
    conclusion: row.conclusion,
    decision: row.decision,
    trials: tried.length,
  };
  const chosenRun = row.chosenRunId ?? tried.find((one) => one.id === row.chosenTrialId)?.runId ?? null;
  return { study, chosenRun, runIds: [...tried, ...handed].map(({ runId }) => runId) };
}

async function readClaim(id: string) {
  const [row] = await connections().db.select().from(claims).where(eq(claims.id, id));
  if (!row) return null;
  const claim: ReviewedClaim = { id, number: row.number, manifest: row.manifestId, reason: row.reason };
  return { claim, runId: row.runId };
}

async function readRuns(projectId: string, ids: string[]): Promise<NamedRun[]> {
  const unique = [...new Set(ids)];
  const rows = await connections()
    .db.select({
      id: runs.id,
      name: runs.name,
      status: runs.status,
      isDeleted: sql<boolean>`${runs.deletedAt} is not null`,
    })
    .from(runs)
    .where(and(eq(runs.projectId, projectId), inArray(runs.id, unique)));
  // in the order in which they were asked for; a purged one is left out
  return unique.flatMap((id) => rows.find((row) => row.id === id) ?? []);
}
