/** A project's history, read of its studies, claims and reviews. It holds no number of an evaluation. */
import { and, asc, count, eq, inArray, isNotNull, isNull, min } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { claims } from "../../db/schema/champions.ts";
import { manifestRegistrations } from "../../db/schema/manifests.ts";
import { reviewDecisions, reviews } from "../../db/schema/reviews.ts";
import { runs } from "../../db/schema/runs.ts";
import { studies, trials } from "../../db/schema/studies.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { readAdoptedRuns } from "../studies/adopted.ts";
import { configOf } from "../studies/plan.ts";
import type { Config } from "../wire/base/config.ts";
import type { History, HistoryDecision, HistoryStudy } from "../wire/reviews/history.ts";
import type { StudyAssignment, StudyParameter } from "../wire/studies/parameters.ts";
import { changesOf, inOrder, type State } from "./history-tree.ts";

const STUDIES_MAX = 1_000;
const DECISIONS_MAX = 1_000;

export async function readHistory(actor: Actor, project: { id: string; slug: string }): Promise<History> {
  authorise(actor, "reviews.read", project.id);
  const approvals = await readApprovals(project.id);
  const [rows, decisions] = await Promise.all([readStudies(project.id, approvals), readDecided(project.id, approvals)]);
  return { project: project.slug, studies: rows, decisions };
}

type Approved = { review: typeof reviews.$inferSelect; approval: NonNullable<HistoryStudy["approval"]> };

/** The approved reviews of a project, the oldest first, with who approved and what they said. */
async function readApprovals(projectId: string): Promise<Approved[]> {
  const { db } = connections();
  const rows = await db
    .select()
    .from(reviews)
    .where(and(eq(reviews.projectId, projectId), isNotNull(reviews.approvedAt)))
    .orderBy(asc(reviews.approvedAt), asc(reviews.id))
    .limit(DECISIONS_MAX);
  const yes = await db
    .select()
    .from(reviewDecisions)
    .where(
      and(
        inArray(
          reviewDecisions.reviewId,
          rows.map(({ id }) => id),
        ),
        eq(reviewDecisions.approves, true),
      ),
    )
    .orderBy(asc(reviewDecisions.id))
    .limit(5 * DECISIONS_MAX);
  return rows.map((review) => {
    const own = yes.filter(({ reviewId }) => reviewId === review.id);
    const by = [...new Set(own.map(({ decidedBy }) => decidedBy))];
    const words = own.map(({ word }) => word).filter((word) => word.trim() !== "");
    return { review, approval: { review: review.number, by, words, at: review.approvedAt!.toISOString() } };
  });
}

