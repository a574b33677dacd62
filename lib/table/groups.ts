/** Runs grouped by what their config has in common, or as replicates of each other: over all that match, no sample. */

import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { summaryValues } from "../../db/schema/series.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { invalid } from "../problem.ts";
import { type CellValue, SENT_CHARACTERS } from "../runs/long-text.ts";
import { seedOf } from "../runs/values.ts";
import { tQuantile } from "../statistics/distributions/student-t.ts";
import { isSeries, parseColumn } from "./columns.ts";
import { conditionOf } from "./filter-sql.ts";
import { type Column, columnName } from "./language/column-name.ts";
import { withTimeout } from "./rows.ts";

/**
 * Of the finite values of a summary over the runs of a group; `nonFinite` runs have NaN or an infinity instead. The runs of
 * one recipe and one seed count once, with their mean: to repeat a seed tells nothing new.
 */
export type GroupSummary = {
  n: number;
  mean: number;
  /** Sample standard deviation (n − 1); null for one value. */
  sd: number | null;
  /** 95 % interval of the mean by Student's t, which takes the values for normal; null for one value. */
  low: number | null;
  high: number | null;
  nonFinite: number;
};
export type Group = {
  /** By column; null: the runs have no value there. */
  key: Record<string, CellValue>;
  count: number;
  /** How many of the runs have recipe and seed of another one of the group. A run without a seed repeats none. */
  repeated: number;
  /** The newest, at most `MEMBERS_MAX`. */
  members: {
    id: string;
    name: string;
    seed: number | null;
    /** One of the runs with its recipe and seed: they count once. */
    unit: string;
  }[];
  /** Whether the runs were not all made by the same code; runs without captured code are taken for one code. */
  codeDiffers: boolean;
  /** How many manifests its runs cite between them, and how many runs cite none. */
  manifests: number;
  uncited: number;
  /** How many runs cite one that isn't checked, one that its checks block, and of these one that a member overrode. */
  unchecked: number;
  blocked: number;
  overridden: number;
  summaries: Record<string, GroupSummary>;
};
export type Groups = {
  groups: Group[];
  /** There are more. */
  isCut: boolean;
};

export const groupQuerySchema = z.object({
  /** Config keys, `status`, `manifest` or `replicates`. */
  by: z.array(z.string()),
  /** Names of summaries, such as `validation/accuracy.max`. */
  summaries: z.array(z.string()),
  /** Up to two of `count`, `name` (of a group's newest run), what makes the groups and `summaries`; `-` before: descending. */
  order: z.array(z.string()).optional(),
  filter: z.string().optional(),
  archived: z.boolean().optional(),
  /** Texts of any length as text, for exports. */
  whole: z.boolean().optional(),
});
export type GroupQuery = z.infer<typeof groupQuerySchema>;

const GROUPS_MAX = 500;
const MEMBERS_MAX = 20;
const BY_MAX = 5;
const SUMMARIES_MAX = 50;

/** The largest groups first where `order` names nothing that groups have; those without a value last. Throws `invalid` for columns that don't group, and as `readRunsPage` does. */
export async function groupRuns(actor: Actor, projectId: string, query: GroupQuery): Promise<Groups> {
  authorise(actor, "runs.read", projectId);
  const columns = query.by.slice(0, BY_MAX).map(requireGrouping);
  const keys = columns.map((column) => keyOf(column, query.whole));
  const summaries = query.summaries.slice(0, SUMMARIES_MAX).map((name) => parseColumn(name, "summaries"));
  const rows = await withTimeout(async (tx) => {
    const { set } = conditionOf(projectId, query.filter ?? "");
    const archived = query.archived ? sql`` : sql`and r.archived_at is null`;
    const values = summaries.map((column, at) => sql`, ${summaryOf(column)} as ${name("v", at)}`);
    const grouped = keys.map((_, at) => name("k", at));
    return tx.execute<Row>(sql`
      with met as materialized (
        select r.id, r.name, r.seed, r.code_digest, r.manifest_id, r.replicate_key, ${seedOf} as seed_key, ${list(keys.map((key, at) => sql`${key} as ${name("k", at)}`))} ${sql.join(values, sql``)}
        from runs r where r.project_id = ${projectId} and r.deleted_at is null ${archived} and ${set}
      ), marked as (
        select met.*, row_number() over of_seed as nth, first_value(id) over of_seed as unit ${sql.join(
          summaries.map((_, at) => sql`, avg(${name("v", at)}) ${finiteOf(at)} over of_seed as ${name("f", at)}`),
          sql``,
        )}
        from met window of_seed as (partition by ${list(grouped)}, replicate_key, seed_key)
      )
      select ${list(grouped)}, count(*)::int as count, count(*) filter (where nth > 1)::int as repeated, count(distinct coalesce(code_digest, ''::bytea))::int as codes,
        count(distinct manifest_id)::int as manifests, (count(*) - count(manifest_id))::int as uncited,
        count(*) filter (where manifest_id not in (select manifest_id from manifest_reports))::int as unchecked,
        count(*) filter (where ${isBlocked})::int as blocked,
        count(*) filter (where ${isBlocked} and manifest_id in (
          select manifest_id from manifest_overrides where project_id = ${projectId}))::int as overridden,
        to_jsonb((array_agg(jsonb_build_object('id', id, 'name', name, 'seed', seed, 'unit', unit) order by id desc))[1:${MEMBERS_MAX}]) as members
        ${sql.join(
          summaries.map((_, at) => statistics(at)),
          sql``,
        )}
      from marked group by ${list(grouped)}
      order by ${list(ordersOf(query, columns, summaries))}, count desc, ${list(grouped)} limit ${GROUPS_MAX + 1}`);
  });
  return {
    groups: rows.slice(0, GROUPS_MAX).map((row) => toGroup(row, columns, summaries)),
    isCut: rows.length > GROUPS_MAX,
  };
}

