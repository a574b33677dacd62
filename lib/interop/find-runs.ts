/** Finds runs of projects by what a client asks of them. Quarantined series are in no condition and no order. */
import { type SQL, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { catchUp, isUnsummedBatch } from "../metrics/compact.ts";
import { storedSplit } from "../metrics/stored-split.ts";
import { SHOWN_CHARACTERS } from "../runs/long-text.ts";
import type { RunStatus } from "../wire/base/words.ts";
import { type SeriesName, seriesKey } from "../wire/points/series-name.ts";
import { plainKey } from "./series-keys.ts";

export type Comparator = "=" | "!=" | "<" | "<=" | ">" | ">=";
/** What a text is held against: one of a list or none of it, a pattern of LIKE in either case or in this one, or being there. */
export type TextTest =
  | { op: "in" | "not-in"; texts: string[] }
  | { op: "like" | "ilike"; pattern: string }
  | { op: "null" | "not-null" };

/** `series`: those that a client may mean by `key`, which is what it may have named them. */
export type MetricName = { key: string; series: SeriesName[] };
/** A text of the run's own; `address` is that of its files, behind `prefix`. */
export type RunText =
  | { column: "id" | "name" | "notes" | "user" }
  | { column: "address"; prefix: string; suffix: string };

export type RunCondition =
  | { of: "metric"; name: MetricName; op: Comparator; value: number }
  | { of: "config"; key: string; test: TextTest }
  | { of: "property"; key: string; test: TextTest }
  | { of: "text"; text: RunText; test: TextTest }
  | { of: "status"; statuses: readonly RunStatus[] }
  | { of: "time"; at: "start" | "end"; op: Comparator; value: number }
  | { of: "input"; field: "name" | "digest" | { tag: string }; test: TextTest };

export type RunOrder = { isDescending: boolean } & (
  | { by: "metric"; name: MetricName }
  | { by: "config" | "property"; key: string }
  | { by: "text"; text: RunText }
  | { by: "status"; words: Record<RunStatus, string> }
  | { by: "time"; at: "start" | "end" }
);

export type RunQuestion = {
  projectIds: string[];
  /** `kept`: those that aren't deleted. */
  which: "kept" | "deleted" | "all";
  conditions: RunCondition[];
  /** What comes first; then the later start, then the id. */
  order: RunOrder[];
  offset: number;
  limit: number;
};

const CONDITIONS_MAX = 100;

/** The ids of runs in order. Summaries are brought up to the last batch first, so that a client finds what it logged. */
export async function findRuns(actor: Actor, asked: RunQuestion): Promise<string[]> {
  for (const id of asked.projectIds) authorise(actor, "runs.read", id);
  if (asked.projectIds.length === 0 || asked.conditions.length > CONDITIONS_MAX) return [];
  await catchUpProjects(asked.projectIds);
  const projectIds = sql`any(${sql.param(asked.projectIds)}::uuid[])`;
  const joins = asked.order.map((one, at) => joinOf(one, at, projectIds));
  const orders = asked.order.map((one, at) => orderOf(one, sql.raw(`o${at}`)));
  const deleted = { kept: sql`and r.deleted_at is null`, deleted: sql`and r.deleted_at is not null`, all: sql`` };
  const rows = await connections().db.transaction(async (tx) => {
    // how many runs a condition finds is guessed badly: a loop in a loop takes minutes, and a hash never does
    await tx.execute(sql`select set_config('enable_nestloop', 'off', true), set_config('work_mem', ${WORK_MEM}, true)`);
    return tx.execute<{ id: string }>(sql`
      with found as materialized (
        select r.id, r.project_id, r.name, r.notes, r.created_by, r.status, r.started_at, r.created_at, r.ended_at
        from runs r where r.project_id = ${projectIds} ${deleted[asked.which]}
          and ${among(sql`r.project_id`, sql`select p.id from projects p where p.deleted_at is null`)}
          ${sql.join(
            asked.conditions.map((one) => sql`and ${conditionOf(one, projectIds)}`),
            sql` `,
          )}
      )
      select r.id from found r ${sql.join(joins, sql` `)}
      order by ${sql.join([...orders, sql`${startOf} desc nulls last`, sql`r.id`], sql`, `)}
      limit ${asked.limit} offset ${asked.offset}`);
  });
  return rows.map(({ id }) => id);
}

/** The ids that a condition finds among a million runs, hashed. */
const WORK_MEM = "64MB";

/** True where it is one of these; the form keeps PostgreSQL from making a join of it, and it hashes them once. */
const among = (one: SQL, those: SQL): SQL => sql`(${one} in (${those})) is true`;

/** Runs with points that no summary counts: few, as the upkeep is two seconds behind at most. */
const CAUGHT_UP_MAX = 500;

async function catchUpProjects(projectIds: string[]): Promise<void> {
  const rows = await connections().db.execute<{ id: string }>(sql`
    with waiting as materialized (
      select distinct b.run_id from batches b
      join writers w on w.run_id = b.run_id and w.number = b.writer and ${sql.raw(isUnsummedBatch)}
    )
    select b.run_id as id from waiting b join runs r on r.id = b.run_id
    where r.project_id = any(${sql.param(projectIds)}::uuid[]) limit ${CAUGHT_UP_MAX}`);
  // one after another: each takes a connection
  for (const { id } of rows) await catchUp(id).catch(() => {});
}

const startOf = sql`coalesce(r.started_at, r.created_at)`;
const timeOf = { start: startOf, end: sql`r.ended_at` };
const hexOf = (id: SQL): SQL => sql`replace(${id}::text, '-', '')`;

function textOf(text: RunText): SQL {
  if (text.column === "address")
    return sql`(${text.prefix}::text || ${hexOf(sql`r.project_id`)} || '/' || ${hexOf(sql`r.id`)} || ${text.suffix}::text)`;
  return {
    id: hexOf(sql`r.id`),
    name: sql`r.name`,
    notes: sql`nullif(r.notes, '')`,
    user: sql`r.created_by`,
  }[text.column];
}

const comparators: Record<Comparator, SQL> = {
  "=": sql`=`,
  "!=": sql`<>`,
  "<": sql`<`,
  "<=": sql`<=`,
  ">": sql`>`,
  ">=": sql`>=`,
};

function conditionOf(one: RunCondition, projectIds: SQL): SQL {
  switch (one.of) {
    case "metric":
      return among(
        sql`r.id`,
        sql`select s.run_id from ${seriesOf(one.name, projectIds)}
          where nullif(s.last, 'NaN'::float8) ${comparators[one.op]} ${one.value}::float8`,
      );
    case "config":
      return configCondition(one.key, one.test, projectIds);
    case "property":
      return existence(
        one.test,
        sql`select v.run_id from run_properties v where v.project_id = ${projectIds} and v.key = ${one.key}`,
        sql`v.value`,
      );
    case "text":
      return testOf(textOf(one.text), one.test);
    case "status":
      return sql`r.status = any(${sql.param([...one.statuses])}::text[])`;
    case "time":
      return sql`${timeOf[one.at]} ${comparators[one.op]} to_timestamp(${one.value}::float8 / 1000)`;
    case "input":
      return existence(
        one.test,
        sql`select v.run_id from run_inputs v where v.project_id = ${projectIds}`,
        inputText(one.field),
      );
  }
}

const inputText = (field: "name" | "digest" | { tag: string }): SQL =>
  typeof field === "string" ? sql`v.${sql.raw(field)}` : sql`v.tags ->> ${field.tag}`;

/** A number that came as one has the text that PostgreSQL gives it: JavaScript's, but for the form of very small ones. */
const configText = sql`coalesce(v.given, v.whole, v.text, v.number::text, 'null')`;

/** `rows`: a query up to its condition, for the ids of runs that have the text at all. */
function existence(test: TextTest, rows: SQL, text: SQL): SQL {
  if (test.op === "null") return sql`not ${among(sql`r.id`, rows)}`;
  if (test.op === "not-null") return among(sql`r.id`, rows);
  return among(sql`r.id`, sql`${rows} and ${testOf(text, test)}`);
}

/** Equal values are found by the indexes of numbers and of texts; any other test is put to each run's own value. */
function configCondition(key: string, test: TextTest, projectIds: SQL): SQL {
  const own = sql`from run_values v where v.run_id = r.id and v.key = ${key}`;
  if (test.op === "null") return sql`(select true ${own}) is null`;
  if (test.op === "not-null") return sql`(select true ${own})`;
  if (test.op !== "in" || test.texts.includes("null")) return sql`(select ${testOf(configText, test)} ${own})`;
  const numbers = test.texts.map(Number).filter(Number.isFinite);
  const texts = test.texts.map((text) => [...text].slice(0, SHOWN_CHARACTERS).join(""));
  return among(
    sql`r.id`,
    sql`select v.run_id from run_values v where v.project_id = ${projectIds} and v.key = ${key}
      and (v.number = any(${sql.param(numbers)}::float8[]) or v.text = any(${sql.param(texts)}::text[]))
      and ${testOf(configText, test)}`,
  );
}

function testOf(text: SQL, test: TextTest): SQL {
  switch (test.op) {
    case "in":
      return sql`${text} = any(${sql.param(test.texts)}::text[])`;
    case "not-in":
      return sql`${text} <> all(${sql.param(test.texts)}::text[])`;
    // a backslash is itself: there is no escape
    case "like":
      return sql`${text} like ${test.pattern}::text escape ''`;
    case "ilike":
      return sql`${text} ilike ${test.pattern}::text escape ''`;
    case "null":
      return sql`${text} is null`;
    case "not-null":
      return sql`${text} is not null`;
  }
}

/**
 * The rows of `series` that a key may mean, each name found by the index: quarantined ones are none of them. A series with a
 * split has its client's name for it, or its plain one.
 */
function seriesOf({ key, series }: MetricName, projectIds: SQL): SQL {
  const once = new Map(series.map((name) => [seriesKey(name), name]));
  const meant = [...once.values()].map((name) => {
    const one = sql`select s.run_id, s.last from series s where s.project_id = ${projectIds}
      and s.split = ${storedSplit(name.split)} and s.metric = ${name.metric} and not s.quarantined and s.count > 0`;
    if (name.split === null) return one;
    const named = sql`select 1 from series_keys k where k.run_id = s.run_id and k.split = s.split and k.metric = s.metric`;
    if (plainKey(name) === key) return sql`${one} and not exists (${named} and k.key <> ${key})`;
    return sql`${one} and exists (${named} and k.key = ${key})`;
  });
  return sql`(${sql.join(meant, sql` union all `)}) s`;
}

/** What an order needs beside the run itself, as `oN.value`; of config and properties each run's own is looked up. */
function joinOf(one: RunOrder, at: number, projectIds: SQL): SQL {
  const alias = sql.raw(`o${at}`);
  switch (one.by) {
    case "metric":
      return sql`left join (select distinct on (s.run_id) s.run_id, s.last as value from ${seriesOf(one.name, projectIds)}
        order by s.run_id) ${alias} on ${alias}.run_id = r.id`;
    case "config":
      return sql`cross join lateral (select (select ${configText} from run_values v
        where v.run_id = r.id and v.key = ${one.key}) as value) ${alias}`;
    case "property":
      return sql`cross join lateral (select (select v.value from run_properties v
        where v.run_id = r.id and v.key = ${one.key}) as value) ${alias}`;
    default:
      return sql``;
  }
}

/** What is missing stands last in both directions, and NaN before it. */
function orderOf(one: RunOrder, alias: SQL): SQL {
  const direction = one.isDescending ? sql`desc` : sql`asc`;
  switch (one.by) {
    case "metric":
      return sql`${alias}.value is null, ${alias}.value = 'NaN'::float8, ${alias}.value ${direction}`;
    case "config":
    case "property":
      return sql`${alias}.value collate "C" ${direction} nulls last`;
    case "text":
      return sql`${textOf(one.text)} collate "C" ${direction} nulls last`;
    case "time":
      return sql`${timeOf[one.at]} ${direction} nulls last`;
    case "status":
      return sql`(${JSON.stringify(one.words)}::jsonb ->> r.status) collate "C" ${direction}`;
  }
}
