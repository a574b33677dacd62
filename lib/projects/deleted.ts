/** Deleting a project: at first it is only hidden, and can be had back; purging is for good. */
import { and, desc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { tombstones } from "../../db/schema/final.ts";
import { projects } from "../../db/schema/projects.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { removeUnusedBlobs } from "../blobs/blobs.ts";
import { ProblemError } from "../problem.ts";

/** Hides a project with everything in it; its tokens stop working. May be repeated. */
export async function deleteProject(actor: Actor, projectId: string): Promise<void> {
  authorise(actor, "projects.delete", projectId);
  await setDeleted(actor, projectId, true);
}

/** Undoes `deleteProject`. May be repeated. */
export async function restoreProject(actor: Actor, projectId: string): Promise<void> {
  authorise(actor, "projects.delete", projectId);
  await setDeleted(actor, projectId, false);
}

async function setDeleted(actor: Actor, projectId: string, deleted: boolean): Promise<void> {
  await connections().db.transaction(async (tx) => {
    const [changed] = await tx
      .update(projects)
      .set({ deletedAt: deleted ? sql`now()` : null })
      .where(and(eq(projects.id, projectId), deleted ? isNull(projects.deletedAt) : isNotNull(projects.deletedAt)))
      .returning();
    if (!changed) return;
    const action = deleted ? "project.delete" : "project.restore";
    const [from, to] = deleted ? ["kept", "deleted"] : ["deleted", "kept"];
    const detail = { name: changed.name, from, to };
    await recordAct(tx, actor, { action, subject: `project:${projectId}`, projectId, detail });
  });
}

export type DeletedProject = { id: string; name: string; deletedAt: string };

/** Deleted projects that can be had back, the latest deleted first, at most 200. */
export async function listDeletedProjects(actor: Actor): Promise<DeletedProject[]> {
  authorise(actor, "projects.delete");
  const rows = await connections()
    .db.select({ id: projects.id, name: projects.name, deletedAt: projects.deletedAt })
    .from(projects)
    .where(isNotNull(projects.deletedAt))
    .orderBy(desc(projects.deletedAt))
    .limit(200);
  return rows.map((row) => ({ ...row, deletedAt: row.deletedAt!.toISOString() }));
}

/**
 * Removes a deleted project for good: its runs, points, files, and the manifests that no other project holds. A
 * tombstone, its looks and the audit stay. Throws `conflict` for one that isn't deleted.
 */
export async function purgeProject(actor: Actor, projectId: string): Promise<void> {
  authorise(actor, "projects.purge", projectId);
  await connections().db.transaction(async (tx) => {
    const [project] = await tx.select().from(projects).where(eq(projects.id, projectId)).for("update");
    if (!project) throw new ProblemError("not-found", "there is no project with that id");
    if (!project.deletedAt) throw new ProblemError("conflict", `${project.name} isn't deleted; delete it first`);
    await tx.execute(sql`
      insert into tombstones (id, kind, project_id, name, config, purged_by)
      select id, 'run', project_id, name, config, ${actor.name} from runs where project_id = ${projectId}`);
    const { id, name } = project;
    await tx.insert(tombstones).values({ id, kind: "project", projectId, name, purgedBy: actor.name });
    const detail = { name, from: "deleted", to: "purged" };
    await recordAct(tx, actor, { action: "project.purge", subject: `project:${id}`, projectId, detail });
    await tx.execute(sql`select purge_project(${projectId}::uuid)`);
  });
  await removeUnusedBlobs();
}
