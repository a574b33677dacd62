/** What a project says of its metrics: direction and unit. Without a direction a metric has no 'best'. */
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { metrics } from "../../db/schema/projects.ts";
import type { Actor } from "../access/actor.ts";
import { changeOf, recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { parse } from "../problem.ts";
import { type MetricDeclaration, metricsDeclareSchema } from "../wire/projects.ts";

/** The declared metrics of a project by name, at most 1000. */
export async function listMetrics(actor: Actor, projectId: string): Promise<MetricDeclaration[]> {
  authorise(actor, "projects.read", projectId);
  return connections()
    .db.select({ name: metrics.name, direction: metrics.direction, unit: metrics.unit })
    .from(metrics)
    .where(eq(metrics.projectId, projectId))
    .orderBy(asc(metrics.name))
    .limit(1000);
}

/** Declares metrics; one declared before takes the new direction and unit. Returns all that are declared. */
export async function declareMetrics(actor: Actor, projectId: string, input: unknown): Promise<MetricDeclaration[]> {
  authorise(actor, "metrics.declare", projectId);
  const given = parse(metricsDeclareSchema, input);
  await connections().db.transaction(async (tx) => {
    const names = given.metrics.map(({ name }) => name);
    const { name, direction, unit } = metrics;
    const declared = and(eq(metrics.projectId, projectId), inArray(name, names));
    const before = await tx.select({ name, direction, unit }).from(metrics).where(declared);
    await storeDeclarations(tx, projectId, given.metrics, "replace");
    const detail = changeOf(byName(before), byName(given.metrics));
    await recordAct(tx, actor, { action: "metrics.declare", subject: `project:${projectId}`, projectId, detail });
  });
  return listMetrics(actor, projectId);
}

const byName = (declarations: MetricDeclaration[]) =>
  Object.fromEntries(declarations.map(({ name, direction, unit }) => [name, { direction, unit }]));

/**
 * Stores declarations within a transaction. `keep` leaves what is declared already: a new run must not turn a
 * project's 'best' around.
 */
export async function storeDeclarations(
  tx: Executor,
  projectId: string,
  declarations: MetricDeclaration[],
  existing: "keep" | "replace",
): Promise<void> {
  if (declarations.length === 0) return;
  // the last of two with one name holds
  const rows = [...new Map(declarations.map((row) => [row.name, { projectId, ...row }])).values()];
  const insert = tx.insert(metrics).values(rows);
  const target = [metrics.projectId, metrics.name];
  if (existing === "keep") await insert.onConflictDoNothing({ target });
  else
    await insert.onConflictDoUpdate({
      target,
      set: { direction: sql`excluded.direction`, unit: sql`excluded.unit` },
    });
}
