/** One statement for a chart: of each series the level that fits the width, what refines its two ends, and the new batches. */
import type { PendingQuery, Row as SqlRow } from "postgres";
import { connections, isDistributed } from "../../db/connection.ts";
import type { SeriesName } from "../wire/points/series-name.ts";
import { type Chunk, chunkOf } from "./chunk-rows.ts";
import { unpackSummary } from "./live-summaries.ts";
import type { Summary } from "./points/extend-summary.ts";
import { unpackColumns } from "./points/pack-columns.ts";
import { POINTS_A_CHUNK } from "./points/pyramid.ts";
import { KEY_OF_ROW_SQL, storedSplit } from "./stored-split.ts";
import type { HotBatch } from "./uncompacted-batches.ts";

/** A series as stored: chunks by level and step, the finest level that was asked for with all its rows in the range. */
export type StoredSeries = { key: string; compacted: Summary; level: number; chunks: Chunk[] };
/** `stored` batches came so far: those in chunks, and the `hot` ones. */
export type StoredRun = { stored: number; series: StoredSeries[]; hot: Omit<HotBatch, "hash">[] };

/** A range that no entry lies across, so that nothing is read to refine its ends. */
export const everyStep = { from: -1, to: Number.MAX_SAFE_INTEGER };

export type ChartQuery = {
  runs: string[];
  series: SeriesName[];
  /** First and last step. */
  from: number;
  to: number;
  /**
   * How many entries of a level may be read of each series, beside those of the rows that the ends of the range lie in; null:
   * all its points. The level that is read then has more than a sixteenth of them in the range, if the one below has more.
   */
  entries: number | null;
};

type Row = {
  kind: "run" | "series" | "chunk" | "axis" | "hot";
  run_id: string;
  /** The series' number, or the writer's. */
  number: number;
  /** A chunk's level, or the level that was chosen for a series. */
  level: number;
  /** A batch's, a chunk's first step, or how many batches a run has. */
  sequence: string;
  /** The `seriesKey` of a series. */
  key: string | null;
  axis: string | null;
  data: Buffer | null;
};

/** How many batches each run has stored: what was drawn of as many is drawn alike again. */
export async function countStored(runs: string[]): Promise<Map<string, number>> {
  const { sql } = connections();
  const rows = await sql<{ run_id: string; stored: string }[]>`${storedOf(sql`w.run_id = any(${runs}::uuid[])`)}`;
  const counted = new Map(rows.map(({ run_id, stored }) => [run_id, Number(stored)]));
  return new Map(runs.map((run) => [run, counted.get(run) ?? 0]));
}

/** A run that no writer has logged to has no row. */
const storedOf = (ofRuns: Fragment) => connections().sql`
  select run_id, sum(stored)::int8 as stored from (
    select w.run_id, w.done_sequence + count(b.sequence) as stored
    from writers w left join batches b on b.run_id = w.run_id and b.writer = w.number and b.sequence > w.done_sequence
    where ${ofRuns} group by w.run_id, w.number, w.done_sequence
  ) w group by run_id`;

/** What is stored now of the wanted series, from one snapshot. A series that has only new batches is in `hot` alone. */
export async function queryChart(query: ChartQuery): Promise<Map<string, StoredRun>> {
  return gather(query.runs, isDistributed() ? await readFromNodes(query) : await readRows(query, null));
}

type Fragment = PendingQuery<SqlRow[]>;
/** A run by itself, and the rows of its wanted series. */
type OneRun = { run: string; series: WantedRow[] };
type WantedRow = { run_id: string; number: number; split: string; metric: string; compacted: Buffer | null };

/** Each run lies on one node, and is read there, from one snapshot of its own. */
async function readFromNodes(query: ChartQuery): Promise<Row[]> {
  const rows = await connections().sql<WantedRow[]>`${wantedSeries(query)}`;
  const read = query.runs.map(async (run) => {
    const series = rows.filter((row) => row.run_id === run);
    const found = await readRows({ ...query, runs: [run] }, { run, series });
    const dataOf = new Map(series.map(({ number, compacted }) => [number, compacted]));
    return found.map((row) => (row.kind === "series" ? { ...row, data: dataOf.get(row.number)! } : row));
  });
  return (await Promise.all(read)).flat();
}

const wantedSeries = ({ runs, series }: ChartQuery) => connections().sql`
  select s.run_id, s.number, s.split, s.metric, s.compacted from series s
  where s.run_id = any(${runs}::uuid[]) and (s.split, s.metric) in (select * from
    unnest(${series.map(({ split }) => storedSplit(split))}::text[], ${series.map(({ metric }) => metric)}::text[]))`;

const wantedOf = ({ run, series }: OneRun) => connections().sql`
  select ${run}::uuid as run_id, s.*, null::bytea as compacted from unnest(${series.map(({ number }) => number)}::int[],
    ${series.map(({ split }) => split)}::text[], ${series.map(({ metric }) => metric)}::text[]) s (number, split, metric)`;

