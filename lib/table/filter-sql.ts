/** A filter as SQL over the run `r`: asked of one run at a time, or as what an index finds. Values are parameters. */

import { type SQL, sql } from "drizzle-orm";
import { summaryValues } from "../../db/schema/series.ts";
import { ProblemError } from "../problem.ts";
import { isSeries, parseColumn } from "./columns.ts";
import { type ConfigTest, configTest } from "./filter-config.ts";
import type { Column, RunColumn } from "./language/column-name.ts";
import { parseFilter } from "./language/filter-language.ts";
import { FilterError, readSpan } from "./language/filter-tokens.ts";
import type { Filter, FilterValue } from "./language/filter-tree.ts";
import type { Condition } from "./page.ts";

/** Throws `invalid` with what is wrong where in the filter. */
export function conditionOf(projectId: string, text: string): Condition {
  if (text.trim() === "") return { probe: sql`true`, set: sql`true`, ids: [] };
  if (text.includes("\0")) throw wrongFilter("no name and no value has a NUL character");
  try {
    return compile(parseFilter(text), projectId);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw wrongFilter(`${error.message} (at character ${error.start + 1})`, error);
  }
}

const wrongFilter = (detail: string, cause?: unknown): ProblemError =>
  new ProblemError("invalid", `filter: ${detail}`, [{ field: "filter", detail }], { cause });

function compile(filter: Filter, projectId: string): Condition {
  switch (filter.kind) {
    case "and":
      return all(filter.parts, projectId);
    case "or": {
      const parts = filter.parts.map((part) => compile(part, projectId));
      return { ...joined(parts, sql` or `), ids: anyOf(parts) };
    }
    case "not":
      return negated(compile(filter.part, projectId));
    case "words": {
      const patterns = filter.words.map((word) => `%${word.replace(/[\\%_]/g, "\\$&")}%`);
      return ofRun(projectId, (run) =>
        sql.join([sql`true`, ...patterns.map((pattern) => sql`${run}.name ilike ${pattern}`)], sql` and `),
      );
    }
    default:
      return compare(parseColumn(filter.column, "filter"), [filter], projectId);
  }
}

/** What is asked of one column by several parts becomes one range of its index. */
function all(filters: Filter[], projectId: string): Condition {
  const ofColumn = new Map<string, Comparison[]>();
  const parts: Condition[] = [];
  for (const filter of filters) {
    if (!isValueTest(filter)) parts.push(compile(filter, projectId));
    else ofColumn.set(filter.column, [...(ofColumn.get(filter.column) ?? []), filter]);
  }
  for (const [name, tests] of ofColumn) parts.push(compare(parseColumn(name, "filter"), tests, projectId));
  return { ...joined(parts, sql` and `), ids: parts.flatMap(({ ids }) => ids) };
}

/** A test of the one value that a run has in a column; of tags it has several. */
const isValueTest = (filter: Filter): filter is Comparison =>
  (filter.kind === "compare" || filter.kind === "in" || filter.kind === "match") && filter.column !== "tags";

function joined(parts: Condition[], by: SQL): Pick<Condition, "probe" | "set"> {
  const join = (forms: SQL[]) => sql`(${sql.join(forms, by)})`;
  return { probe: join(parts.map(({ probe }) => probe)), set: join(parts.map(({ set }) => set)) };
}

/** Ids of all runs that meet any of the conditions, where an index knows of each. */
function anyOf(parts: Condition[]): SQL[] {
  if (parts.some(({ ids }) => ids.length === 0)) return [];
  return [
    sql.join(
      parts.map(({ ids }) => sql`(${ids[0]})`),
      sql` union `,
    ),
  ];
}

/** The condition that `test` makes of a row of `runs`. */
function ofRun(projectId: string, test: (run: SQL) => SQL, isIndexed = false): Condition {
  const ids = sql`select f.id from runs f where f.project_id = ${projectId} and f.deleted_at is null and (${test(sql`f`)})`;
  return {
    probe: sql`(select ${test(sql`f`)} from runs f where f.id = r.id)`,
    set: among(ids),
    ids: isIndexed ? [ids] : [],
  };
}

/** Has `probe` of one run; `ids` are those of all that have it. */
const having = (probe: SQL, ids: SQL, isIndexed: boolean): Condition => ({
  probe,
  set: among(ids),
  ids: isIndexed ? [ids] : [],
});