const ORDER_MAX = 2;

/** What groups are ordered by, of what was asked for: only what they have. */
function ordersOf({ order = [] }: GroupQuery, keys: Column[], summaries: Column[]): SQL[] {
  const placeOf = (columns: Column[], wanted: string) => columns.findIndex((column) => columnName(column) === wanted);
  const orders = order.slice(0, ORDER_MAX).flatMap((text) => {
    const descending = /^-(?!\/)/.test(text);
    const wanted = descending ? text.slice(1) : text;
    const [key, summary] = [placeOf(keys, wanted), placeOf(summaries, wanted)];
    const value =
      wanted === "count"
        ? sql`count`
        : wanted === "name"
          ? sql`lower((array_agg(name order by id desc))[1])`
          : key >= 0
            ? name("k", key)
            : summary >= 0
              ? name("mean", summary)
              : null;
    return value === null ? [] : [sql`${value} ${descending ? sql`desc` : sql`asc`} nulls last`];
  });
  return orders.length > 0 ? orders : [sql`count desc`];
}

const isBlocked = sql`manifest_id in (select manifest_id from manifest_reports where verdict = 'block')`;

type GroupManifests = Pick<Group, "manifests" | "uncited" | "unchecked" | "blocked" | "overridden">;
type Row = Pick<Group, "count" | "repeated"> &
  GroupManifests & {
    codes: number;
    members: Group["members"];
  } & Record<string, unknown>;

const name = (prefix: string, at: number): SQL => sql.raw(`${prefix}${at}`);
const list = (parts: SQL[]): SQL => sql.join(parts, sql`, `);

function keyOf(column: Column, whole = false): SQL {
  if (column.kind === "config") {
    const long = whole
      ? sql`to_jsonb(v.whole)`
      : sql`jsonb_build_object('text', left(v.whole, ${SENT_CHARACTERS}), 'characters', length(v.whole), 'sha256', encode(v.digest, 'hex'))`;
    return sql`(select case when v.digest is null then coalesce(to_jsonb(v.number), to_jsonb(v.text)) else ${long} end
      from run_values v where v.run_id = r.id and v.key = ${column.key})`;
  }
  if (columnName(column) === "status") return sql`to_jsonb(r.status)`;
  if (columnName(column) === "manifest") return sql`to_jsonb(r.manifest_id)`;
  return sql`to_jsonb(encode(r.replicate_key, 'hex'))`;
}

/** The column of a name whose values make groups. Throws `invalid`, naming `by`, for any other. */
export function requireGrouping(name: string): Column {
  const column = parseColumn(name, "by");
  if (column.kind === "config" || ["status", "manifest", "replicates"].includes(columnName(column))) return column;
  const detail = `${columnName(column)} makes no groups; expected config.KEY, status, manifest or replicates`;
  throw invalid("by", detail);
}

function summaryOf(column: Column): SQL {
  if (column.kind === "metric")
    return sql`(select ${sql.raw(column.summary === "last" ? "last" : column.summary === "atBest" ? "at_best" : summaryValues[column.summary])}
      from series where run_id = r.id and ${isSeries(column)})`;
  const detail = `${columnName(column)} is no summary of a metric`;
  throw invalid("summaries", detail);
}

const finiteOf = (at: number): SQL => sql`filter (where ${name("v", at)} not in ('NaN', 'Infinity', '-Infinity'))`;

/** Of one value a seed. */
function statistics(at: number): SQL {
  const [value, once] = [name("f", at), sql`filter (where nth = 1)`];
  return sql`, count(${value}) ${once} as ${name("n", at)}, avg(${value}) ${once} as ${name("mean", at)},
    stddev_samp(${value}) ${once} as ${name("sd", at)},
    count(${name("v", at)}) - count(${name("v", at)}) ${finiteOf(at)} as ${name("bad", at)}`;
}

function toGroup(row: Row, columns: Column[], summaries: Column[]): Group {
  const key = columns.map((column, at) => [columnName(column), (row[`k${at}`] ?? null) as CellValue]);
  const found = summaries.flatMap((column, at): [string, GroupSummary][] => {
    const [n, nonFinite] = [Number(row[`n${at}`]), Number(row[`bad${at}`])];
    if (n + nonFinite === 0) return [];
    return [[columnName(column), summarise(n, Number(row[`mean${at}`]), row[`sd${at}`] as number | null, nonFinite)]];
  });
  const { count, repeated, codes, members, manifests, uncited, unchecked, blocked, overridden } = row;
  const cited = { manifests, uncited, unchecked, blocked, overridden, codeDiffers: codes > 1 };
  return { key: Object.fromEntries(key), count, repeated, members, ...cited, summaries: Object.fromEntries(found) };
}

function summarise(n: number, mean: number, sd: number | null, nonFinite: number): GroupSummary {
  if (n === 0) return { n, mean: Number.NaN, sd: null, low: null, high: null, nonFinite };
  if (n === 1 || sd === null) return { n, mean, sd: null, low: null, high: null, nonFinite };
  const half = (tQuantile(0.975, n - 1) * sd) / Math.sqrt(n);
  return { n, mean, sd, low: mean - half, high: mean + half, nonFinite };
}
