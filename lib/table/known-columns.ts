/** What columns a project's runs have: config keys, series and tags. Test series are none of them. */
import { and, asc, desc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { metrics } from "../../db/schema/projects.ts";
import { runs, runValues } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { KEY_OF_ROW_SQL, nameOfRow, type StoredSplit, storedSplit } from "../metrics/stored-split.ts";
import { listTags } from "../runs/tags.ts";
import type { Direction } from "../wire/base/words.ts";
import type { SeriesName } from "../wire/points/series-name.ts";
import { parseColumn } from "./columns.ts";
import { mergeColumns } from "./merge-columns.ts";
import { withTimeout } from "./rows.ts";

export type ConfigColumn = { key: string; type: "number" | "text" | "mixed" };
export type MetricColumn = SeriesName & {
  /** Null where the project doesn't declare the metric. */
  direction: Direction | null;
  unit: string;
};
export type RunsColumns = {
  config: ConfigColumn[];
  metrics: MetricColumn[];
  tags: string[];
  /** There are more, which `findColumns` finds. */
  isCut: boolean;
};

/** Names of each kind that are listed; names that one search finds. */
const NAMES_MAX = 2_000;
const FOUND_MAX = 200;

/** The first 2,000 config keys, series and tags, by name; and those of `also`, names of columns, whatever their place. */
export async function listColumns(actor: Actor, projectId: string, also: string[] = []): Promise<RunsColumns> {
  authorise(actor, "runs.read", projectId);
  const { db } = connections();
  const config = await readConfig(
    db,
    projectId,
    sql`select key from (${everyKey(projectId)}) k limit ${NAMES_MAX + 1}`,
  );
  const series = await readMetrics(
    db,
    projectId,
    sql`select metric, split from (${everySeries(projectId)}) s limit ${NAMES_MAX + 1}`,
  );
  const tags = await listTags(actor, projectId);
  const isCut = config.length > NAMES_MAX || series.length > NAMES_MAX;
  const listed = {
    config: config.slice(0, NAMES_MAX),
    metrics: series.slice(0, NAMES_MAX),
    tags,
    isCut,
  };
  return isCut ? mergeColumns(listed, await readNamed(db, projectId, also)) : listed;
}

const tooMany = { field: "columns", instead: "type more of the name" };

/** Up to 200 config keys and 200 series of all there are, in whose columns' names each of the words stands. */
export async function findColumns(
  actor: Actor,
  projectId: string,
  wanted: string,
): Promise<Pick<RunsColumns, "config" | "metrics">> {
  authorise(actor, "runs.read", projectId);
  const patterns = wanted.split(/\s+/).map((word) => `%${word.replace(/[\\%_]/g, "\\$&")}%`);
  const named = (name: SQL) => sql`${name} ilike all(${sql.param(patterns)}::text[])`;
  const keys = sql`select key from (${everyKey(projectId)}) k where ${named(sql`('config.' || key)`)} limit ${FOUND_MAX}`;
  const names = sql`select metric, split from (${everySeries(projectId)}) s
    where ${named(sql`(${sql.raw(KEY_OF_ROW_SQL)} || '.last .min .max .mean .atBest')`)}
    limit ${FOUND_MAX}`;
  return withTimeout(
    async (tx) => ({
      config: await readConfig(tx, projectId, keys),
      metrics: await readMetrics(tx, projectId, names),
    }),
    tooMany,
  );
}

/** As many of the newest runs say which config keys tell runs apart. */
const TELLING_RUNS = 100;

/**
 * Config keys of the project's newest runs, those whose values differ first, of them those that most runs have. No filter
 * counts: columns don't jump while somebody types one.
 */
export async function listTellingKeys(actor: Actor, projectId: string): Promise<string[]> {
  authorise(actor, "runs.read", projectId);
  const { db } = connections();
  const newest = db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.projectId, projectId), isNull(runs.deletedAt), isNull(runs.archivedAt)))
    .orderBy(desc(runs.id))
    .limit(TELLING_RUNS);
  const rows = await db
    .select({ key: runValues.key })
    .from(runValues)
    .where(and(inArray(runValues.runId, newest), eq(runValues.projectId, projectId)))
    .groupBy(runValues.key)
    .orderBy(
      sql`count(distinct (${runValues.number}, ${runValues.text}, ${runValues.digest})) > 1 or count(*) < (select count(*) from ${newest} n) desc`,
      sql`count(*) desc`,
      asc(runValues.key),
    )
    .limit(NAMES_MAX);
  return rows.map(({ key }) => key);
}