/** `one`: a run that is named in each part of the statement, so that a node is found for it; null: there are no nodes. */
async function readRows(query: ChartQuery, one: OneRun | null): Promise<Row[]> {
  const { runs, from, to, entries } = query;
  const { sql } = connections();
  // the highest level is one row, so some level always fits
  const budget = entries === null ? 2 ** 40 : Math.max(entries, POINTS_A_CHUNK);
  const rowsMax = Math.ceil(budget / 128);
  // nothing lies across an end beyond which there are no steps
  const edges = [from, to].filter((step) => step > 0 && step < Number.MAX_SAFE_INTEGER);
  const run = one ? sql`${one.run}::uuid` : sql`w.run_id`;
  const ofRuns = (column: Fragment) => (one ? sql`${column} = ${run}` : sql`${column} = any(${runs}::uuid[])`);
  const within = (level: Fragment) => sql`
    c.run_id = ${run} and c.series = w.number and c.level = ${level} and c.step_first <= ${to} and c.step_last >= ${from}
    and c.step_first >= coalesce((select b.step_first from chunks b where b.run_id = ${run} and b.series = w.number
      and b.level = ${level} and b.step_first <= ${from} order by b.step_first desc limit 1), 0)`;
  return sql<Row[]>`
    with recursive wanted as materialized (${one ? wantedOf(one) : wantedSeries(query)}
    ), fitting (run_id, number, level) as (
      select w.run_id, w.number, top.level::int from wanted w cross join lateral (
        select c.level from chunks c where c.run_id = ${run} and c.series = w.number order by c.level desc limit 1) top
      union all
      select w.run_id, w.number, w.level - 1 from fitting w where w.level > 0
        and (select count(*) < ${rowsMax} and coalesce(sum(r.entries) filter (where r.is_within), 0) <= ${budget} from (
          select c.entries, c.step_first >= ${from} and c.step_last <= ${to} as is_within
          from chunks c where ${within(sql`w.level - 1`)} order by c.step_first limit ${rowsMax}) r)
    ), chosen as materialized (
      select w.*, f.level from wanted w join (select run_id, number, min(level) as level from fitting group by run_id, number) f
        using (run_id, number)
    ), picked as materialized (
      select c.run_id, c.series, c.level, c.step_first, c.axis, c.data
      from chosen w join lateral (select * from chunks c where ${within(sql`w.level`)}) c on true
      union all
      select distinct on (c.run_id, c.series, c.level, c.step_first) c.run_id, c.series, c.level, c.step_first, c.axis, c.data
      from unnest(${edges}::int8[]) edge (step) cross join chosen w cross join generate_series(0, w.level - 1) l (level)
        cross join lateral (select * from chunks c where c.run_id = ${run} and c.series = w.number and c.level = l.level
          and c.step_first <= edge.step order by c.step_first desc limit 1) c
      where c.step_last >= edge.step
    )
    select 'series' as kind, run_id, number, level, 0::int8 as sequence, ${sql.unsafe(KEY_OF_ROW_SQL)} as key, null::uuid as axis,
      compacted as data from chosen
    union all select 'chunk', run_id, series, level, step_first, null, axis, data from picked
    union all select 'axis', a.run_id, 0, 0, 0, null, a.id, a.data
      from axes a where (a.run_id, a.id) in (select run_id, axis from picked) ${one ? sql`and ${ofRuns(sql`a.run_id`)}` : sql``}
    union all select 'run', run_id, 0, 0, stored, null, null, null from (${storedOf(ofRuns(sql`w.run_id`))}) r
    union all select 'hot', b.run_id, b.writer, 0, b.sequence, null, null, b.data
      from batches b join writers w on w.run_id = b.run_id and w.number = b.writer and b.sequence > w.done_sequence
      where ${ofRuns(sql`b.run_id`)}`;
}

function gather(runs: string[], rows: Row[]): Map<string, StoredRun> {
  const of = (kind: Row["kind"]) => rows.filter((row) => row.kind === kind);
  const found = new Map(runs.map((run): [string, StoredRun] => [run, { stored: 0, series: [], hot: [] }]));
  for (const row of of("run")) found.get(row.run_id)!.stored = Number(row.sequence);
  for (const row of of("hot").sort((a, b) => a.number - b.number || Number(a.sequence) - Number(b.sequence)))
    found.get(row.run_id)!.hot.push({ writer: row.number, sequence: Number(row.sequence), data: row.data! });
  const series = new Map<string, StoredSeries>();
  for (const row of of("series")) {
    const one = { key: row.key!, compacted: unpackSummary(row.data), level: row.level, chunks: [] };
    series.set(`${row.run_id} ${row.number}`, one);
    found.get(row.run_id)!.series.push(one);
  }
  const axes = new Map(of("axis").map((row) => [row.run_id + row.axis, unpackColumns(row.data!)]));
  for (const row of of("chunk").sort((a, b) => Number(a.sequence) - Number(b.sequence)))
    series
      .get(`${row.run_id} ${row.number}`)!
      .chunks.push(chunkOf(row.level, axes.get(row.run_id + row.axis)!, unpackColumns(row.data!)));
  return found;
}
