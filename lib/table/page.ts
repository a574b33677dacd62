/** One page of a project's runs, sorted and filtered by the database, from a cursor on. */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "../../db/connection.ts";
import { ProblemError } from "../problem.ts";
import { type Column, type Values, valuesOf } from "./columns.ts";

/** A condition on the run `r`, in two forms: asked of one run, or as what an index finds. */
export type Condition = { probe: SQL; set: SQL };

export type Order = { column: Column; descending: boolean };
/** Where a page ended: the kind of value (their number is 'none'), the value as text, and the run. */
type Cursor = { part: number; value: string | null; id: string };
const cursorSchema = z.object({ part: z.int().min(0).max(2), value: z.string().nullable(), id: z.uuid() });

export type PageOfIds = { ids: string[] /** Null on the last page. */; next: string | null };

/** How many runs of an index are looked at for a page before the filter is asked for its own runs instead. */
const CANDIDATES = 3000;

type Asked = { projectId: string; order: Order; condition: Condition; archived: SQL };
type Found = { id: string; value: string | null; part: number };

/**
 * The ids of up to `size` runs after `cursor`, and the next cursor. Runs without a value come last, newest first. The
 * index of the order is walked and each run held against the condition; where that doesn't fill a page soon, few runs
 * meet the condition, and those are found first and then sorted.
 */
export async function readIds(tx: Executor, asked: Asked, size: number, cursor: string | null): Promise<PageOfIds> {
  const after = cursor === null ? null : readCursor(cursor);
  const found = (await walk(tx, asked, size + 1, after)) ?? (await gather(tx, asked, size + 1, after));
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

/** Null where too many runs were looked at for too few. */
async function walk(tx: Executor, asked: Asked, size: number, after: Cursor | null): Promise<Found[] | null> {
  const parts = partsOf(asked);
  const found: Found[] = [];
  for (let part = after?.part ?? 0; part <= parts.length; part++) {
    const from = after?.part === part ? after : null;
    const values = parts[part];
    const candidates = values ? inOrder(asked, values, from) : withoutValue(asked, parts, from);
    const rows = await tx.execute<{ id: string | null; value: string | null; seen: number }>(sql`
      with c as materialized (${candidates} limit ${CANDIDATES}),
      met as (
        select c.id, c.value::text as value, row_number() over () as place from c join runs r on r.id = c.id
        where r.deleted_at is null and ${asked.archived} and ${asked.condition.probe}
        limit ${size - found.length}
      )
      select met.id, met.value, (select count(*)::int from c) as seen from (select 1) one left join met on true
      order by met.place`);
    for (const { id, value } of rows) if (id) found.push({ id, value, part });
    if (found.length >= size) return found;
    if (rows[0]!.seen >= CANDIDATES) return null;
  }
  return found;
}

function inOrder({ order }: Asked, { rows, type }: Values, after: Cursor | null): SQL {
  const [direction, beyond] = order.descending ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`];
  const rest = after ? sql`and (value, id) ${beyond} (${after.value}::${sql.raw(type)}, ${after.id}::uuid)` : sql``;
  // the name of the value stands in for its expression: the planner sees through the subquery, and takes the index
  return sql`select id, value from (${rows}) o where value is not null ${rest} order by value ${direction}, id ${direction}`;
}

function withoutValue({ projectId, order }: Asked, parts: Values[], after: Cursor | null): SQL {
  const oldestFirst = isCreated(order) && !order.descending;
  const [direction, beyond] = oldestFirst ? [sql`asc`, sql`>`] : [sql`desc`, sql`<`];
  const rest = after ? sql`and r.id ${beyond} ${after.id}::uuid` : sql``;
  const none = parts.map(({ of }) => sql`and ${of} is null`);
  return sql`select r.id, null as value from runs r
    where r.project_id = ${projectId} and r.deleted_at is null ${sql.join(none, sql` `)} ${rest} order by r.id ${direction}`;
}

/** Ids are made in the order of creation. */
const isCreated = ({ column }: Order): boolean => column.kind === "run" && column.name === "created";

async function gather(tx: Executor, asked: Asked, size: number, after: Cursor | null): Promise<Found[]> {
  const parts = partsOf(asked);
  const columns = parts.map(({ of }, at) => sql`${of} as ${sql.raw(`value${at}`)}`);
  const part = sql.raw(
    `case ${parts.map((_, at) => `when value${at} is not null then ${at}`).join(" ")} else ${parts.length} end`,
  );
  const found: Found[] = [];
  for (let at = after?.part ?? 0; at <= parts.length && found.length < size; at++) {
    const value = at < parts.length ? sql.raw(`value${at}`) : sql`null::text`;
    const isDescending = at < parts.length || isCreated(asked.order) ? asked.order.descending : true;
    const [direction, beyond] = isDescending ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`];
    const type = sql.raw(parts[at]?.type ?? "text");
    const key =
      at < parts.length
        ? sql`(${value}, id) ${beyond} (${after?.value ?? null}::${type}, ${after?.id ?? null}::uuid)`
        : sql`id ${beyond} ${after?.id ?? null}::uuid`;
    const rest = after?.part === at ? sql`and ${key}` : sql``;
    const rows = await tx.execute<{ id: string; value: string | null }>(sql`
      with met as materialized (
        select r.id${sql.join(
          columns.map((column) => sql`, ${column}`),
          sql``,
        )} from runs r
        where r.project_id = ${asked.projectId} and r.deleted_at is null and ${asked.archived} and ${asked.condition.set}
      )
      select id, ${value}::text as value from met where ${parts.length > 0 ? part : sql`0`} = ${at} ${rest}
      order by ${at < parts.length ? sql`${value} ${direction}, id ${direction}` : sql`id ${direction}`}
      limit ${size - found.length}`);
    found.push(...rows.map(({ id, value }) => ({ id, value, part: at })));
  }
  return found;
}
