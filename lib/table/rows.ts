/** The runs table: pages of rows with the columns that are shown. */

import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { validate as isUuid } from "uuid";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { manifestOverrides, manifestVerdicts } from "../../db/schema/manifests.ts";
import { runs, runTags, runValues } from "../../db/schema/runs.ts";
import { series, summaryValues } from "../../db/schema/series.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { toOverride } from "../manifests/manifests.ts";
import { isUnsummedBatch } from "../metrics/compact.ts";
import { storedSplit } from "../metrics/stored-split.ts";
import { ProblemError, parse } from "../problem.ts";
import { type CellValue, type LongText, SENT_CHARACTERS } from "../runs/long-text.ts";
import { type FailureReason, type RunStatus, toWireFloat } from "../wire/base/words.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import type { Failure } from "../wire/runs.ts";
import { parseColumn, valuesOf } from "./columns.ts";
import { conditionOf } from "./filter-sql.ts";
import { type Column, columnName } from "./language/column-name.ts";
import { isShown, type Order, readIds } from "./page.ts";

export type CitedManifest = Pick<Manifest, "id" | "verdict" | "override">;
export type RunRow = {
  id: string;
  name: string;
  status: RunStatus;
  failureReason: FailureReason | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  /** From start to end, or to the last sign of life. */
  durationMs: number | null;
  seed: number | null;
  /** Null where the run cites none. */
  manifest: CitedManifest | null;
  pointsLost: number;
  isArchived: boolean;
  /** Which of the twelve colours a member chose for its curves; null: the page gives one. */
  color: number | null;
  tags: string[];
  /** Whether its summaries lack points: all of them, those of an ended run, or some that came seconds ago. */
  isBehind: boolean;
  /** Of config keys, summaries and `replicates` that were asked for, by column; NaN and ±Infinity as text. */
  values: Record<string, CellValue>;
};
export type RunsPage = {
  rows: RunRow[] /** What `after` takes for the page that follows; null on the last. */;
  next: string | null;
};

/** What a page or a program asks of the table. */
const runsQuerySchema = z.object({
  /** Names as `parseColumn` reads them: config keys and summaries are read for these alone. */
  columns: z.array(z.string()),
  /** A column's name; `-` before: descending. Default: the newest first. */
  sort: z.string().optional(),
  /** In the filter language; plain words are looked for in names. */
  filter: z.string().optional(),
  /** Archived runs, too. */
  archived: z.boolean().optional(),
  after: z.string().nullish(),
  /** 1 to 500, default 100. */
  size: z.number().optional(),
  /** Texts of any length as text, for exports. */
  whole: z.boolean().optional(),
});
const pickedQuerySchema = runsQuerySchema.pick({ columns: true, filter: true, archived: true }).extend({
  ids: z.array(z.string()),
});
export type RunsQuery = z.infer<typeof runsQuerySchema>;
export type PickedQuery = z.infer<typeof pickedQuerySchema>;

const SIZE_MAX = 500;
const COLUMNS_MAX = 500;
const TIMEOUT_MS = 2_000;

/** A page of the project's runs. Throws `invalid` for a sort, filter or column that can't be, or a filter of over 2 s. */
export async function readRunsPage(actor: Actor, projectId: string, asked: RunsQuery): Promise<RunsPage> {
  authorise(actor, "runs.read", projectId);
  const query = parse(runsQuerySchema, asked);
  const columns = query.columns.slice(0, COLUMNS_MAX).map((name) => parseColumn(name));
  const order = readOrder(query.sort, projectId);
  return withTimeout(async (tx) => {
    const condition = conditionOf(projectId, query.filter ?? "");
    const archived = query.archived ?? false;
    const size = Math.max(1, Math.min(SIZE_MAX, query.size ?? 100));
    const { ids, next } = await readIds(tx, { projectId, order, condition, archived }, size, query.after ?? null);
    return { rows: await readRows(tx, ids, columns, query.whole), next };
  });
}

const PICKED_MAX = 200;

/** Rows of the first 200 of these runs as they are now, in their order, without those that the query finds no more. */
export async function readRunRows(actor: Actor, projectId: string, asked: PickedQuery): Promise<RunRow[]> {
  authorise(actor, "runs.read", projectId);
  const query = parse(pickedQuerySchema, asked);
  const columns = query.columns.slice(0, COLUMNS_MAX).map((name) => parseColumn(name));
  const wanted = query.ids.slice(0, PICKED_MAX).filter((id) => isUuid(id));
  return withTimeout(async (tx) => {
    const { probe } = conditionOf(projectId, query.filter ?? "");
    const found = await tx.execute<{ id: string }>(sql`
      select r.id from runs r where r.id = any(${sql.param(wanted)}::uuid[]) and r.project_id = ${projectId}
        and r.deleted_at is null ${query.archived ? sql`` : sql`and r.archived_at is null`} and ${probe}`);
    const there = new Set(found.map(({ id }) => id));
    const ids = wanted.filter((id) => there.has(id));
    return readRows(tx, ids, columns);
  });
}

