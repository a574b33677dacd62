/** Runs grouped by what their config has in common, or as replicates of each other: over all that match, no sample. */
import { type SQL, sql } from "drizzle-orm";
import { summaryValues } from "../../db/schema.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { ProblemError } from "../problem.ts";
import { tQuantile } from "../statistics/student-t.ts";
import { type Column, columnName, parseColumn } from "./columns.ts";
import { conditionOf } from "./filter-sql.ts";
import { withTimeout } from "./rows.ts";

/** Of the finite values of a summary over the runs of a group; `nonFinite` runs have NaN or an infinity instead. */
export type GroupSummary = {
  n: number;
  mean: number;
  /** Sample standard deviation (n − 1); null for one run. */
  sd: number | null;
  /** 95 % interval of the mean by Student's t, which takes the values for normal; null for one run. */
  low: number | null;
  high: number | null;
  nonFinite: number;
};
export type Group = {
  /** By column; null: the runs have no value there. */
  key: Record<string, number | string | null>;
  count: number;
  /** The newest, at most `MEMBERS_MAX`. */
  members: { id: string; name: string; seed: number | null }[];
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
export type Groups = { groups: Group[] /** There are more. */; isCut: boolean };

export type GroupQuery = {
  /** Config keys, `status`, `manifest` or `replicates`. */
  by: string[];
  /** Names of summaries, such as `validation/accuracy.max`. */
  summaries: string[];
  filter?: string | undefined;
  archived?: boolean | undefined;
};

const GROUPS_MAX = 500;
const MEMBERS_MAX = 20;
const BY_MAX = 5;
const SUMMARIES_MAX = 50;

/** The largest groups first. Throws `invalid` for columns that don't group, and as `readRunsPage` does. */
export async function groupRuns(actor: Actor, projectId: string, query: GroupQuery): Promise<Groups> {
  authorise(actor, "runs.read", projectId);
  const columns = query.by.slice(0, BY_MAX).map((name) => parseColumn(name, "by"));
  const keys = columns.map(keyOf);
  const summaries = query.summaries.slice(0, SUMMARIES_MAX).map((name) => parseColumn(name, "summaries"));
  const rows = await withTimeout(async (tx) => {
    const { set } = await conditionOf(tx, projectId, query.filter ?? "");
    const archived = query.archived ? sql`` : sql`and r.archived_at is null`;
    const values = summaries.map((column, at) => sql`, ${summaryOf(column)} as ${name("v", at)}`);
    const grouped = keys.map((_, at) => name("k", at));
    return tx.execute<Row>(sql`
      with met as materialized (
        select r.id, r.name, r.seed, r.code_digest, r.manifest_id, ${list(keys.map((key, at) => sql`${key} as ${name("k", at)}`))} ${sql.join(values, sql``)}
        from runs r where r.project_id = ${projectId} and r.deleted_at is null ${archived} and ${set}
      )
      select ${list(grouped)}, count(*)::int as count, count(distinct coalesce(code_digest, ''::bytea))::int as codes,
        count(distinct manifest_id)::int as manifests, (count(*) - count(manifest_id))::int as uncited,
        count(*) filter (where manifest_id not in (select manifest_id from manifest_reports))::int as unchecked,
        count(*) filter (where ${isBlocked})::int as blocked,
        count(*) filter (where ${isBlocked} and manifest_id in (
          select manifest_id from manifest_overrides where project_id = ${projectId}))::int as overridden,
        to_jsonb((array_agg(jsonb_build_object('id', id, 'name', name, 'seed', seed) order by id desc))[1:${MEMBERS_MAX}]) as members
        ${sql.join(
          summaries.map((_, at) => statistics(name("v", at), at)),
          sql``,
        )}
      from met group by ${list(grouped)} order by count desc, ${list(grouped)} limit ${GROUPS_MAX + 1}`);
  });
  return {
    groups: rows.slice(0, GROUPS_MAX).map((row) => toGroup(row, columns, summaries)),
    isCut: rows.length > GROUPS_MAX,
  };
}

const isBlocked = sql`manifest_id in (select manifest_id from manifest_reports where verdict = 'block')`;

type Cited = Pick<Group, "manifests" | "uncited" | "unchecked" | "blocked" | "overridden">;
type Row = Pick<Group, "count"> &
  Cited & {
    codes: number;
    members: Group["members"];
  } & Record<string, unknown>;

const name = (prefix: string, at: number): SQL => sql.raw(`${prefix}${at}`);
const list = (parts: SQL[]): SQL => sql.join(parts, sql`, `);

function keyOf(column: Column): SQL {
  if (column.kind === "config")
    return sql`(select coalesce(to_jsonb(v.number), to_jsonb(v.text)) from run_values v where v.run_id = r.id and v.key = ${column.key})`;
  if (column.kind === "run" && column.name === "status") return sql`to_jsonb(r.status)`;
  if (column.kind === "run" && column.name === "manifest") return sql`to_jsonb(r.manifest_id)`;
  if (column.kind === "run" && column.name === "replicates") return sql`to_jsonb(encode(r.replicate_key, 'hex'))`;
  const detail = `${columnName(column)} makes no groups; expected config.KEY, status, manifest or replicates`;
  throw new ProblemError("invalid", `by: ${detail}`, [{ field: "by", detail }]);
}

function summaryOf(column: Column): SQL {
  if (column.kind === "metric")
    return sql`(select ${sql.raw(column.summary === "last" ? "last" : column.summary === "atBest" ? "at_best" : summaryValues[column.summary])}
      from series where run_id = r.id and split = ${column.split} and metric = ${column.metric} and not quarantined)`;
  const detail = `${columnName(column)} is no summary of a metric`;
  throw new ProblemError("invalid", `summaries: ${detail}`, [{ field: "summaries", detail }]);
}

function statistics(value: SQL, at: number): SQL {
  const finite = sql`filter (where ${value} not in ('NaN', 'Infinity', '-Infinity'))`;
  return sql`, count(${value}) ${finite} as ${name("n", at)}, avg(${value}) ${finite} as ${name("mean", at)},
    stddev_samp(${value}) ${finite} as ${name("sd", at)}, count(${value}) as ${name("all", at)}`;
}

function toGroup(row: Row, columns: Column[], summaries: Column[]): Group {
  const key = columns.map((column, at) => [columnName(column), (row[`k${at}`] ?? null) as number | string | null]);
  const found = summaries.flatMap((column, at): [string, GroupSummary][] => {
    const [n, all] = [Number(row[`n${at}`]), Number(row[`all${at}`])];
    if (all === 0) return [];
    return [[columnName(column), summarise(n, Number(row[`mean${at}`]), row[`sd${at}`] as number | null, all - n)]];
  });
  const { count, codes, members, manifests, uncited, unchecked, blocked, overridden } = row;
  const cited = { manifests, uncited, unchecked, blocked, overridden, codeDiffers: codes > 1 };
  return { key: Object.fromEntries(key), count, members, ...cited, summaries: Object.fromEntries(found) };
}

function summarise(n: number, mean: number, sd: number | null, nonFinite: number): GroupSummary {
  if (n === 0) return { n, mean: Number.NaN, sd: null, low: null, high: null, nonFinite };
  if (n === 1 || sd === null) return { n, mean, sd: null, low: null, high: null, nonFinite };
  const half = (tQuantile(0.975, n - 1) * sd) / Math.sqrt(n);
  return { n, mean, sd, low: mean - half, high: mean + half, nonFinite };
}
