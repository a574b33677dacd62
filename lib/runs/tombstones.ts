/** What is left of a project's purged runs. */
import { and, desc, eq } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { tombstones } from "../../db/schema/final.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import type { Config } from "../wire/base/config.ts";

export type PurgedRun = { id: string; name: string; config: Config; purgedBy: string; purgedAt: string };

/** The tombstones of a project's runs, the latest first, at most 500. */
export async function listPurgedRuns(actor: Actor, projectId: string): Promise<PurgedRun[]> {
  authorise(actor, "runs.read", projectId);
  const rows = await connections()
    .db.select()
    .from(tombstones)
    .where(and(eq(tombstones.projectId, projectId), eq(tombstones.kind, "run")))
    .orderBy(desc(tombstones.purgedAt), desc(tombstones.id))
    .limit(500);
  return rows.map(({ id, name, config, purgedBy, purgedAt }) => ({
    id,
    name,
    config: (config ?? {}) as Config,
    purgedBy,
    purgedAt: purgedAt.toISOString(),
  }));
}
