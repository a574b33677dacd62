/** Studies: made as drafts, changed until a trial is asked for, opened, paused. */
import { and, desc, eq, max, sql } from "drizzle-orm";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import { loops, studies, trials } from "../../db/schema/studies.ts";
import { type Actor, actorKey } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise, type Permission, reaches } from "../access/permissions.ts";
import { requireStill } from "../access/standing.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { oncePerPage } from "../once.ts";
import { origin } from "../origin.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import type { Config } from "../wire/base/config.ts";
import type { StudyParameter, StudySearch, StudyStopping } from "../wire/studies/parameters.ts";
import { type Study, type StudyPlan, studyCreateSchema, studyUpdateSchema } from "../wire/studies/studies.ts";
import type { TrialStatus } from "../wire/studies/trials.ts";
import { requirePlan } from "./plan.ts";
import { requireReasons } from "./reasons.ts";

export type StudyRow = typeof studies.$inferSelect;

/** Fields that stay open to change once a trial was asked for. */
const open = ["trialsBudget", "labels", "memoryGib", "priority", "hypothesis", "title"] as const;

/** Makes a study as a draft. Throws by name what of its plan can't be. */
export async function createStudy(actor: Actor, input: unknown): Promise<Study> {
  authorise(actor, "studies.write");
  const { project: named, ...plan } = parse(studyCreateSchema, input);
  const project = await requireProject(actor, named);
  authorise(actor, "studies.write", project.id);
  requirePlan(plan);
  await requireKnown(actor, project.id, plan);
  const id = uuidv7();
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "studies.write", project.id);
    // one at a time, so that numbers have no gap
    await tx.select({ id: projects.id }).from(projects).where(eq(projects.id, project.id)).for("no key update");
    const [last] = await tx
      .select({ number: max(studies.number) })
      .from(studies)
      .where(eq(studies.projectId, project.id));
    await tx.insert(studies).values({
      ...toColumns(plan),
      id,
      projectId: project.id,
      number: (last?.number ?? 0) + 1,
      hypothesisAt: plan.hypothesis.trim() === "" ? null : sql`now()`,
      createdBy: actor.name,
      createdByActor: actorKey(actor),
    });
    await recordAct(tx, actor, {
      action: "study.create",
      subject: `study:${id}`,
      projectId: project.id,
      detail: { title: plan.title },
    });
  });
  return requireStudy(actor, id);
}

/** The columns that hold a plan. */
function toColumns(plan: StudyPlan) {
  const { parent, manifest, objective, ...same } = plan;
  return { ...same, parentId: parent, manifestId: manifest, ...objective };
}

/** Throws by name what the plan refers to that isn't in the project. */
async function requireKnown(
  actor: Actor,
  projectId: string,
  { parent, manifest }: { parent?: string | null | undefined; manifest?: string | null | undefined },
): Promise<void> {
  if (manifest) await requireManifest(actor, projectId, manifest);
  if (!parent) return;
  const [before] = await connections().db.select().from(studies).where(eq(studies.id, parent));
  if (before?.projectId !== projectId) throw invalid("parent", `${parent} is no study of this project`);
}

type StudyWithFacts = {
  study: StudyRow;
  slug: string;
  counts: Partial<Record<TrialStatus, number>>;
  firstTrialAt: string | null;
};

// by plain names: in a select with a join Drizzle qualifies each column by its table
const facts = {
  study: studies,
  slug: projects.slug,
  counts: sql<Partial<Record<TrialStatus, number>>>`coalesce((select jsonb_object_agg(c.status, c.n) from (
    select t.status, count(*)::int as n from trials t where t.study_id = ${studies.id} group by 1) c), '{}')`,
  firstTrialAt: sql<string | null>`(select min(t.created_at) from trials t where t.study_id = ${studies.id})`,
};

