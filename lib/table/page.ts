/** One page of a project's runs, sorted and filtered by the database, from a cursor on. */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "../../db/connection.ts";
import { ProblemError } from "../problem.ts";
import { type Values, valuesOf } from "./columns.ts";
import type { Column } from "./language/column-name.ts";

/**
 * A condition on the run `r`, of which `r.id` is enough, in forms that are true of the same runs. `probe` looks up what
 * belongs to that run. `set` asks whether it is among the ids that indexes find, which PostgreSQL hashes once: its `in` is wrapped so that it can't become a join. `ids` are queries, each of an index and each for
 * (distinct) ids that every run which meets the condition is among; none where no index knows.
 */
export type Condition = { probe: SQL; set: SQL; ids: SQL[] };

export type Order = { column: Column; descending: boolean };
/** Where a page ended: the kind of value (their number is 'none'), the value as text, and the run. */
type Cursor = { part: number; value: string | null; id: string };
const cursorSchema = z.object({ part: z.int().min(0).max(2), value: z.string().nullable(), id: z.uuid() });

export type PageOfIds = {
  ids: string[];
  /** Null on the last page. */
  next: string | null;
};

/** Up to how many runs are looked up one by one: to sort them, of the walk before something else is tried, of a sieve. */
export type Limits = { sorted: number; probed: number; sieved: number };
/** A few milliseconds of look-ups, and of a sieve at worst some tens: commonly far fewer than it holds fill the page. */
const usual: Limits = { sorted: 500, probed: 500, sieved: 6_000 };
/** How many times as many are probed where that is likely to fill the page. */
const LONGER = 12;

type PageQuestion = {
  projectId: string;
  order: Order;
  condition: Condition;
  /** Archived runs, too. */
  archived: boolean;
  limits?: Limits;
};
type FoundRun = { id: string; value: string | null; part: number };

/**
 * The ids of up to `size` runs after `cursor`, and the next cursor. Runs without a value come last, newest first. Where
 * an index has few ids for the condition, those are sorted. Else the index of the order is walked, and each run held
 * against the condition; where the first hardly fill a page, only those that are among the ids of an index, and where
 * those are many, the whole walk is sifted by sets of ids.
 */
export async function readIds(
  tx: Executor,
  asked: PageQuestion,
  size: number,
  cursor: string | null,
): Promise<PageOfIds> {
  const after = cursor === null ? null : readCursor(cursor);
  const parts = partsOf(asked);
  const found: FoundRun[] = [];
  for (let part = after?.part ?? 0; part <= parts.length && found.length <= size; part++) {
    const walk = { asked, parts, part, after: after?.part === part ? after : null, size: size + 1 - found.length };
    found.push(...(await readPart(tx, walk)).map(({ id, value }) => ({ id, value, part })));
  }
  const shown = found.slice(0, size);
  const last = shown.at(-1);
  return { ids: shown.map(({ id }) => id), next: found.length > size && last ? writeCursor(last) : null };
}

type PagePlace = { id: string; value: string | null };

async function readPart(tx: Executor, walk: Walk): Promise<PagePlace[]> {
  const { condition, limits = usual } = walk.asked;
  const few = await fewestOf(tx, condition.ids, limits.sorted);
  if (few) return tx.execute<PagePlace>(sorting(walk, few));
  let probed = await tx.execute<PagePlace>(probing(walk, limits.probed));
  if (probed.length === walk.size) return probed;
  const [walked] = await countUpTo(tx, [inOrder(walk)], limits.probed);
  if (walked! < limits.probed) return probed;
  const sieve = await fewestOf(tx, condition.ids, limits.sieved);
  if (sieve) return tx.execute<PagePlace>(sieving(walk, sieve));
  // so many as to fill the page twice over, if the rest of the walk is like its beginning
  if (probed.length * LONGER >= 2 * walk.size)
    probed = await tx.execute<PagePlace>(probing(walk, limits.probed * LONGER));
  return probed.length === walk.size ? probed : tx.execute<PagePlace>(sifting(walk));
}

/** The query that has the fewest rows, where those are fewer than `most`. */
async function fewestOf(tx: Executor, queries: SQL[], most: number): Promise<SQL | undefined> {
  if (queries.length === 0) return undefined;
  const counts = await countUpTo(tx, queries, most);
  const fewest = Math.min(...counts);
  return fewest < most ? queries[counts.indexOf(fewest)] : undefined;
}

/** How many rows each query has, up to `most`. */
async function countUpTo(tx: Executor, queries: SQL[], most: number): Promise<number[]> {
  const counts = queries.map((query) => sql`(select count(*)::int from (${query} limit ${most}) q)`);
  const [row] = await tx.execute<{ counts: number[] }>(sql`select array[${sql.join(counts, sql`, `)}] as counts`);
  return row!.counts;
}

