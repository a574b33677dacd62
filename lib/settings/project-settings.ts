/** A project's settings: a change of them reaches its runs, their best steps and what the table knows of them. */
import { and, eq, isNull } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import type { Actor } from "../access/actor.ts";
import { changeOf, recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { hasLooksAtTestsOf, lockLooks } from "../looks/looks.ts";
import { findManifest } from "../manifests/manifests.ts";
import { forgetBest } from "../metrics/values-at-best.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import { storeReplicateKeys } from "../runs/values.ts";
import { type Project, type ProjectUpdate, projectUpdateSchema } from "../wire/projects.ts";

/**
 * Changes name, description, primary metric, the chosen manifest, what counts between replicates, what names of metrics mean, or the rules of its test splits; the slug stays.
 * Those rules are an admin's to change, and only before the first look: whoever saw a number could choose by it.
 */
export async function updateProject(actor: Actor, projectId: string, input: unknown): Promise<Project> {
  authorise(actor, "projects.update", projectId);
  const change: ProjectUpdate = parse(projectUpdateSchema, input);
  const rules = (["testMode", "testBudget"] as const).filter((field) => field in change);
  if (rules.length > 0) authorise(actor, "tests.rule", projectId);
  if ("sharesReports" in change) authorise(actor, "reports.allow-shares", projectId);
  if ("keyPrefixes" in change) authorise(actor, "metrics.name", projectId);
  const { db } = connections();
  if (change.chosenManifest) await requireRegistered(actor, projectId, change.chosenManifest);
  await db.transaction(async (tx) => {
    if (Object.keys(change).length === 0) return;
    if (rules.length > 0) await requireNoLook(tx, projectId, rules[0]!);
    const living = and(eq(projects.id, projectId), isNull(projects.deletedAt));
    const [before] = await tx.select().from(projects).where(living).for("update");
    if (!before) throw new ProblemError("not-found", "there is no project with that id");
    await tx.update(projects).set(change).where(living);
    if ("primaryMetric" in change || "primarySplit" in change || "primaryDirection" in change)
      await forgetBest(tx, projectId);
    if (change.replicateIgnores) await storeReplicateKeys(tx, { project: projectId });
    const subject = `project:${projectId}`;
    await recordAct(tx, actor, { action: "project.update", subject, projectId, detail: changeOf(before, change) });
  });
  return requireProject(actor, projectId);
}

/** Whether somebody looked at a test split of the project, so that its rules hold. */
export async function areTestRulesSettled(actor: Actor, projectId: string): Promise<boolean> {
  authorise(actor, "projects.read", projectId);
  return hasLooksAtTestsOf(connections().db, projectId);
}

async function requireRegistered(actor: Actor, projectId: string, manifest: string): Promise<void> {
  if (await findManifest(await requireProject(actor, projectId), manifest)) return;
  throw invalid("chosenManifest", `${manifest} is not registered in this project; name one that is`);
}

async function requireNoLook(tx: Executor, projectId: string, field: string): Promise<void> {
  await lockLooks(tx);
  if (!(await hasLooksAtTestsOf(tx, projectId))) return;
  const detail =
    "somebody looked at a test split of this project already, and its rules hold from the first look on; " +
    "past the budget an admin confirms one look at a time";
  throw new ProblemError("conflict", `${field}: ${detail}`, [{ field, detail }]);
}
