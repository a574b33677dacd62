/** Doubts of test numbers that were logged while training, or that a config watches: by names and counts, never by values. */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { keyOfRow, nameOfRow, type StoredSplit } from "../metrics/stored-split.ts";
import type { DoubtOf } from "../wire/doubts.ts";
import { seriesOfKey } from "../wire/points/key-rule.ts";
import { isTestSeries } from "../wire/points/series.ts";
import { seriesWords } from "../wire/points/series-name.ts";
import { namedRuns } from "./facts.ts";

const SERIES_NAMED = 10;
/** Runs that are told from one another; of more, these are counted. */
const RUNS_MAX = 20_000;

type LoggedRow = { run: string; name: string; split: StoredSplit; metric: string; count: number };

/** Test series of the project's newest runs, with how many points each holds; runs with most first. */
export async function readLoggedTests(projectId: string): Promise<LoggedRow[]> {
  const rows = await connections().db.execute<LoggedRow>(sql`
    select r.id as run, r.name, s.split, s.metric, s.count::float8 as count
    from (select id, name from runs where project_id = ${projectId} and deleted_at is null
      order by id desc limit ${RUNS_MAX}) r
      join series s on s.run_id = r.id and s.quarantined and s.count > 0
    order by r.id desc, s.metric, s.split`);
  return [...rows].filter(({ split, metric }) => isTestSeries(nameOfRow({ split, metric }).split, metric));
}

/** How many looks the ledger counts for what runs of the project logged, deleted runs among them. */
export async function countLoggedLooks(projectId: string): Promise<number> {
  const [row] = await connections().db.execute<{ looks: number }>(sql`
    select count(*)::int as looks from runs r join looks l on l.run_id = r.id
    where r.project_id = ${projectId} and l.kind = 'logged'`);
  return row!.looks;
}

export function loggedDoubts(rows: readonly LoggedRow[], looks: number): DoubtOf<"test-logged">[] {
  if (rows.length === 0) return [];
  const runs = new Map<string, { id: string; name: string; points: number; isEveryEpoch: boolean }>();
  for (const { run: id, name, count } of rows) {
    const known = runs.get(id) ?? { id, name, points: 0, isEveryEpoch: false };
    runs.set(id, { ...known, points: known.points + count, isEveryEpoch: known.isEveryEpoch || count > 1 });
  }
  const most = [...runs.values()].sort((a, b) => b.points - a.points);
  return [
    {
      kind: "test-logged",
      tone: "danger",
      ...namedRuns(most),
      series: [...new Set(rows.map((row) => seriesWords(nameOfRow(row))))].slice(0, SERIES_NAMED),
      points: most.reduce((sum, { points }) => sum + points, 0),
      everyEpoch: most.filter(({ isEveryEpoch }) => isEveryEpoch).length,
      looks,
    },
  ];
}

/** What a key is called that says by which number a program stops, or keeps and chooses a model. */
const watching =
  /^(monitor|metricforbestmodel|(best|selection|checkpoint|earlystopping|objective|target|tuning|tune)(metric|monitor|by)|(selectby|watch|objective))$/;

export const watchingKeys = (keys: readonly string[]): string[] =>
  keys.filter((key) => watching.test((key.split(/[./]/).at(-1) ?? "").toLowerCase().replace(/[_-]/g, "")));

const WATCHED_RUNS_MAX = 1_000;

/** Keys of the config that name a test number as what is watched. */
export async function watchedDoubts(projectId: string, keys: readonly string[]): Promise<DoubtOf<"watched-test">[]> {
  if (keys.length === 0) return [];
  const { db } = connections();
  const named = await db.execute<{ key: string; text: string }>(sql`
    select distinct key, text from run_values
    where project_id = ${projectId} and key = any(${sql.param(keys)}::text[]) and text is not null limit 1000`);
  const tests = [...named].filter(({ text }) => namesTest(text));
  const doubts = await Promise.all(
    tests.map(async ({ key, text }): Promise<DoubtOf<"watched-test">[]> => {
      const runs = await db.execute<{ id: string; name: string }>(sql`
        select r.id, r.name from run_values v join runs r on r.id = v.run_id and r.deleted_at is null
        where v.project_id = ${projectId} and v.key = ${key} and v.text = ${text}
        order by r.id desc limit ${WATCHED_RUNS_MAX}`);
      const doubt = { kind: "watched-test", tone: "danger", ...namedRuns([...runs]), key, series: text } as const;
      return runs.length === 0 ? [] : [doubt];
    }),
  );
  return doubts.flat();
}

function namesTest(text: string): boolean {
  const { split, metric } = seriesOfKey(text);
  return isTestSeries(split, metric) || isTestSeries(null, text);
}

/** By run: its test series, as `seriesKey` writes them. */
export function testKeysByRun(rows: readonly LoggedRow[]): Map<string, string[]> {
  const byRun = new Map<string, string[]>();
  for (const row of rows) byRun.set(row.run, [...(byRun.get(row.run) ?? []), keyOfRow(row)]);
  return byRun;
}