/** (key) of the project, in order: an index is read from each to the next, and no further than is asked for. */
const everyKey = (projectId: string): SQL => sql`
  with recursive k (key) as (
    select min(key) from run_values where project_id = ${projectId} and (number is not null or text is not null)
    union all
    select least((select min(v.key) from run_values v where v.project_id = ${projectId} and v.number is not null and v.key > k.key),
      (select min(v.key) from run_values v where v.project_id = ${projectId} and v.text is not null and v.key > k.key))
    from k where k.key is not null
  ) select key from k where key is not null`;

/** (metric, split) of the project, in order, in the same way. */
const everySeries = (projectId: string): SQL => sql`
  with recursive s (metric, split) as (
    (select metric, split from series where project_id = ${projectId} and not quarantined order by metric, split limit 1)
    union all
    select n.metric, n.split from s cross join lateral (select metric, split from series n
      where n.project_id = ${projectId} and not n.quarantined and (n.metric, n.split) > (s.metric, s.split)
      order by n.metric, n.split limit 1) n
  ) select metric, split from s`;

/** `keys`: a query for (key). */
async function readConfig(tx: Executor, projectId: string, keys: SQL): Promise<ConfigColumn[]> {
  const rows = await tx.execute<{ key: string; numbers: boolean; texts: boolean }>(sql`
    select key,
      exists (select 1 from run_values v where v.project_id = ${projectId} and v.key = k.key and v.number is not null) as numbers,
      exists (select 1 from run_values v where v.project_id = ${projectId} and v.key = k.key and v.text is not null) as texts
    from (${keys}) k`);
  return rows
    .filter(({ numbers, texts }) => numbers || texts)
    .map(({ key, numbers, texts }) => ({ key, type: numbers && texts ? "mixed" : numbers ? "number" : "text" }));
}

/** `names`: a query for (metric, split). */
async function readMetrics(tx: Executor, projectId: string, names: SQL): Promise<MetricColumn[]> {
  const rows = await tx.execute<{ metric: string; split: StoredSplit }>(names);
  const declared = await tx
    .select()
    .from(metrics)
    .where(
      and(
        eq(metrics.projectId, projectId),
        inArray(
          metrics.name,
          rows.map(({ metric }) => metric),
        ),
      ),
    );
  const declarationOf = new Map(declared.map((metric) => [metric.name, metric]));
  return rows.map((row) => {
    const { direction = null, unit = "" } = declarationOf.get(row.metric) ?? {};
    return { ...nameOfRow(row), direction, unit };
  });
}

/** Of the columns with these names those that there are. */
async function readNamed(tx: Executor, projectId: string, names: string[]) {
  const columns = names.map((name) => parseColumn(name));
  const keys = columns.flatMap((column) => (column.kind === "config" ? [column.key] : []));
  const series = columns.filter((column) => column.kind === "metric");
  const metricNames = series.map(({ metric }) => metric);
  const splits = series.map(({ split }) => storedSplit(split));
  return {
    config: await readConfig(tx, projectId, sql`select distinct unnest(${sql.param(keys)}::text[]) as key`),
    metrics: await readMetrics(
      tx,
      projectId,
      sql`select distinct s.metric, s.split from series s where s.project_id = ${projectId} and not s.quarantined
        and (s.metric, s.split) in (select * from unnest(${sql.param(metricNames)}::text[], ${sql.param(splits)}::text[]))`,
    ),
  };
}
