/** A filter as SQL over the run `r`: asked of one run at a time, or as what an index finds. Values are parameters. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { summaryValues } from "../../db/schema.ts";
import { ProblemError } from "../problem.ts";
import { type Column, parseColumn, type RunColumn } from "./columns.ts";
import { type Filter, FilterError, type FilterValue, parseFilter } from "./filter-language.ts";
import type { Condition } from "./page.ts";

/** Throws `invalid` with what is wrong where in the filter. */
export async function conditionOf(_tx: Executor, projectId: string, text: string): Promise<Condition> {
  if (text.trim() === "") return { probe: sql`true`, set: sql`true` };
  try {
    return compile(parseFilter(text), projectId);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const detail = `${error.message} (at character ${error.start + 1})`;
    throw new ProblemError("invalid", `filter: ${detail}`, [{ field: "filter", detail }], { cause: error });
  }
}

function compile(filter: Filter, projectId: string): Condition {
  switch (filter.kind) {
    case "and":
    case "or": {
      const parts = filter.parts.map((part) => compile(part, projectId));
      const join = (form: keyof Condition) =>
        sql`(${sql.join(
          parts.map((part) => part[form]),
          filter.kind === "and" ? sql` and ` : sql` or `,
        )})`;
      return { probe: join("probe"), set: join("set") };
    }
    case "not": {
      const part = compile(filter.part, projectId);
      return { probe: sql`(${part.probe}) is not true`, set: sql`(${part.set}) is not true` };
    }
    case "words":
      return both(
        sql.join(
          filter.words.map((word) => sql`r.name ilike ${`%${word.replace(/[\\%_]/g, "\\$&")}%`}`),
          sql` and `,
        ),
      );
    default:
      return compare(parseColumn(filter.column, "filter"), filter, projectId);
  }
}

const both = (condition: SQL): Condition => ({ probe: condition, set: condition });

type Comparison = Exclude<Filter, { kind: "and" | "or" | "not" | "words" }>;

function compare(column: Column, filter: Comparison, projectId: string): Condition {
  if (column.kind === "config") {
    const asks = configTest(filter);
    const isAbsent = filter.kind === "null" && !filter.negated;
    const probe = sql`coalesce((select ${asks} from run_values v where v.run_id = r.id and v.key = ${column.key}), false)`;
    const set = sql`r.id in (select v.run_id from run_values v
      where v.project_id = ${projectId} and v.key = ${column.key} and ${asks})`;
    return isAbsent ? { probe: sql`not ${probe}`, set: sql`not ${probe}` } : { probe, set };
  }
  if (column.kind === "metric") {
    const value = sql.raw(`(${summaryValues[column.summary]})`);
    const asks = filter.kind === "null" ? sql`${value} is not null` : numberTest(value, filter);
    const of = sql`metric = ${column.metric} and split = ${column.split} and not quarantined`;
    const probe = sql`coalesce((select ${asks} from series where run_id = r.id and ${of}), false)`;
    const set = sql`r.id in (select run_id from series where project_id = ${projectId} and ${of} and ${asks})`;
    return filter.kind === "null" && !filter.negated
      ? { probe: sql`not ${probe}`, set: sql`not ${probe}` }
      : { probe, set };
  }
  return column.name === "tags" ? tagTest(filter, projectId) : both(runTest(column.name, filter));
}

/** Of a row `v` of run_values: numbers are compared with numbers, all else as text. */
function configTest(filter: Comparison): SQL {
  if (filter.kind === "null") return sql`(v.number is not null or v.text is not null)`;
  if (filter.kind === "match")
    return sql`coalesce(v.text, v.number::text) ${filter.negated ? sql`!~` : sql`~`} ${filter.pattern}`;
  const values = filter.kind === "in" ? filter.values : [filter.value];
  const [numbers, texts] = [values.filter(isNumber), values.filter((value) => !isNumber(value))];
  if (filter.kind === "in")
    return sql`(v.number = any(${sql.param(numbers.map(({ value }) => value))}::float8[])
    or v.text = any(${sql.param(texts.map(({ value }) => String(value)))}::text[]))`;
  const [value] = values as [FilterValue];
  if (filter.op === "!=")
    return isNumber(value)
      ? sql`(v.number is distinct from ${value.value})`
      : sql`(v.text is distinct from ${String(value.value)})`;
  return isNumber(value)
    ? sql`v.number ${sql.raw(filter.op)} ${value.value}`
    : sql`v.text ${sql.raw(filter.op)} ${String(value.value)}`;
}

const isNumber = (value: FilterValue): value is FilterValue & { type: "number"; value: number } =>
  value.type === "number";

