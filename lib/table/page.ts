/** One page of a project's runs, sorted and filtered by the database, from a cursor on. */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "../../db/connection.ts";
import { ProblemError } from "../problem.ts";
import { type Column, type Values, valuesOf } from "./columns.ts";

/**
 * A condition on the run `r`, in two forms that are true of the same runs. `probe` asks one row of `runs`, by look-ups
 * that belong to it. `set` knows `r.id` alone, and asks whether that is among the ids that indexes find, which
 * PostgreSQL hashes once: its `in` is wrapped so that it can't become a join.
 */
export type Condition = { probe: SQL; set: SQL };

export type Order = { column: Column; descending: boolean };
/** Where a page ended: the kind of value (their number is 'none'), the value as text, and the run. */
type Cursor = { part: number; value: string | null; id: string };
const cursorSchema = z.object({ part: z.int().min(0).max(2), value: z.string().nullable(), id: z.uuid() });

export type PageOfIds = { ids: string[] /** Null on the last page. */; next: string | null };

/** How many runs of an index are probed for a page before the sets of the filter are made: about 10 ms of look-ups. */
const PROBED_MAX = 1500;

type Asked = { projectId: string; order: Order; condition: Condition /** Archived runs, too. */; archived: boolean };
type Found = { id: string; value: string | null; part: number };

/**
 * The ids of up to `size` runs after `cursor`, and the next cursor. Runs without a value come last, newest first. The
 * index of the order is walked. At first each run is held against the condition; where few meet it, the walk goes on
 * with the ids that the condition's own indexes find, and so costs the same however few they are.
 */
export async function readIds(tx: Executor, asked: Asked, size: number, cursor: string | null): Promise<PageOfIds> {
  const after = cursor === null ? null : readCursor(cursor);
  const parts = partsOf(asked);
  const found: Found[] = [];
  for (let part = after?.part ?? 0; part <= parts.length && found.length <= size; part++) {
    const walked = { asked, parts, part, after: after?.part === part ? after : null, size: size + 1 - found.length };
    const probed = await tx.execute<{ id: string; value: string | null }>(probing(walked));
    const rows =
      probed.length === walked.size ? probed : await tx.execute<{ id: string; value: string | null }>(sifting(walked));
    found.push(...rows.map(({ id, value }) => ({ id, value, part })));
  }
  const shown = found.slice(0, size);
  const last = shown.at(-1);
  return { ids: shown.map(({ id }) => id), next: found.length > size && last ? writeCursor(last) : null };
}

const writeCursor = ({ part, value, id }: Found): string =>
  Buffer.from(JSON.stringify({ part, value, id } satisfies Cursor)).toString("base64url");

function readCursor(text: string): Cursor {
  const bad = () =>
    new ProblemError("invalid", "after: this is no cursor of the runs table", [
      { field: "after", detail: "expected `next` of the page before" },
    ]);
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch {
    throw bad();
  }
}

/** The kinds of values in the order in which they are shown: numbers before text, and after it when descending. */
function partsOf({ projectId, order }: Asked): Values[] {
  const parts = valuesOf(order.column, projectId);
  return order.descending ? parts.toReversed() : parts;
}

/** A walk through one kind of values; `part` beyond the last of `parts`: through the runs that have none. */
type Walk = { asked: Asked; parts: Values[]; part: number; after: Cursor | null; size: number };

/** The first runs that meet the condition, of the next `PROBED_MAX` of the walk. */
function probing(walk: Walk): SQL {
  const { asked, parts, part, size } = walk;
  const archived = asked.archived ? sql`` : sql`and r.archived_at is null`;
  // runs that a part with values has come by already
  const none = part < parts.length ? [] : parts.map(({ of }) => sql`and ${of} is null`);
  return sql`
    select c.id, c.value::text as value from (${inOrder(walk)} limit ${PROBED_MAX}) c
    where (select r.deleted_at is null ${archived} ${sql.join(none, sql` `)} and ${asked.condition.probe}
      from runs r where r.id = c.id)
    order by ${orderOf(walk, sql`c`)} limit ${size}`;
}

/** The first runs that meet the condition, of the whole walk. */
function sifting(walk: Walk): SQL {
  const { asked, parts, part, size } = walk;
  const none =
    part < parts.length
      ? []
      : parts.map(({ rows }) => sql`and (r.id in (select id from (${rows}) v where value is not null)) is not true`);
  return sql`
    select r.id, r.value::text as value from (${inOrder(walk)}) r
    where ${isShown(asked.projectId, asked.archived)} ${sql.join(none, sql` `)} and ${asked.condition.set}
    order by ${orderOf(walk, sql`r`)} limit ${size}`;
}

/** That the run `r`, of which the id is enough, is neither deleted nor, unless they are asked for, archived. */
export function isShown(projectId: string, archived: boolean): SQL {
  const hidden = archived
    ? sql`h.deleted_at is not null`
    : sql`(h.deleted_at is not null or h.archived_at is not null)`;
  return sql`(r.id in (select h.id from runs h where h.project_id = ${projectId} and ${hidden})) is not true`;
}

/** (id, value) of the walk, from after its cursor on, as an index has them. */
function inOrder(walk: Walk): SQL {
  const { asked, parts, part, after } = walk;
  const beyond = isDescending(walk) ? sql`<` : sql`>`;
  const values = parts[part];
  if (!values) {
    const rest = after ? sql`and o.id ${beyond} ${after.id}::uuid` : sql``;
    return sql`select o.id, null::text as value from runs o
      where o.project_id = ${asked.projectId} and o.deleted_at is null ${rest} order by ${orderOf(walk, sql`o`)}`;
  }
  // the planner sees through the subquery, where `value` is the expression of an index
  const rest = after
    ? sql`and (o.value, o.id) ${beyond} (${after.value}::${sql.raw(values.type)}, ${after.id}::uuid)`
    : sql``;
  return sql`select o.id, o.value from (${values.rows}) o where o.value is not null ${rest}
    order by ${orderOf(walk, sql`o`)}`;
}

function orderOf(walk: Walk, table: SQL): SQL {
  const direction = isDescending(walk) ? sql`desc` : sql`asc`;
  const id = sql`${table}.id ${direction}`;
  return walk.part < walk.parts.length ? sql`${table}.value ${direction}, ${id}` : id;
}

/** Runs without a value stand newest first, whichever way the others do; ids are made in the order of creation. */
const isDescending = ({ asked: { order }, parts, part }: Walk): boolean =>
  part < parts.length || (order.column.kind === "run" && order.column.name === "created") ? order.descending : true;