/** True where the run's id is among these; the form keeps PostgreSQL from making a join of it. */
const among = (ids: SQL): SQL => sql`(r.id in (${ids})) is true`;
const negated = ({ probe, set }: Condition): Condition => ({
  probe: sql`(${probe}) is not true`,
  set: sql`(${set}) is not true`,
  ids: [],
});

type Comparison = Exclude<ConfigTest, { kind: "digest" }>;

/** That the column's value meets each of the tests; of tags and of null there is one alone. */
function compare(column: Column, asked: ConfigTest[], projectId: string): Condition {
  const tests = asked.filter((test) => test.kind !== "digest");
  if (tests.length < asked.length && column.kind !== "config")
    throw wrongFilter("only a config key is compared by is sha256");
  const [first] = asked as [ConfigTest];
  const isAbsent = first.kind === "null" && !first.negated;
  const isIndexed = tests.some(({ kind }) => kind === "compare" || kind === "in");
  const each = (test: (filter: Comparison) => SQL) => sql`(${sql.join(tests.map(test), sql` and `)})`;
  if (column.kind === "config") {
    const asks = sql`(${sql.join(asked.map(configTest), sql` and `)})`;
    const has = having(
      sql`coalesce((select ${asks} from run_values v where v.run_id = r.id and v.key = ${column.key}), false)`,
      sql`select v.run_id as id from run_values v where v.project_id = ${projectId} and v.key = ${column.key} and ${asks}`,
      isIndexed,
    );
    return isAbsent ? negated(has) : has;
  }
  if (column.kind === "metric") {
    const value = sql.raw(`(${summaryValues[column.summary]})`);
    const asks = each((filter) => (filter.kind === "null" ? sql`${value} is not null` : numberTest(value, filter)));
    const of = isSeries(column);
    const has = having(
      sql`coalesce((select ${asks} from series where run_id = r.id and ${of}), false)`,
      sql`select run_id as id from series where project_id = ${projectId} and ${of} and ${asks}`,
      isIndexed,
    );
    return isAbsent ? negated(has) : has;
  }
  if (column.name === "tags") return tagTest(tests[0]!, projectId);
  const isOrdered = column.name !== "notes" && column.name !== "duration";
  const isFound = isIndexed && isOrdered && (column.name !== "name" || tests.some(isEquality));
  return ofRun(projectId, (run) => each((filter) => runTest(run, column.name, filter)), isFound);
}

const isEquality = (filter: Comparison): boolean =>
  filter.kind === "in" || (filter.kind === "compare" && filter.op === "=");

function numberTest(value: SQL, filter: Exclude<Comparison, { kind: "null" }>): SQL {
  if (filter.kind === "match") return sql`${value}::text ${filter.negated ? sql`!~` : sql`~`} ${filter.pattern}`;
  const wanted = (filter.kind === "in" ? filter.values : [filter.value]).map((one) =>
    requireNumber(one, filter.column),
  );
  // whole numbers as such, so that an index of whole numbers serves them
  const type = sql.raw(wanted.every(Number.isSafeInteger) ? "bigint" : "float8");
  if (filter.kind === "in") return sql`${value} = any(${sql.param(wanted)}::${type}[])`;
  return sql`${value} ${operator(filter.op)} ${wanted[0]!}::${type}`;
}

const operator = (op: string): SQL => sql.raw(op === "!=" ? "is distinct from" : op);

function requireNumber(value: FilterValue, column: string): number {
  if (value.type === "number") return value.value;
  const detail = `${column} is a number, and ${JSON.stringify(value.value)} is none`;
  throw wrongFilter(detail);
}

function tagTest(filter: Comparison, projectId: string): Condition {
  const wanted = filter.kind === "in" ? filter.values : filter.kind === "compare" ? [filter.value] : [];
  const tags = sql`t.tag = any(${sql.param(wanted.map(({ value }) => String(value)))}::text[])`;
  const asks = filter.kind === "null" ? sql`true` : filter.kind === "match" ? sql`t.tag ~ ${filter.pattern}` : tags;
  const has = having(
    sql`exists (select 1 from run_tags t where t.run_id = r.id and ${asks})`,
    sql`select distinct t.run_id as id from run_tags t where t.project_id = ${projectId} and ${asks}`,
    filter.kind === "compare" || filter.kind === "in",
  );
  const isNot =
    filter.kind === "compare"
      ? filter.op === "!="
      : filter.kind === "null"
        ? !filter.negated
        : filter.kind === "match" && filter.negated;
  return isNot ? negated(has) : has;
}

