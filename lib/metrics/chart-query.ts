/** One statement for a chart: of each series the level that fits the width, what refines its two ends, and the new batches. */
import { connections } from "../../db/connection.ts";
import { type Chunk, unpackChunk } from "./chunk-rows.ts";
import type { HotBatch } from "./hot.ts";
import { unpackSummary } from "./live-summaries.ts";
import { POINTS_A_CHUNK } from "./pyramid.ts";
import { keyOf } from "./series-rows.ts";
import type { Summary } from "./summary.ts";

/** A series as stored: chunks by level and step, the finest level that was asked for with all its rows in the range. */
export type ChartSeries = { key: string; compacted: Summary; level: number; chunks: Chunk[] };
export type ChartRun = { series: ChartSeries[]; hot: HotBatch[] };

export type ChartQuery = {
  runs: string[];
  series: { split: string; metric: string }[];
  /** First and last step. */
  from: number;
  to: number;
  /** How many entries of a level may be read of each series; null: all its points. */
  entries: number | null;
};

type Row = {
  kind: "series" | "chunk" | "axis" | "hot";
  run_id: string;
  /** The series' number, or the writer's. */
  number: number;
  /** A chunk's level, or the level that was chosen for a series. */
  level: number;
  sequence: string;
  name: string | null;
  axis: string | null;
  data: Buffer | null;
};

/** What is stored now of the wanted series, from one snapshot. A series that has only new batches is in `hot` alone. */
export async function queryChart({ runs, series, from, to, entries }: ChartQuery): Promise<Map<string, ChartRun>> {
  const { sql } = connections();
  // the highest level is one row, so some level always fits
  const budget = entries === null ? 2 ** 40 : Math.max(entries, POINTS_A_CHUNK);
  const rowsMax = Math.ceil(budget / 128);
  const within = (level: ReturnType<typeof sql>) => sql`
    c.run_id = w.run_id and c.series = w.number and c.level = ${level} and c.step_first <= ${to} and c.step_last >= ${from}
    and c.step_first >= coalesce((select b.step_first from chunks b where b.run_id = w.run_id and b.series = w.number
      and b.level = ${level} and b.step_first <= ${from} order by b.step_first desc limit 1), 0)`;
  const rows = await sql<Row[]>`
    with wanted as materialized (
      select s.run_id, s.number, s.split, s.metric, s.compacted from series s
      where s.run_id = any(${runs}::uuid[]) and (s.split, s.metric) in (select * from
        unnest(${series.map(({ split }) => split)}::text[], ${series.map(({ metric }) => metric)}::text[]))
    ), chosen as materialized (
      select w.*, l.level from wanted w cross join lateral (
        select l.level::int from generate_series(0, 13) l (level)
        where (select count(*) < ${rowsMax} and coalesce(sum(r.entries), 0) <= ${budget} from (
          select c.entries from chunks c where ${within(sql`l.level`)} order by c.step_first limit ${rowsMax}) r)
        order by l.level limit 1) l
    ), picked as materialized (
      select c.run_id, c.series, c.level, c.step_first, c.axis, c.data
      from chosen w join lateral (select * from chunks c where ${within(sql`w.level`)}) c on true
      union all
      select distinct on (c.run_id, c.series, c.level, c.step_first) c.run_id, c.series, c.level, c.step_first, c.axis, c.data
      from chosen w cross join generate_series(0, w.level - 1) l (level) cross join (values (${from}::int8), (${to})) edge (step)
        cross join lateral (select * from chunks c where c.run_id = w.run_id and c.series = w.number and c.level = l.level
          and c.step_first <= edge.step order by c.step_first desc limit 1) c
      where c.step_last >= edge.step
    )
    select 'series' as kind, run_id, number, level, 0::int8 as sequence, split || ' ' || metric as name, null::uuid as axis,
      compacted as data from chosen
    union all select 'chunk', run_id, series, level, step_first, null, axis, data from picked
    union all select 'axis', a.run_id, 0, 0, 0, null, a.id, a.data
      from axes a where (a.run_id, a.id) in (select run_id, axis from picked)
    union all select 'hot', b.run_id, b.writer, 0, b.sequence, null, null, b.data
      from batches b join writers w on w.run_id = b.run_id and w.number = b.writer and b.sequence > w.done_sequence
      where b.run_id = any(${runs}::uuid[])`;
  return gather(rows);
}

function gather(rows: Row[]): Map<string, ChartRun> {
  const axes = new Map(rows.filter(({ kind }) => kind === "axis").map((row) => [row.run_id + row.axis, row.data!]));
  const found = new Map<string, ChartRun>();
  const series = new Map<string, ChartSeries>();
  const runOf = (id: string) => {
    const run = found.get(id) ?? { series: [], hot: [] };
    found.set(id, run);
    return run;
  };
  for (const row of rows.toSorted((a, b) => a.number - b.number || Number(a.sequence) - Number(b.sequence))) {
    if (row.kind === "hot")
      runOf(row.run_id).hot.push({ writer: row.number, sequence: Number(row.sequence), data: row.data! });
    if (row.kind !== "series") continue;
    const [split, metric] = [row.name!.split(" ", 1)[0]!, row.name!.slice(row.name!.indexOf(" ") + 1)];
    const one = { key: keyOf({ split, metric }), compacted: unpackSummary(row.data), level: row.level, chunks: [] };
    series.set(`${row.run_id} ${row.number}`, one);
    runOf(row.run_id).series.push(one);
  }
  const chunks = rows.filter(({ kind }) => kind === "chunk").sort((a, b) => Number(a.sequence) - Number(b.sequence));
  for (const row of chunks)
    series
      .get(`${row.run_id} ${row.number}`)!
      .chunks.push(unpackChunk(row.level, axes.get(row.run_id + row.axis)!, row.data!));
  return found;
}