/** Most runs that are counted of those that match. */
export const COUNT_MAX = 10_000;

/** How many runs match, counted up to `COUNT_MAX`; beyond that `isMore`. */
export async function countRuns(
  actor: Actor,
  projectId: string,
  query: Pick<RunsQuery, "filter" | "archived">,
): Promise<{ count: number; isMore: boolean }> {
  authorise(actor, "runs.read", projectId);
  const count = await withTimeout(async (tx) => {
    const condition = conditionOf(projectId, query.filter ?? "");
    const [row] = await tx.execute<{ count: number }>(sql`
      select count(*)::int as count from (select 1 from runs r where r.project_id = ${projectId}
        and r.deleted_at is null and ${isShown(projectId, query.archived ?? false)} and ${condition.set} limit ${COUNT_MAX + 1}) met`);
    return row!.count;
  });
  return { count: Math.min(count, COUNT_MAX), isMore: count > COUNT_MAX };
}

/** Runs what a person's filter, or another `field`, asks for, for two seconds at most; `instead` says what else to do. */
export async function withTimeout<T>(
  work: (tx: Executor) => Promise<T>,
  { field, instead } = { field: "filter", instead: "narrow it down" },
): Promise<T> {
  try {
    return await connections().db.transaction(async (tx) => {
      // memory enough that a set of any filter is hashed; it is taken as far as it is needed
      await tx.execute(sql`select set_config('statement_timeout', ${String(TIMEOUT_MS)}, true),
        set_config('work_mem', '64MB', true)`);
      return work(tx);
    });
  } catch (error) {
    const code = codeOf(error);
    const detail =
      code === "57014"
        ? `it takes longer than ${TIMEOUT_MS / 1000} s; ${instead}`
        : `${(causeOf(error) as Error).message}`;
    if (code !== "57014" && code !== "2201B") throw error;
    throw new ProblemError("invalid", `${field}: ${detail}`, [{ field, detail }], { cause: error });
  }
}

const causeOf = (error: unknown): unknown => (error instanceof Error && error.cause ? error.cause : error);
const codeOf = (error: unknown): unknown => (causeOf(error) as { code?: unknown }).code;

export function readOrder(sort: string | undefined, projectId: string): Order {
  const name = sort || "-created";
  const descending = /^-(?!\/)/.test(name); // `-/` begins the name of a series without a split
  const column = parseColumn(descending ? name.slice(1) : name, "sort");
  if (valuesOf(column, projectId).length === 0 && columnName(column) !== "created")
    throw new ProblemError("invalid", `sort: runs have no order by ${columnName(column)}`, [
      { field: "sort", detail: "expected another column" },
    ]);
  return { column, descending };
}

/** Rows of these runs, in the order of the ids. */
export async function readRows(tx: Executor, ids: string[], columns: Column[], whole = false): Promise<RunRow[]> {
  if (ids.length === 0) return [];
  const reading = tx
    .select({ ...rowColumns, verdict: manifestVerdicts.verdict, override: manifestOverrides })
    .from(runs)
    .leftJoin(manifestVerdicts, eq(manifestVerdicts.manifestId, runs.manifestId))
    .leftJoin(
      manifestOverrides,
      and(eq(manifestOverrides.projectId, runs.projectId), eq(manifestOverrides.manifestId, runs.manifestId)),
    )
    .where(inArray(runs.id, ids));
  // asked for in one go
  const [found, tags, values, behind] = await Promise.all([
    reading,
    readTags(tx, ids),
    readValues(tx, ids, columns, whole),
    readBehind(tx, ids, columns),
  ]);
  const rowOf = new Map(found.map((run) => [run.id, run]));
  const hasReplicates = columns.some((column) => columnName(column) === "replicates");
  return ids.flatMap((id) => {
    const run = rowOf.get(id);
    if (!run) return [];
    const { createdAt, startedAt, endedAt, heartbeatAt, archivedAt, failure, ...rest } = run;
    const { manifestId, replicateKey, verdict, override, ...facts } = rest;
    const replicates: RunRow["values"] = hasReplicates
      ? { replicates: replicateKey && Buffer.from(replicateKey).toString("hex") }
      : {};
    const until = endedAt ?? heartbeatAt;
    return {
      ...facts,
      manifest: manifestId === null ? null : { id: manifestId, verdict, override: override && toOverride(override) },
      failureReason: (failure as Failure | null)?.reason ?? null,
      createdAt: createdAt.toISOString(),
      startedAt: startedAt?.toISOString() ?? null,
      endedAt: endedAt?.toISOString() ?? null,
      durationMs: startedAt && until ? until.getTime() - startedAt.getTime() : null,
      isArchived: archivedAt !== null,
      tags: tags.get(id) ?? [],
      isBehind: behind.has(id),
      values: { ...values.get(id), ...replicates },
    };
  });
}