async function readStudies(projectId: string, approvals: Approved[]): Promise<HistoryStudy[]> {
  const { db } = connections();
  const [rows, counts, chosen, held, names] = await Promise.all([
    db.select().from(studies).where(eq(studies.projectId, projectId)).orderBy(asc(studies.number)).limit(STUDIES_MAX),
    db
      .select({ studyId: trials.studyId, trials: count(), first: min(trials.createdAt) })
      .from(trials)
      .where(and(eq(trials.projectId, projectId), isNotNull(trials.studyId)))
      .groupBy(trials.studyId),
    db
      .select({ study: studies.id, values: trials.values, run: { id: runs.id, name: runs.name } })
      .from(studies)
      .innerJoin(trials, eq(trials.id, studies.chosenTrialId))
      .leftJoin(runs, and(eq(runs.id, trials.runId), isNull(runs.deletedAt)))
      .where(eq(studies.projectId, projectId)),
    readHeld(projectId),
    db
      .select({ id: manifestRegistrations.manifestId, name: manifestRegistrations.name })
      .from(manifestRegistrations)
      .where(eq(manifestRegistrations.projectId, projectId)),
  ]);
  const manifestNames = new Map(names.map(({ id, name }) => [id, name]));
  const choiceOf = new Map(chosen.map((one) => [one.study, one]));
  const countOf = new Map(counts.map((one) => [one.studyId, one]));
  const numberOf = new Map(rows.map(({ id, number }) => [id, number]));
  const base = (row: (typeof rows)[number]): State => ({
    config: row.base as Config,
    manifest: row.manifestId && (manifestNames.get(row.manifestId) ?? row.manifestId.slice(0, 12)),
    objective: `${row.split}/${row.metric} ${row.direction}`,
  });
  const handedOn = new Map(
    rows.map((row) => {
      const state = base(row);
      if (row.decision === "reject") return [row.id, state];
      const adopted = held.configs.get(row.id);
      if (adopted) return [row.id, { ...state, config: adopted.config }];
      const values = choiceOf.get(row.id)?.values as StudyAssignment | null | undefined;
      if (!values) return [row.id, state];
      return [row.id, { ...state, config: configOf(state.config, row.space as StudyParameter[], values) }];
    }),
  );
  return inOrder(rows).map(({ study: row, depth }): HistoryStudy => {
    const tried = countOf.get(row.id);
    const before = (row.parentId && handedOn.get(row.parentId)) || base(row);
    const approved = approvals.filter(({ review }) => review.subjectIds.includes(row.id)).at(-1);
    return {
      id: row.id,
      number: row.number,
      title: row.title,
      question: row.question,
      parent: (row.parentId && numberOf.get(row.parentId)) || null,
      depth,
      status: row.status,
      trials: tried?.trials ?? 0,
      hypothesis: row.hypothesis,
      isHypothesis: row.hypothesisAt !== null && (!tried?.first || row.hypothesisAt < tried.first),
      decision: row.decision,
      conclusion: row.conclusion,
      concludedBy: row.concludedBy,
      concludedAt: row.concludedAt?.toISOString() ?? null,
      chosen: choiceOf.get(row.id)?.run ?? held.runs.get(row.id) ?? null,
      changes: changesOf(before, handedOn.get(row.id)!),
      approval: approved?.approval ?? null,
      at: row.createdAt.toISOString(),
    };
  });
}

/** What loops held when their studies adopted it, by study. A run that is gone is left out; its config isn't. */
async function readHeld(projectId: string) {
  const rows = await connections()
    .db.select({ study: studies.id, run: { id: runs.id, name: runs.name } })
    .from(studies)
    .leftJoin(runs, and(eq(runs.id, studies.chosenRunId), isNull(runs.deletedAt)))
    .where(and(eq(studies.projectId, projectId), isNotNull(studies.chosenRunId)))
    .limit(STUDIES_MAX);
  const configs = await readAdoptedRuns(rows.map(({ study }) => study));
  return { configs, runs: new Map(rows.map(({ study, run }) => [study, run])) };
}

/** Claims, and approved reviews of runs, the oldest first. */
async function readDecided(projectId: string, approvals: Approved[]): Promise<HistoryDecision[]> {
  const { db } = connections();
  const claimed = await db
    .select({ claim: claims, run: { id: runs.id, name: runs.name } })
    .from(claims)
    .leftJoin(runs, and(eq(runs.id, claims.runId), isNull(runs.deletedAt)))
    .where(eq(claims.projectId, projectId))
    .orderBy(asc(claims.id))
    .limit(DECISIONS_MAX);
  const ofRuns = approvals.filter(({ review }) => review.subjectKind === "runs");
  const named = await db
    .select({ id: runs.id, name: runs.name })
    .from(runs)
    .where(
      and(
        isNull(runs.deletedAt),
        inArray(
          runs.id,
          ofRuns.flatMap(({ review }) => review.chosenRunId ?? []),
        ),
      ),
    );
  const fromClaims = claimed.map(
    ({ claim, run }): HistoryDecision => ({
      kind: "claim",
      number: claim.number,
      title: run?.name ?? "",
      reason: claim.reason,
      by: claim.claimedBy,
      run,
      approval: approvals.find(({ review }) => review.subjectIds.includes(claim.id))?.approval ?? null,
      at: claim.claimedAt.toISOString(),
    }),
  );
  const fromReviews = ofRuns.map(
    ({ review, approval }): HistoryDecision => ({
      kind: "review",
      number: review.number,
      title: review.title,
      reason: review.about,
      by: review.askedBy,
      run: named.find(({ id }) => id === review.chosenRunId) ?? null,
      approval,
      at: approval.at,
    }),
  );
  return [...fromClaims, ...fromReviews].sort((a, b) => (a.at < b.at ? -1 : 1));
}