const writeCursor = ({ part, value, id }: FoundRun): string =>
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
function partsOf({ projectId, order }: PageQuestion): Values[] {
  const parts = valuesOf(order.column, projectId);
  return order.descending ? parts.toReversed() : parts;
}

/** A walk through one kind of values; `part` beyond the last of `parts`: through the runs that have none. */
type Walk = { asked: PageQuestion; parts: Values[]; part: number; after: Cursor | null; size: number };

/** The first runs that meet the condition, of the next `most` of the walk. */
const probing = (walk: Walk, most: number): SQL => sql`
  select r.id, r.value::text as value from (${inOrder(walk)} limit ${most}) r
  where ${isMet(walk)} order by ${orderOf(walk, sql`r`)} limit ${walk.size}`;

/** The first runs that meet the condition, of those with these ids. */
const sorting = (walk: Walk, ids: SQL): SQL => sql`
  select o.id, o.value::text as value from (
    select r.id, ${walk.parts[walk.part]?.of ?? sql`null`} as value from (${ids}) r where ${isMet(walk)} offset 0) o
  where ${isBeyond(walk)} order by ${orderOf(walk, sql`o`)} limit ${walk.size}`;

/** The first runs that meet the condition, of the whole walk and with these ids, which PostgreSQL hashes. */
const sieving = (walk: Walk, ids: SQL): SQL => sql`
  select r.id, r.value::text as value from (${inOrder(walk)}) r
  where (r.id in (select i.id from (${ids}) i)) is true and ${isMet(walk)}
  order by ${orderOf(walk, sql`r`)} limit ${walk.size}`;

/** The first runs that meet the condition, of the whole walk. */
function sifting(walk: Walk): SQL {
  const { asked, parts, part, size } = walk;
  const none = parts.map(
    ({ rows }) => sql`and (r.id in (select id from (${rows}) v where value is not null)) is not true`,
  );
  return sql`
    select r.id, r.value::text as value from (${inOrder(walk)}) r
    where ${isShown(asked.projectId, asked.archived)} ${part < parts.length ? sql`` : sql.join(none, sql` `)}
      and ${asked.condition.set}
    order by ${orderOf(walk, sql`r`)} limit ${size}`;
}

/** That the run `r`, of which the id is enough, belongs into this part of the table, by look-ups. */
function isMet({ asked, parts, part }: Walk): SQL {
  const hidden = sql`(select true from runs h where h.project_id = ${asked.projectId} and h.id = r.id and ${isHidden(asked.archived)})`;
  const none = part < parts.length ? [] : parts.map(({ of }) => sql`and ${of} is null`);
  return sql`${hidden} is null ${sql.join(none, sql` `)} and ${asked.condition.probe}`;
}

/** That the run `r`, of which the id is enough, is neither deleted nor, unless they are asked for, archived. */
export function isShown(projectId: string, archived: boolean): SQL {
  return sql`(r.id in (select h.id from runs h where h.project_id = ${projectId} and ${isHidden(archived)})) is not true`;
}

/** That the run `h` isn't shown: there is an index of those. */
const isHidden = (archived: boolean): SQL =>
  archived ? sql`h.deleted_at is not null` : sql`(h.deleted_at is not null or h.archived_at is not null)`;

/** (id, value) of the walk, from after its cursor on, as an index has them. */
function inOrder(walk: Walk): SQL {
  const { asked, parts, part } = walk;
  // the planner sees through the subquery, where `value` is the expression of an index
  const rows =
    parts[part]?.rows ??
    sql`select r.id, null::text as value from runs r where r.project_id = ${asked.projectId} and r.deleted_at is null`;
  return sql`select o.id, o.value from (${rows}) o where ${isBeyond(walk)} order by ${orderOf(walk, sql`o`)}`;
}

/** That `o` has a value, where the part is one of values, and comes after the cursor. */
function isBeyond(walk: Walk): SQL {
  const { parts, part, after } = walk;
  const beyond = isDescending(walk) ? sql`<` : sql`>`;
  const values = parts[part];
  if (!values) return after ? sql`o.id ${beyond} ${after.id}::uuid` : sql`true`;
  const from = sql`(o.value, o.id) ${beyond} (${after?.value}::${sql.raw(values.type)}, ${after?.id}::uuid)`;
  return sql`o.value is not null ${after ? sql`and ${from}` : sql``}`;
}

function orderOf(walk: Walk, table: SQL): SQL {
  const direction = isDescending(walk) ? sql`desc` : sql`asc`;
  const id = sql`${table}.id ${direction}`;
  return walk.part < walk.parts.length ? sql`${table}.value ${direction}, ${id}` : id;
}

/** Runs without a value stand newest first, whichever way the others do; ids are made in the order of creation. */
const isDescending = ({ asked: { order }, parts, part }: Walk): boolean =>
  part < parts.length || (order.column.kind === "run" && order.column.name === "created") ? order.descending : true;
