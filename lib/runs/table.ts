/** The table of a project's runs: one page of rows, filtered and sorted by the database. */
import { and, asc, count, desc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { metrics, runs, series } from "../../db/schema.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { ProblemError } from "../problem.ts";
import type { Config, Direction, Failure, FailureReason, RunStatus } from "../wire.ts";
import { flattenConfig, type Scalar } from "./flatten.ts";

export type MetricColumn = {
  split: "train" | "validation" | null;
  metric: string;
  /** Null where the project doesn't declare the metric. */
  direction: Direction | null;
  unit: string;
};
export type RunSummary = {
  last: number | null;
  /** Set where the last value is no number. */
  lastIsNonFinite?: "NaN" | "Infinity" | "-Infinity";
  min: number | null;
  max: number | null;
  /** The minimum or maximum, by the declared direction; null where none is declared. */
  best: number | null;
};
export type RunTableRow = {
  id: string;
  name: string;
  status: RunStatus;
  failureReason: FailureReason | null;
  createdAt: string;
  endedAt: string | null;
  /** From start to end, or to the last sign of life. */
  durationMs: number | null;
  config: Record<string, Scalar>;
  seed: number | null;
  manifestId: string | null;
  pointsLost: number;
  /** By `split/metric`, `-/metric` where there is no split. */
  summaries: Record<string, RunSummary>;
};
export type RunsTable = {
  rows: RunTableRow[];
  /** Keys of the rows' configs; those whose values differ come first, and of those the ones that most rows have. */
  configKeys: string[];
  metricColumns: MetricColumn[];
  matching: number;
  total: number;
  page: number;
  pageSize: number;
};
export type RunsView = {
  /** Words that each must stand in name, status or config. */
  q?: string;
  /** `created`, `name`, `status`, `duration`, `config.KEY`, `metric.SPLIT/NAME.last|min|max|best`; `-` before: descending. */
  sort?: string;
  /** From 1. */
  page?: number;
};

const PAGE_SIZE = 100;

/** One page of the project's runs. Test series are in no column. Throws `invalid` for a sort that can't be. */
export async function readRunsTable(actor: Actor, projectId: string, view: RunsView): Promise<RunsTable> {
  authorise(actor, "runs.read", projectId);
  const { db } = connections();
  const page = Math.max(1, Math.min(10_000, Math.trunc(view.page ?? 1) || 1));
  const living = and(eq(runs.projectId, projectId), isNull(runs.deletedAt));
  const matching = and(living, ...wordsOf(view.q).map(contains));
  const declared = await db.select().from(metrics).where(eq(metrics.projectId, projectId));
  const directionOf = new Map(declared.map((row) => [row.name, row.direction]));
  const [found, [totals], [matches]] = await Promise.all([
    db
      .select()
      .from(runs)
      .where(matching)
      .orderBy(...orderBy(view.sort || "-created", directionOf))
      .limit(PAGE_SIZE)
      .offset((page - 1) * PAGE_SIZE),
    db.select({ count: count() }).from(runs).where(living),
    db.select({ count: count() }).from(runs).where(matching),
  ]);
  const ids = found.map((run) => run.id);
  const summaries = await db
    .select()
    .from(series)
    .where(and(inArray(series.runId, ids), eq(series.quarantined, false)))
    .orderBy(asc(series.metric), asc(series.split));
  const rows = found.map((run) =>
    toRow(
      run,
      summaries.filter((row) => row.runId === run.id),
      directionOf,
    ),
  );
  return {
    rows,
    configKeys: configKeys(rows),
    metricColumns: metricColumns(summaries, declared),
    matching: matches?.count ?? 0,
    total: totals?.count ?? 0,
    page,
    pageSize: PAGE_SIZE,
  };
}

const wordsOf = (q: string | undefined): string[] => (q ?? "").slice(0, 500).split(/\s+/).filter(Boolean).slice(0, 10);

function contains(word: string): SQL {
  const pattern = `%${word.replace(/[\\%_]/g, "\\$&")}%`;
  return sql`(${runs.name} ilike ${pattern} or ${runs.status} ilike ${pattern} or ${runs.config}::text ilike ${pattern})`;
}

type DirectionOf = Map<string, Direction>;

function orderBy(sort: string, directionOf: DirectionOf): SQL[] {
  const descending = sort.startsWith("-");
  const value = sortValue(descending ? sort.slice(1) : sort, directionOf);
  const newestFirst = desc(runs.id);
  return [descending ? sql`${value} desc nulls last` : sql`${value} asc nulls last`, newestFirst];
}

function sortValue(key: string, directionOf: DirectionOf): SQL {
  if (key === "created") return sql`${runs.id}`;
  if (key === "name") return sql`lower(${runs.name})`;
  if (key === "status") return sql`${runs.status}`;
  if (key === "duration") return sql`coalesce(${runs.endedAt}, ${runs.heartbeatAt}) - ${runs.startedAt}`;
  if (key.startsWith("config.")) {
    // a key may hold dots, and so may a path: whichever the config has
    const path = key.slice("config.".length);
    return sql`nullif(coalesce(${runs.config} -> ${path}, ${runs.config} #> ${sql.param(path.split("."))}::text[]), 'null')`;
  }
  const metric = /^metric\.(train|validation|-)\/(.+)\.(last|min|max|best)$/.exec(key);
  if (!metric)
    throw new ProblemError("invalid", `sort: there is no column ${JSON.stringify(key)}`, [
      {
        field: "sort",
        detail: "expected created, name, status, duration, config.KEY or metric.SPLIT/NAME.last|min|max|best",
      },
    ]);
  const [, split, name, asked] = metric as unknown as [string, string, string, "last" | "min" | "max" | "best"];
  const direction = directionOf.get(name);
  if (asked === "best" && direction !== "min" && direction !== "max")
    throw new ProblemError("invalid", `sort: ${name} has no declared direction, so it has no best`, [
      { field: "sort", detail: `expected last, min or max of ${name}` },
    ]);
  const column = asked === "best" ? (direction as "min" | "max") : asked;
  return sql`(select nullif(s.${sql.identifier(column)}, 'NaN') from series s where s.run_id = runs.id
    and s.split = ${split === "-" ? "none" : split} and s.metric = ${name} and not s.quarantined)`;
}

type SeriesRow = typeof series.$inferSelect;
const splitOf = (row: SeriesRow) => (row.split === "none" || row.split === "test" ? null : row.split);
const nameOf = (row: SeriesRow) => `${splitOf(row) ?? "-"}/${row.metric}`;

function toRow(run: typeof runs.$inferSelect, summaries: SeriesRow[], directionOf: DirectionOf): RunTableRow {
  const until = run.endedAt ?? run.heartbeatAt;
  return {
    id: run.id,
    name: run.name,
    status: run.status,
    failureReason: (run.failure as Failure | null)?.reason ?? null,
    createdAt: run.createdAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
    durationMs: run.startedAt && until ? until.getTime() - run.startedAt.getTime() : null,
    config: flattenConfig(run.config as Config),
    seed: run.seed,
    manifestId: run.manifestId,
    pointsLost: run.pointsLost,
    summaries: Object.fromEntries(summaries.map((row) => [nameOf(row), toSummary(row, directionOf.get(row.metric))])),
  };
}

function toSummary({ last, min, max }: SeriesRow, direction: Direction | undefined): RunSummary {
  const best = direction === "min" ? min : direction === "max" ? max : null;
  if (Number.isFinite(last)) return { last, min, max, best };
  return { last: null, lastIsNonFinite: String(last) as "NaN" | "Infinity" | "-Infinity", min, max, best };
}

/** Keys whose values differ first, among them those that most runs have. */
function configKeys(rows: RunTableRow[]): string[] {
  const facts = new Map<string, { differs: boolean; having: number }>();
  for (const key of new Set(rows.flatMap((row) => Object.keys(row.config)))) {
    const having = rows.filter((row) => key in row.config);
    const values = new Set(rows.map((row) => row.config[key]));
    facts.set(key, { differs: values.size > 1, having: having.length });
  }
  return [...facts.entries()]
    .sort(([a, left], [b, right]) => {
      if (left.differs !== right.differs) return left.differs ? -1 : 1;
      return right.having - left.having || (a < b ? -1 : 1);
    })
    .map(([key]) => key);
}

function metricColumns(summaries: SeriesRow[], declared: (typeof metrics.$inferSelect)[]): MetricColumn[] {
  const declarationOf = new Map(declared.map((row) => [row.name, row]));
  const columns = new Map<string, MetricColumn>();
  for (const row of summaries)
    columns.set(nameOf(row), {
      split: splitOf(row),
      metric: row.metric,
      direction: declarationOf.get(row.metric)?.direction ?? null,
      unit: declarationOf.get(row.metric)?.unit ?? "",
    });
  return [...columns.values()];
}
