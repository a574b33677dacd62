/** What was captured of the code of runs, patches with it. */
import { sql } from "drizzle-orm";
import { connections } from "../../../db/connection.ts";
import type { Actor } from "../../access/actor.ts";
import { authorise } from "../../access/permissions.ts";
import type { Code } from "../../wire/runs.ts";

/** By run; those that aren't there, or of which nothing was captured, are left out. */
export async function readCode(actor: Actor, projectId: string, runs: readonly string[]): Promise<Map<string, Code>> {
  authorise(actor, "runs.read", projectId);
  const rows = await connections().db.execute<{ id: string; code: Code }>(sql`
    select r.id, r.code from runs r
    where r.id = any(${sql.param([...runs])}::uuid[]) and r.project_id = ${projectId} and r.deleted_at is null
      and r.code is not null`);
  return new Map(rows.map(({ id, code }) => [id, code]));
}