/** One study. Throws `not-found` for one that the actor may not know of. */
export async function requireStudy(actor: Actor, id: string, permission: Permission = "studies.read"): Promise<Study> {
  authorise(actor, permission);
  const found = isUuid(id) ? await readStudy(id) : undefined;
  if (!found || !reaches(actor, found.study.projectId))
    throw new ProblemError("not-found", `there is no study ${JSON.stringify(id)} that you may read`);
  authorise(actor, permission, found.study.projectId);
  return toStudy(found);
}

const readStudy = oncePerPage(async (id: string) => {
  const [found] = await connections()
    .db.select(facts)
    .from(studies)
    .innerJoin(projects, sql`${projects.id} = ${studies.projectId} and ${projects.deletedAt} is null`)
    .where(eq(studies.id, id));
  return found;
});

/** A study by its number in its project; null: there is none. */
export async function findStudy(actor: Actor, projectId: string, number: number): Promise<Study | null> {
  authorise(actor, "studies.read", projectId);
  const [found] = await connections()
    .db.select(facts)
    .from(studies)
    .innerJoin(projects, sql`${projects.id} = ${studies.projectId} and ${projects.deletedAt} is null`)
    .where(and(eq(studies.projectId, projectId), eq(studies.number, number)));
  return found ? toStudy(found) : null;
}

/** A project's studies, the newest first, at most 1,000. */
export async function listStudies(actor: Actor, projectNamed: string | undefined): Promise<Study[]> {
  const project = await requireProject(actor, projectNamed);
  authorise(actor, "studies.read", project.id);
  const rows = await connections()
    .db.select(facts)
    .from(studies)
    .innerJoin(projects, eq(projects.id, studies.projectId))
    .where(eq(studies.projectId, project.id))
    .orderBy(desc(studies.number))
    .limit(1000);
  return rows.map(toStudy);
}

/** Changes a study. Once a trial was asked for, only what doesn't change what the others were asked for. */
export async function updateStudy(actor: Actor, id: string, input: unknown): Promise<Study> {
  const before = await requireStudy(actor, id, "studies.write");
  const { status, ...changes } = parse(studyUpdateSchema, input);
  const row = await readRow(id);
  await requireKnown(actor, row.projectId, changes);
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "studies.write", row.projectId);
    const [locked] = await tx.select().from(studies).where(eq(studies.id, id)).for("update");
    if (!locked) throw new ProblemError("not-found", "the study was deleted");
    if (locked.status === "concluded")
      throw new ProblemError("conflict", "the study is concluded; make one that follows it");
    const begun = await tx.select({ id: trials.id }).from(trials).where(eq(trials.studyId, id)).limit(1);
    const looped = await tx.select({ id: loops.studyId }).from(loops).where(eq(loops.studyId, id));
    if (begun.length + looped.length > 0) requireStillOpen(changes);
    const plan = { ...planOf(before), ...changes };
    requirePlan(plan);
    if (status === "open") {
      requireReady(plan);
      await requireReasons(tx, id, plan);
    }
    const hypothesisAt = changes.hypothesis === undefined ? {} : { hypothesisAt: sql`now()` };
    await tx
      .update(studies)
      .set({
        ...toColumns(plan),
        ...hypothesisAt,
        ...(status && { status }),
        ...(status === "open" && { openedAt: sql`coalesce(${studies.openedAt}, now())` }),
      })
      .where(eq(studies.id, id));
    await recordUpdate(tx, actor, locked, { ...changes, ...(status && { status }) });
  });
  return requireStudy(actor, id);
}

/** Opening is shut until the question can be answered: RIGOUR P1. */
function requireReady({ space, manifest, mode }: Pick<StudyPlan, "space" | "manifest" | "mode">): void {
  if (manifest === null)
    throw new ProblemError(
      "conflict",
      "manifest: the study names none; choose the split that its trials are measured on",
      [{ field: "manifest", detail: "is missing; choose the split that its trials are measured on" }],
    );
  if (space.length === 0 && mode !== "loop")
    throw new ProblemError("conflict", "space: the study searches nothing; add a parameter", [
      { field: "space", detail: "is empty; add a parameter" },
    ]);
}

