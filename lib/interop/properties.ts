/** Texts by key that a client puts on runs and projects: kept as they came, and changed as often as it likes. */
import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { projectProperties, runProperties } from "../../db/schema/interop.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { noticeRun } from "../live/notices.ts";
import { locateLivingRun } from "../runs/runs.ts";
import { groupedBy } from "./grouped.ts";

export type Property = { key: string; value: string };

const toProperty = ({ key, value }: Property): Property => ({ key, value });

/** The properties of runs, by the run's id; each run's in the order of keys. The caller knows that they may be read. */
export async function listProperties(runIds: string[]): Promise<Map<string, Property[]>> {
  if (runIds.length === 0) return new Map();
  const rows = await connections()
    .db.select()
    .from(runProperties)
    .where(sql`${runProperties.runId} = any(${sql.param(runIds)}::uuid[])`)
    .orderBy(runProperties.runId, runProperties.key);
  return groupedBy(rows, ({ runId }) => runId, toProperty);
}

/** Writes properties of a run in the caller's transaction; of a key that stands twice the last. */
export async function storeProperties(
  tx: Executor,
  run: { id: string; projectId: string },
  given: Property[],
): Promise<void> {
  const values = [...new Map(given.map(({ key, value }) => [key, value]))];
  if (values.length === 0) return;
  await tx
    .insert(runProperties)
    .values(values.map(([key, value]) => ({ runId: run.id, projectId: run.projectId, key, value })))
    .onConflictDoUpdate({ target: [runProperties.runId, runProperties.key], set: { value: excludedValue } });
}

const excludedValue: SQL = sql`excluded.value`;

/** Takes a property off a run; says whether there was one. Throws `gone` for a deleted run. */
export async function removeProperty(actor: Actor, runId: string, key: string): Promise<boolean> {
  await locateLivingRun(actor, runId, "runs.log");
  const removed = await connections()
    .db.delete(runProperties)
    .where(and(eq(runProperties.runId, runId), eq(runProperties.key, key)))
    .returning({ key: runProperties.key });
  noticeRun(runId);
  return removed.length > 0;
}

/** The properties of projects, by the project's id. The caller knows that they may be read. */
export async function listProjectProperties(projectIds: string[]): Promise<Map<string, Property[]>> {
  if (projectIds.length === 0) return new Map();
  const rows = await connections()
    .db.select()
    .from(projectProperties)
    .where(inArray(projectProperties.projectId, projectIds))
    .orderBy(projectProperties.projectId, projectProperties.key);
  return groupedBy(rows, ({ projectId }) => projectId, toProperty);
}

/** Writes a property of a project; `value` of null takes it off. Says whether there was one. */
export async function setProjectProperty(
  actor: Actor,
  projectId: string,
  { key, value }: { key: string; value: string | null },
): Promise<boolean> {
  authorise(actor, "runs.log", projectId);
  return connections().db.transaction(async (tx) => {
    const here = and(eq(projectProperties.projectId, projectId), eq(projectProperties.key, key));
    const [before] = await tx.select().from(projectProperties).where(here).for("update");
    if (before?.value === (value ?? undefined)) return before !== undefined;
    if (value === null) await tx.delete(projectProperties).where(here);
    else
      await tx
        .insert(projectProperties)
        .values({ projectId, key, value })
        .onConflictDoUpdate({
          target: [projectProperties.projectId, projectProperties.key],
          set: { value: excludedValue },
        });
    const detail = { property: key, from: before?.value ?? null, to: value };
    await recordAct(tx, actor, { action: "project.update", subject: `project:${projectId}`, projectId, detail });
    return before !== undefined;
  });
}
