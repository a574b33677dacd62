/** A project's settings: a change of them reaches its runs, their best steps and what the table knows of them. */
import { and, eq, isNull } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { forgetBest } from "../metrics/values-at-best.ts";
import { ProblemError, parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import { storeReplicateKeys } from "../runs/values.ts";
import { type Project, type ProjectUpdate, projectUpdateSchema } from "../wire/projects.ts";

/** Changes name, description, primary metric or what counts between replicates; the slug stays. */
export async function updateProject(actor: Actor, projectId: string, input: unknown): Promise<Project> {
  authorise(actor, "projects.update", projectId);
  const change: ProjectUpdate = parse(projectUpdateSchema, input);
  const { db } = connections();
  await db.transaction(async (tx) => {
    if (Object.keys(change).length === 0) return;
    const changed = await tx
      .update(projects)
      .set(change)
      .where(and(eq(projects.id, projectId), isNull(projects.deletedAt)))
      .returning();
    if (changed.length === 0) throw new ProblemError("not-found", "there is no project with that id");
    if ("primaryMetric" in change || "primarySplit" in change || "primaryDirection" in change)
      await forgetBest(tx, projectId);
    if (change.replicateIgnores) await storeReplicateKeys(tx, { project: projectId });
    const subject = `project:${projectId}`;
    await recordAct(tx, actor, { action: "project.update", subject, projectId, detail: change });
  });
  return requireProject(actor, projectId);
}
