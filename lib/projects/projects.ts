/** Projects: a task, with a primary metric and its direction. */
import { and, desc, eq, isNull, or, sql } from "drizzle-orm";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { metrics, projects } from "../../db/schema/projects.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise, reaches } from "../access/permissions.ts";
import { reachable } from "../access/reach.ts";
import { oncePerPage } from "../once.ts";
import { ProblemError, parse } from "../problem.ts";
import { type Project, type ProjectCreate, projectCreateSchema } from "../wire/projects.ts";

export type ProjectListItem = Project & { runningCount: number; lastRunAt: string | null };
type ProjectRow = typeof projects.$inferSelect;

// by plain names: in a select from one table Drizzle leaves the table out of a column's name
const runFacts = {
  runCount: sql<number>`(select count(*)::int from runs r where r.project_id = projects.id and r.deleted_at is null)`,
  runningCount: sql<number>`(select count(*)::int from runs r
    where r.project_id = projects.id and r.deleted_at is null and r.status = 'running')`,
  lastRunAt: sql<string | null>`(select max(r.created_at) from runs r
    where r.project_id = projects.id and r.deleted_at is null)`,
};

const toProject = (row: ProjectRow, runCount: number): Project => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  description: row.description,
  primaryMetric: row.primaryMetric,
  primarySplit: row.primarySplit,
  primaryDirection: row.primaryDirection,
  replicateIgnores: row.replicateIgnores,
  testMode: row.testMode,
  testBudget: row.testBudget,
  smallestDifference: row.smallestDifference,
  chosenManifest: row.chosenManifest,
  sharesReports: row.sharesReports,
  keyPrefixes: row.keyPrefixes,
  createdAt: row.createdAt.toISOString(),
  runCount,
});

/** The projects that the actor may read, newest first, at most 500; deleted ones aside. */
export async function listProjects(actor: Actor): Promise<ProjectListItem[]> {
  authorise(actor, "projects.read");
  const rows = await connections()
    .db.select({ project: projects, ...runFacts })
    .from(projects)
    .where(and(isNull(projects.deletedAt), reachable(actor, projects.id)))
    .orderBy(desc(projects.id))
    .limit(500);
  return rows.map(({ project, runCount, runningCount, lastRunAt }) => ({
    ...toProject(project, runCount),
    runningCount,
    lastRunAt: lastRunAt === null ? null : new Date(lastRunAt).toISOString(),
  }));
}

/** One project by id or slug; null if there is none that the actor may read. */
export async function getProject(actor: Actor, idOrSlug: string): Promise<Project | null> {
  authorise(actor, "projects.read");
  const row = await readProject(idOrSlug);
  if (!row || !reaches(actor, row.project.id)) return null;
  return toProject(row.project, row.runCount);
}

const readProject = oncePerPage(async (idOrSlug: string) => {
  const named = isUuid(idOrSlug)
    ? or(eq(projects.id, idOrSlug), eq(projects.slug, idOrSlug))
    : eq(projects.slug, idOrSlug);
  const [row] = await connections()
    .db.select({ project: projects, runCount: runFacts.runCount })
    .from(projects)
    .where(and(named, isNull(projects.deletedAt)));
  return row;
});

/** The project that a request names, or the token's own where it names none. Throws `invalid` or `not-found`. */
export async function requireProject(actor: Actor, idOrSlug: string | undefined): Promise<Project> {
  const named = idOrSlug ?? (actor.kind === "token" ? (actor.projectId ?? undefined) : undefined);
  if (named === undefined)
    throw new ProblemError("invalid", "project: name a project, by id or slug", [
      {
        field: "project",
        detail: "a request by a member, or by a token of the workspace, names a project, by id or slug",
      },
    ]);
  const project = await getProject(actor, named);
  if (!project) throw new ProblemError("not-found", `there is no project ${JSON.stringify(named)} that you may read`);
  return project;
}

/**
 * Creates a project; its slug is made from the name, numbered if taken. `isAlone`: throws `conflict` where a project has that
 * name, for programs that know projects by name; deleted ones count.
 */
export async function createProject(actor: Actor, input: unknown, { isAlone = false } = {}): Promise<Project> {
  authorise(actor, "projects.create");
  const given: ProjectCreate = parse(projectCreateSchema, input);
  return connections().db.transaction(async (tx) => {
    await tx.execute(sql`lock table ${projects} in share row exclusive mode`);
    if (isAlone) await requireFreeName(tx, given.name);
    const id = uuidv7();
    const slug = await freeSlug(tx, given.name);
    const [row] = await tx
      .insert(projects)
      .values({ id, slug, ...given })
      .returning();
    if (given.primaryMetric)
      await tx.insert(metrics).values({ projectId: id, name: given.primaryMetric, direction: given.primaryDirection });
    await recordAct(tx, actor, {
      action: "project.create",
      subject: `project:${id}`,
      projectId: id,
      detail: { name: given.name },
    });
    return toProject(row!, 0);
  });
}

/**
 * Letters, marks and numbers of a name, at most 60 of them. Accents of Latin letters go, as é is typed e; marks of other
 * scripts stay, since without them プ is フ, and a word of Hindi is none.
 */
const slugOf = (name: string): string =>
  [
    ...name
      .normalize("NFKD")
      .toLowerCase()
      .replace(/(?<=[\p{Script=Latin}]\p{M}*)\p{M}/gu, "")
      .normalize("NFC")
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
      .replace(/^-+|-+$/g, ""),
  ]
    .slice(0, 60)
    .join("");

async function requireFreeName(tx: Executor, name: string): Promise<void> {
  const [taken] = await tx.select({ id: projects.id }).from(projects).where(eq(projects.name, name)).limit(1);
  if (taken) throw new ProblemError("conflict", `a project has the name ${JSON.stringify(name)} already`);
}

async function freeSlug(tx: Executor, name: string): Promise<string> {
  const base = slugOf(name) || "project";
  const taken = await tx
    .select({ slug: projects.slug })
    .from(projects)
    .where(sql`${projects.slug} = ${base} or ${projects.slug} like ${`${base.replace(/[\\%_]/g, "\\$&")}-%`}`);
  const slugs = new Set(taken.map((row) => row.slug));
  if (!slugs.has(base)) return base;
  for (let number = 2; ; number++) if (!slugs.has(`${base}-${number}`)) return `${base}-${number}`;
}