function numberTest(value: SQL, filter: Exclude<Comparison, { kind: "null" }>): SQL {
  if (filter.kind === "match") return sql`${value}::text ${filter.negated ? sql`!~` : sql`~`} ${filter.pattern}`;
  const wanted = (filter.kind === "in" ? filter.values : [filter.value]).map((one) =>
    requireNumber(one, filter.column),
  );
  if (filter.kind === "in") return sql`${value} = any(${sql.param(wanted)}::float8[])`;
  return sql`${value} ${operator(filter.op)} ${wanted[0]!}`;
}

const operator = (op: string): SQL => sql.raw(op === "!=" ? "is distinct from" : op);

function requireNumber(value: FilterValue, column: string): number {
  if (value.type === "number") return value.value;
  const detail = `${column} is a number, and ${JSON.stringify(value.value)} is none`;
  throw new ProblemError("invalid", `filter: ${detail}`, [{ field: "filter", detail }]);
}

function tagTest(filter: Comparison, projectId: string): Condition {
  if (filter.kind === "null") {
    const has = sql`exists (select 1 from run_tags t where t.run_id = r.id)`;
    return both(filter.negated ? has : sql`not ${has}`);
  }
  const wanted = filter.kind === "in" ? filter.values : filter.kind === "compare" ? [filter.value] : [];
  const asks =
    filter.kind === "match"
      ? sql`t.tag ~ ${filter.pattern}`
      : sql`t.tag = any(${sql.param(wanted.map(({ value }) => String(value)))}::text[])`;
  const isNot = (filter.kind === "match" && filter.negated) || (filter.kind === "compare" && filter.op === "!=");
  const probe = sql`exists (select 1 from run_tags t where t.run_id = r.id and ${asks})`;
  if (isNot) return both(sql`not ${probe}`);
  return { probe, set: sql`r.id in (select t.run_id from run_tags t where t.project_id = ${projectId} and ${asks})` };
}

const texts: Partial<Record<RunColumn, string>> = {
  name: "r.name",
  status: "r.status",
  notes: "r.notes",
  manifest: "r.manifest_id",
};
const dates: Partial<Record<RunColumn, string>> = {
  created: "r.created_at",
  started: "r.started_at",
  ended: "r.ended_at",
};
const numbers: Partial<Record<RunColumn, string>> = {
  seed: "r.seed",
  duration: "extract(epoch from coalesce(r.ended_at, r.heartbeat_at) - r.started_at)::float8",
};

function runTest(name: RunColumn, filter: Comparison): SQL {
  const column = sql.raw(texts[name] ?? dates[name] ?? numbers[name] ?? "null");
  if (filter.kind === "null") return filter.negated ? sql`${column} is not null` : sql`${column} is null`;
  if (filter.kind === "match") return sql`${column}::text ${filter.negated ? sql`!~` : sql`~`} ${filter.pattern}`;
  if (numbers[name]) return numberTest(column, filter);
  if (dates[name]) return dateTest(column, name, filter);
  const wanted = (filter.kind === "in" ? filter.values : [filter.value]).map(({ value }) => String(value));
  if (filter.kind === "in") return sql`${column} = any(${sql.param(wanted)}::text[])`;
  return sql`${column} ${operator(filter.op)} ${wanted[0]!}`;
}

/** A date without a time is the whole day, in UTC. */
function dateTest(column: SQL, name: RunColumn, filter: Exclude<Comparison, { kind: "null" | "match" }>): SQL {
  if (filter.kind === "in")
    return sql`(${sql.join(
      filter.values.map((value) => dateTest(column, name, { ...filter, kind: "compare", op: "=", value })),
      sql` or `,
    )})`;
  const { op, value } = filter;
  const text = String(value.value);
  if (value.type !== "date" || Number.isNaN(Date.parse(text))) {
    const detail = `${name} is a date such as 2026-11-01, and ${JSON.stringify(value.value)} is none`;
    throw new ProblemError("invalid", `filter: ${detail}`, [{ field: "filter", detail }]);
  }
  const start = new Date(text);
  const end = new Date(start.getTime() + (/^\d{4}-\d\d-\d\d$/.test(text) ? 86_400_000 : 1));
  const [from, to] = [sql`${start.toISOString()}::timestamptz`, sql`${end.toISOString()}::timestamptz`];
  if (op === "=") return sql`(${column} >= ${from} and ${column} < ${to})`;
  if (op === "!=") return sql`(${column} < ${from} or ${column} >= ${to})`;
  if (op === "<") return sql`${column} < ${from}`;
  if (op === "<=") return sql`${column} < ${to}`;
  return op === ">" ? sql`${column} >= ${to}` : sql`${column} >= ${from}`;
}