function requireStillOpen(changes: Partial<StudyPlan>): void {
  const shut = Object.keys(changes).find((name) => !open.includes(name as never));
  if (shut === undefined) return;
  const detail = "can't change once a trial was asked for or the loop has begun; make a study that follows this one";
  throw new ProblemError("conflict", `${shut}: ${detail}`, [{ field: shut, detail }]);
}

async function recordUpdate(
  tx: Executor,
  actor: Actor,
  row: StudyRow,
  changes: Record<string, unknown>,
): Promise<void> {
  const columns: Record<string, unknown> = {
    ...row,
    parent: row.parentId,
    manifest: row.manifestId,
    objective: { metric: row.metric, split: row.split, direction: row.direction },
  };
  const from = Object.fromEntries(Object.keys(changes).map((name) => [name, columns[name] ?? null]));
  await recordAct(tx, actor, {
    action: "study.update",
    subject: `study:${row.id}`,
    projectId: row.projectId,
    detail: { from, to: changes },
  });
}

export async function readRow(id: string): Promise<StudyRow> {
  const [row] = await connections().db.select().from(studies).where(eq(studies.id, id));
  if (!row) throw new ProblemError("not-found", `there is no study ${id}`);
  return row;
}

/** What a study plans, of the study as the wire has it. */
export const planOf = (study: Study): StudyPlan => ({
  title: study.title,
  question: study.question,
  stage: study.stage,
  mode: study.mode,
  parent: study.parent,
  manifest: study.manifest,
  base: study.base,
  space: study.space,
  objective: study.objective,
  search: study.search,
  stopping: study.stopping,
  trialsBudget: study.trialsBudget,
  replicates: study.replicates,
  stepsBudget: study.stepsBudget,
  smallestDifference: study.smallestDifference,
  labels: study.labels,
  memoryGib: study.memoryGib,
  priority: study.priority,
  hypothesis: study.hypothesis,
});

const isoOf = (at: Date | null): string | null => at?.toISOString() ?? null;

function toStudy({ study: row, slug, counts, firstTrialAt }: StudyWithFacts): Study {
  const zeros = { queued: 0, running: 0, finished: 0, failed: 0, stopped: 0, cancelled: 0 };
  return {
    id: row.id,
    project: slug,
    number: row.number,
    title: row.title,
    question: row.question,
    stage: row.stage,
    mode: row.mode,
    parent: row.parentId,
    manifest: row.manifestId,
    base: row.base as Config,
    space: row.space as StudyParameter[],
    objective: { metric: row.metric, split: row.split, direction: row.direction },
    search: row.search as StudySearch,
    stopping: row.stopping as StudyStopping,
    trialsBudget: row.trialsBudget,
    replicates: row.replicates,
    stepsBudget: row.stepsBudget,
    smallestDifference: row.smallestDifference,
    labels: row.labels,
    memoryGib: row.memoryGib,
    priority: row.priority,
    hypothesis: row.hypothesis,
    hypothesisAt: isoOf(row.hypothesisAt),
    isHypothesis:
      row.hypothesisAt !== null && (firstTrialAt === null || row.hypothesisAt.getTime() <= Date.parse(firstTrialAt)),
    status: row.status,
    conclusion: row.conclusion,
    decision: row.decision,
    chosenTrial: row.chosenTrialId,
    chosenRun: row.chosenRunId,
    concludedBy: row.concludedBy,
    concludedAt: isoOf(row.concludedAt),
    approvedAt: isoOf(row.approvedAt),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    openedAt: isoOf(row.openedAt),
    trials: { ...zeros, ...counts },
    url: `${origin()}/projects/${encodeURIComponent(slug)}/studies/${row.number}`,
  };
}