const rowColumns = {
  id: runs.id,
  name: runs.name,
  status: runs.status,
  failure: runs.failure,
  createdAt: runs.createdAt,
  startedAt: runs.startedAt,
  endedAt: runs.endedAt,
  heartbeatAt: runs.heartbeatAt,
  seed: runs.seed,
  manifestId: runs.manifestId,
  replicateKey: runs.replicateKey,
  pointsLost: runs.pointsLost,
  color: runs.color,
  archivedAt: runs.archivedAt,
};

async function readTags(tx: Executor, ids: string[]): Promise<Map<string, string[]>> {
  const rows = await tx
    .select({ id: runTags.runId, tag: runTags.tag })
    .from(runTags)
    .where(inArray(runTags.runId, ids))
    .orderBy(asc(runTags.tag));
  const tags = new Map<string, string[]>();
  for (const { id, tag } of rows) tags.set(id, [...(tags.get(id) ?? []), tag]);
  return tags;
}

/** A run that is logged to is commonly so far behind, and nobody is told. */
const BEHIND_S = 2;

/** The runs whose summaries lack points; none where no summary is asked for. */
async function readBehind(tx: Executor, ids: string[], columns: Column[]): Promise<Set<string>> {
  if (!columns.some(({ kind }) => kind === "metric")) return new Set();
  const rows = await tx.execute<{ id: string }>(sql`
    with waiting as materialized (
      select b.run_id, min(b.received_at) as since
      from batches b join writers w on w.run_id = b.run_id and w.number = b.writer
      where b.run_id = any(${sql.param(ids)}::uuid[]) and ${sql.raw(isUnsummedBatch)} group by b.run_id
    )
    select b.run_id as id from waiting b join runs r on r.id = b.run_id
    where b.since < now() - make_interval(secs => ${BEHIND_S}) or r.ended_at is not null
      or not exists (select 1 from series s where s.run_id = b.run_id and s.count > 0)`);
  return new Set(rows.map(({ id }) => id));
}

async function readValues(
  tx: Executor,
  ids: string[],
  columns: Column[],
  whole: boolean,
): Promise<Map<string, RunRow["values"]>> {
  const [configs, summaries] = await Promise.all([
    readConfigs(tx, ids, columns, whole),
    readSummaries(tx, ids, columns),
  ]);
  const values = new Map<string, RunRow["values"]>(ids.map((id) => [id, {}]));
  for (const [id, name, value] of [...configs, ...summaries]) values.get(id)![name] = value;
  return values;
}

type ReadValue = [run: string, column: string, CellValue];

async function readConfigs(tx: Executor, ids: string[], columns: Column[], whole: boolean): Promise<ReadValue[]> {
  const keys = columns.flatMap((column) => (column.kind === "config" ? [column.key] : []));
  if (keys.length === 0) return [];
  const rows = await tx
    .select({ id: runValues.runId, key: runValues.key, number: runValues.number, ...(whole ? wholeTexts : texts) })
    .from(runValues)
    .where(and(inArray(runValues.runId, ids), inArray(runValues.key, keys)));
  return rows.map(({ id, key, number, text, characters, sha256 }) => {
    const long: LongText | null = sha256 === null ? null : { text: text!, characters: characters!, sha256 };
    return [id, `config.${key}`, number ?? long ?? text];
  });
}

const texts = {
  text: sql<
    string | null
  >`case when ${runValues.digest} is null then ${runValues.text} else left(${runValues.whole}, ${SENT_CHARACTERS}) end`,
  characters: sql<number | null>`length(${runValues.whole})`,
  sha256: sql<string | null>`encode(${runValues.digest}, 'hex')`,
};
const wholeTexts: typeof texts = {
  text: sql`coalesce(${runValues.whole}, ${runValues.text})`,
  characters: sql`null`,
  sha256: sql`null`,
};

async function readSummaries(tx: Executor, ids: string[], columns: Column[]): Promise<ReadValue[]> {
  const summaries = columns.flatMap((column) => (column.kind === "metric" ? [column] : []));
  if (summaries.length === 0) return [];
  const rows = await tx
    .select({ id: series.runId, split: series.split, metric: series.metric, ...summaryColumns })
    .from(series)
    .where(
      and(
        inArray(series.runId, ids),
        inArray(series.split, [...new Set(summaries.map(({ split }) => storedSplit(split)))]),
        inArray(series.metric, [...new Set(summaries.map(({ metric }) => metric))]),
        eq(series.quarantined, false),
      ),
    );
  return rows.flatMap((row) =>
    summaries
      .filter(({ metric, split }) => metric === row.metric && storedSplit(split) === row.split)
      .map((column): ReadValue => {
        const value = row[column.summary];
        return [row.id, columnName(column), value === null ? null : toWireFloat(value)];
      }),
  );
}

const summaryColumns = {
  last: series.last,
  min: series.min,
  max: series.max,
  mean: sql<number | null>`${sql.raw(summaryValues.mean)}`,
  atBest: series.atBest,
};
