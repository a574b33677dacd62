/** What the columns of many runs hold, in one query a kind. Reads alone. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "../../../db/connection.ts";
import { nameOfRow, type StoredSplit, storedSplit } from "../../metrics/stored-split.ts";
import { columnName, type MetricSummary } from "../../table/language/column-name.ts";
import type { RunStatus, WireFloat } from "../../wire/base/words.ts";
import { seriesKey } from "../../wire/points/series-name.ts";

/** By run; a run that has none is missing. Numbers that aren't finite are text, as on the wire. */
export type Cells = Map<string, number | string>;

export type RunFacts = { id: string; name: string; status: RunStatus; seed: number | null; duration: number | null };

/** Those of the project that are there, in the order of the ids; `duration` in seconds. */
export async function readRunFacts(tx: Executor, projectId: string, ids: string[]): Promise<RunFacts[]> {
  const rows = await tx.execute<RunFacts & { seed: string | null }>(sql`
    select r.id, r.name, r.status, r.seed,
      extract(epoch from coalesce(r.ended_at, r.heartbeat_at) - r.started_at)::float8 as duration
    from runs r where r.id = any(${sql.param(ids)}::uuid[]) and r.project_id = ${projectId} and r.deleted_at is null`);
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = rowOf.get(id);
    return row ? [{ ...row, seed: row.seed === null ? null : Number(row.seed) }] : [];
  });
}

/** Config keys that tell these runs apart, those that most runs have first. */
export async function readTellingKeys(tx: Executor, ids: string[], most: number): Promise<string[]> {
  const rows = await tx.execute<{ key: string }>(sql`
    select v.key from run_values v where v.run_id = any(${sql.param(ids)}::uuid[])
    group by v.key
    having min(v.number) is distinct from max(v.number) or min(v.text) is distinct from max(v.text)
      or count(distinct v.digest) > 1 or (count(v.number) > 0 and count(v.text) > 0)
      or (count(v.number) + count(v.text) between 1 and ${ids.length - 1})
    order by count(v.number) + count(v.text) desc, v.key limit ${most}`);
  return rows.map(({ key }) => key);
}

type CellRow = [run: string, ...(number | string | null)[]];

/** By key. Texts of over 300 characters end in what tells them apart. */
export async function readConfigCells(tx: Executor, ids: string[], keys: string[]): Promise<Map<string, Cells>> {
  if (keys.length === 0) return new Map();
  const text = sql`case when v.digest is null then v.text else left(v.whole, 80) || '… ' || left(encode(v.digest, 'hex'), 8) end`;
  const rows = await tx.execute<{ key: string; cells: CellRow[] }>(sql`
    select v.key, json_agg(json_build_array(v.run_id, v.number, ${text})) as cells from run_values v
    where v.run_id = any(${sql.param(ids)}::uuid[]) and v.key = any(${sql.param(keys)}::text[]) group by v.key`);
  return new Map(rows.map(({ key, cells }) => [key, cellsOf(cells, ([, number, words]) => number ?? words ?? null)]));
}

const summaries = ["last", "min", "max", "mean", "atBest"] as const;
const summarySql: SQL = sql.raw(
  `s.last, s.min, s.max, s.sum / nullif(s.count - s.non_finite_count, 0)::double precision, s.at_best`,
);

/** By the column's name; test series, which are kept out of sight, have none. */
export async function readSummaryCells(
  tx: Executor,
  ids: string[],
  columns: readonly MetricSummary[],
): Promise<Map<string, Cells>> {
  if (columns.length === 0) return new Map();
  const metrics = [...new Set(columns.map(({ metric }) => metric))];
  const splits = [...new Set(columns.map(({ split }) => storedSplit(split)))];
  const rows = await tx.execute<{ split: StoredSplit; metric: string; cells: CellRow[] }>(sql`
    select s.split, s.metric, json_agg(json_build_array(s.run_id, ${summarySql})) as cells from series s
    where s.run_id = any(${sql.param(ids)}::uuid[]) and not s.quarantined and s.count > 0
      and s.metric = any(${sql.param(metrics)}::text[]) and s.split = any(${sql.param(splits)}::text[])
    group by s.split, s.metric`);
  const seriesOf = new Map(rows.map((row) => [seriesKey(nameOfRow(row)), row.cells]));
  return new Map(
    columns.map((column) => {
      const at = 1 + summaries.indexOf(column.summary);
      return [columnName(column), cellsOf(seriesOf.get(seriesKey(column)) ?? [], (cell) => cell[at] ?? null)];
    }),
  );
}

/** The last step of any series that is shown. */
export async function readLastSteps(tx: Executor, ids: string[]): Promise<Cells> {
  const rows = await tx.execute<{ run: string; step: number }>(sql`
    select s.run_id as run, max(s.step_last)::float8 as step from series s
    where s.run_id = any(${sql.param(ids)}::uuid[]) and not s.quarantined and s.count > 0 group by s.run_id`);
  return new Map(rows.map(({ run, step }) => [run, step]));
}

function cellsOf(rows: CellRow[], pick: (row: CellRow) => number | string | null): Cells {
  const cells: Cells = new Map();
  for (const row of rows) {
    const value = pick(row);
    if (value !== null) cells.set(row[0], value);
  }
  return cells;
}

/** A number as the wire has it, or null where the text is a word. */
export function asFloat(value: number | string): WireFloat | null {
  if (typeof value === "number") return value;
  return value === "NaN" || value === "Infinity" || value === "-Infinity" ? value : null;
}
