/** The runs of a table that are to be acted on: these, or all that match a filter. */
import { sql } from "drizzle-orm";
import { validate as isUuid } from "uuid";
import { z } from "zod";
import type { Executor } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { authorise, type Permission } from "../access/permissions.ts";
import { ProblemError, parse } from "../problem.ts";
import type { RunChoice } from "../runs/bulk.ts";
import { conditionOf } from "./filter-sql.ts";
import { withTimeout } from "./rows.ts";

/** At most `SELECTED_MAX` runs: these, or all that match a filter; `archived`: archived ones too. */
export type RunSelection = { ids: string[] } | { filter: string; archived?: boolean | undefined };

export const SELECTED_MAX = 10_000;

const selectionSchema = z.union([
  z.strictObject({ ids: z.array(z.string()).max(SELECTED_MAX, `at most ${SELECTED_MAX} runs at once`) }),
  z.strictObject({ filter: z.string(), archived: z.boolean().optional() }),
]);

/**
 * The runs of a selection, for an act that `permission` allows; `isDeleted`: deleted ones too. Throws `not-found` for an
 * id that isn't in the project, `invalid` where more than `SELECTED_MAX` match.
 */
export async function selectRuns(
  actor: Actor,
  projectId: string,
  input: unknown,
  { permission, isDeleted = false }: { permission: Permission; isDeleted?: boolean },
): Promise<RunChoice> {
  authorise(actor, permission, projectId);
  const selection: RunSelection = parse(selectionSchema, input);
  const life = isDeleted ? sql`` : sql`and r.deleted_at is null`;
  return withTimeout(async (tx) =>
    "ids" in selection
      ? { ids: await findByIds(tx, projectId, selection.ids, life) }
      : { ids: await findMatching(tx, projectId, selection, life), filter: selection.filter },
  );
}

type Sql = ReturnType<typeof sql>;

async function findByIds(tx: Executor, projectId: string, ids: string[], life: Sql): Promise<string[]> {
  const unknown = (id: string) => new ProblemError("not-found", `there is no run ${JSON.stringify(id)} in the project`);
  const malformed = ids.find((id) => !isUuid(id));
  if (malformed !== undefined) throw unknown(malformed);
  const rows = await tx.execute<{ id: string }>(sql`
    select r.id from runs r where r.id = any(${sql.param(ids)}::uuid[]) and r.project_id = ${projectId} ${life}`);
  const found = new Set(rows.map(({ id }) => id));
  const missing = ids.find((id) => !found.has(id.toLowerCase()));
  if (missing !== undefined) throw unknown(missing);
  return [...found];
}

async function findMatching(
  tx: Executor,
  projectId: string,
  { filter, archived }: { filter: string; archived?: boolean | undefined },
  life: Sql,
): Promise<string[]> {
  const condition = conditionOf(projectId, filter);
  const rows = await tx.execute<{ id: string }>(sql`
    select r.id from runs r where r.project_id = ${projectId} ${life}
      ${archived ? sql`` : sql`and r.archived_at is null`} and ${condition.set}
    order by r.id desc limit ${SELECTED_MAX + 1}`);
  if (rows.length > SELECTED_MAX)
    throw new ProblemError("invalid", `filter: more than ${SELECTED_MAX} runs match; narrow it down`, [
      { field: "filter", detail: `expected at most ${SELECTED_MAX} runs that match` },
    ]);
  return rows.map(({ id }) => id);
}