const texts: Partial<Record<RunColumn, string>> = { status: "status", notes: "notes", manifest: "manifest_id" };
const dates: Partial<Record<RunColumn, string>> = { created: "created_at", started: "started_at", ended: "ended_at" };

/** Of a row of `runs` under the alias `run`. */
function runTest(run: SQL, name: RunColumn, filter: Comparison): SQL {
  if (name === "replicates") return replicatesTest(sql`${run}.replicate_key`, filter);
  const column =
    name === "duration"
      ? sql`extract(epoch from coalesce(${run}.ended_at, ${run}.heartbeat_at) - ${run}.started_at)::float8`
      : sql`${run}.${sql.raw(texts[name] ?? dates[name] ?? name)}`;
  if (filter.kind === "null") return filter.negated ? sql`${column} is not null` : sql`${column} is null`;
  if (filter.kind === "match") return sql`${column}::text ${filter.negated ? sql`!~` : sql`~`} ${filter.pattern}`;
  if (name === "duration" || name === "seed") return numberTest(column, filter);
  if (dates[name]) return dateTest(column, name, filter);
  const wanted = (filter.kind === "in" ? filter.values : [filter.value]).map(({ value }) => String(value));
  // names are indexed in lower case
  const near = sql`lower(${column}) = any(array(select lower(w) from unnest(${sql.param(wanted)}::text[]) w)) and`;
  const isEqual = filter.kind === "in" || filter.op === "=";
  const asks = isEqual ? sql`= any(${sql.param(wanted)}::text[])` : sql`${operator(filter.op)} ${wanted[0]!}`;
  return sql`${name === "name" && isEqual ? near : sql``} ${column} ${asks}`;
}

/** Digests are compared as they are stored, so that their index serves. */
function replicatesTest(key: SQL, filter: Comparison): SQL {
  if (filter.kind === "null") return filter.negated ? sql`${key} is not null` : sql`${key} is null`;
  if (filter.kind === "match") return sql`encode(${key}, 'hex') ${filter.negated ? sql`!~` : sql`~`} ${filter.pattern}`;
  const wanted = (filter.kind === "in" ? filter.values : [filter.value]).map(({ value }) => String(value));
  const wrong = wanted.find((value) => !/^[0-9a-f]{64}$/.test(value));
  if (wrong !== undefined) {
    const detail = `replicates is a digest of 64 hexadecimal digits, and ${JSON.stringify(wrong)} is none`;
    throw wrongFilter(detail);
  }
  const digests = sql`array(select decode(w, 'hex') from unnest(${sql.param(wanted)}::text[]) w)`;
  const isEqual = filter.kind === "in" || filter.op === "=";
  return isEqual ? sql`${key} = any(${digests})` : sql`${key} ${operator(filter.op)} (${digests})[1]`;
}

/** A date without a time is the whole day, in UTC; `-1d` is the moment a day ago. */
function dateTest(column: SQL, name: RunColumn, filter: Exclude<Comparison, { kind: "null" | "match" }>): SQL {
  if (filter.kind === "in")
    return sql`(${sql.join(
      filter.values.map((value) => dateTest(column, name, { ...filter, kind: "compare", op: "=", value })),
      sql` or `,
    )})`;
  const { op, value } = filter;
  const text = String(value.value);
  const span = readSpan(text);
  if (span !== null) return sql`${column} ${operator(op)} ${new Date(Date.now() + span).toISOString()}::timestamptz`;
  if (value.type !== "date" || Number.isNaN(Date.parse(text))) {
    const detail = `${name} is a date such as 2026-11-01, and ${JSON.stringify(value.value)} is none`;
    throw wrongFilter(detail);
  }
  // without a zone it is UTC, as a whole day is
  const start = new Date(/T[^Z+-]*$/.test(text) ? `${text}Z` : text);
  const end = new Date(start.getTime() + (/^\d{4}-\d\d-\d\d$/.test(text) ? 86_400_000 : 1));
  const [from, to] = [sql`${start.toISOString()}::timestamptz`, sql`${end.toISOString()}::timestamptz`];
  if (op === "=") return sql`(${column} >= ${from} and ${column} < ${to})`;
  if (op === "!=") return sql`(${column} < ${from} or ${column} >= ${to})`;
  if (op === "<") return sql`${column} < ${from}`;
  if (op === "<=") return sql`${column} < ${to}`;
  return op === ">" ? sql`${column} >= ${to}` : sql`${column} >= ${from}`;
}
