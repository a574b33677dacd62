/** Up to two thousand runs as columns, in a few queries of bounded time. Reads, and writes nothing. */
import { z } from "zod";
import type { Executor } from "../../../db/connection.ts";
import type { Actor } from "../../access/actor.ts";
import { invalid, parse } from "../../problem.ts";
import { requireProject } from "../../projects/projects.ts";
import { parseColumn } from "../../table/columns.ts";
import { listColumns, type MetricColumn } from "../../table/known-columns.ts";
import { columnName, type MetricSummary, readColumnName } from "../../table/language/column-name.ts";
import { withTimeout } from "../../table/rows.ts";
import { seriesKey } from "../../wire/points/series-name.ts";
import type { Project } from "../../wire/projects.ts";
import { COLUMN_RUNS_MAX, RUN_COLUMNS_MAX, type RunColumns, type RunColumnValues } from "../../wire/run-columns.ts";
import { type ComparedChoice, chooseRuns } from "../choose.ts";
import {
  asFloat,
  type Cells,
  type RunFacts,
  readConfigCells,
  readLastSteps,
  readRunFacts,
  readSummaryCells,
  readTellingKeys,
} from "./read-columns.ts";

/** Config keys that are read where nobody names columns. */
const DEFAULT_KEYS = 12;
/** A text of which a run in three has its own is a name or a note, and no setting. */
const OWN_SHARE = 1 / 3;
const OWN_MIN = 12;
/** Of fewer runs each may have a setting of its own. */
const OWN_RUNS = 5;
const OFFERED_KEYS = 250;
const OFFERED_METRICS = 240;

/** What an explorer is about: the column of the primary metric, else of the first that has a direction, else of the first. */
export function objectiveColumn(
  project: Pick<Project, "primaryMetric" | "primarySplit">,
  metrics: readonly MetricColumn[],
): string | null {
  const { primaryMetric, primarySplit } = project;
  if (primaryMetric !== null) return `${seriesKey({ split: primarySplit, metric: primaryMetric })}.atBest`;
  const validated = metrics.filter(({ split }) => split === "validation");
  const [first] = [validated.filter(({ direction }) => direction !== null), validated, metrics].flat();
  return first ? `${seriesKey(first)}.last` : null;
}

/** The same by a project's name, as a program asks for it. */
export async function getRunColumns(
  actor: Actor,
  projectNamed: string,
  choice: ComparedChoice,
  asked: string[] | null,
  limit?: string,
): Promise<RunColumns> {
  const most = limit === undefined ? COLUMN_RUNS_MAX : parse(limitSchema, { limit }).limit;
  return readRunColumns(actor, await requireProject(actor, projectNamed), choice, { asked, most });
}

const limitSchema = z.object({ limit: z.coerce.number().int().min(1).max(COLUMN_RUNS_MAX) });

export type ColumnsQuery = {
  /** Names of columns; null: the objective, config keys that tell the runs apart, and the duration. */
  asked: string[] | null;
  /** Names that are read beside those, as far as they are names; what isn't is passed over. */
  also?: string[];
  /** How many runs; 2,000 if absent. */
  most?: number;
};

/**
 * Columns of up to 2,000 runs of the project: of a link, or that a filter finds. Throws `invalid` for a column that can't
 * be, more than 64 of them, or a filter that can't be or takes over 2 s.
 */
export async function readRunColumns(
  actor: Actor,
  project: Pick<Project, "id" | "primaryMetric" | "primarySplit">,
  choice: ComparedChoice,
  { asked, also = [], most = COLUMN_RUNS_MAX }: ColumnsQuery,
): Promise<RunColumns> {
  if (asked && asked.length > RUN_COLUMNS_MAX)
    throw invalid("column", `${asked.length} are too many: expected at most ${RUN_COLUMNS_MAX}`);
  const named = asked?.map((name) => parseExplored(name));
  const extra = also.flatMap((name) => readExplored(name) ?? []);
  const { ids, leftOut, beyond } = await chooseRuns(actor, project.id, choice, most);
  const { metrics } = await listColumns(actor, project.id);
  return withTimeout(
    async (tx) => {
      const runs = await readRunFacts(tx, project.id, ids);
      const keys = await readTellingKeys(tx, ids, OFFERED_KEYS);
      const wanted = named ?? defaultColumns(project, metrics, keys);
      const all = [...new Set([...wanted, ...extra])].slice(0, RUN_COLUMNS_MAX);
      const columns = await readAll(tx, runs, all, metrics);
      const isDefault = (name: string) => named === undefined && name.startsWith("config.") && wanted.includes(name);
      return {
        runs: {
          id: runs.map(({ id }) => id),
          name: runs.map(({ name }) => name),
          status: runs.map((run) => run.status),
        },
        columns: withoutOwn(columns, { isDefault, extra, runs: runs.length }),
        offered: [...ownColumns, ...keys.map((key) => `config.${key}`), ...offeredMetrics(metrics)],
        leftOut,
        beyond,
      };
    },
    { field: "column", instead: "ask for fewer runs or columns" },
  );
}

const ownColumns = ["duration", "lastStep", "seed", "status"] as const;
type OwnColumn = (typeof ownColumns)[number];
const isOwn = (name: string): name is OwnColumn => (ownColumns as readonly string[]).includes(name);

/** The name in full; null for what is no column here. */
function readExplored(name: string): string | null {
  if (isOwn(name)) return name;
  const column = readColumnName(name);
  return column === null || column.kind === "run" ? null : columnName(column);
}

function parseExplored(name: string): string {
  const found = readExplored(name);
  if (found !== null) return found;
  const column = parseColumn(name, "column");
  throw invalid(
    "column",
    `${columnName(column)} has no place here: expected ${ownColumns.join(", ")}, config.KEY or SPLIT/METRIC.SUMMARY`,
  );
}

function defaultColumns(
  project: Pick<Project, "primaryMetric" | "primarySplit">,
  metrics: MetricColumn[],
  keys: string[],
): string[] {
  const objective = objectiveColumn(project, metrics);
  // some are dropped once their values are known
  const some = keys.slice(0, 2 * DEFAULT_KEYS).map((key) => `config.${key}`);
  return [...(objective === null ? [] : [objective]), "duration", ...some];
}

type Kept = { isDefault: (name: string) => boolean; extra: string[]; runs: number };

/** Of those that nobody named the first twelve, without texts that are a name rather than a setting; and all of `extra`. */
function withoutOwn(columns: RunColumnValues[], { isDefault, extra, runs }: Kept): RunColumnValues[] {
  const isSetting = (column: RunColumnValues) =>
    column.kind === "number" ||
    (column.names.length <= Math.max(OWN_MIN, runs * OWN_SHARE) && (column.names.length < runs || runs < OWN_RUNS));
  let left = DEFAULT_KEYS;
  return columns.filter((column) => {
    if (!isDefault(column.name)) return true;
    const isKept = isSetting(column) && left-- > 0;
    return isKept || extra.includes(column.name);
  });
}

/** Of each series what the table shows of it first. */
const offeredMetrics = (metrics: MetricColumn[]): string[] =>
  metrics.slice(0, OFFERED_METRICS / 3).flatMap((metric) => {
    const best = metric.direction === "max" ? "max" : "min";
    return [`${seriesKey(metric)}.last`, `${seriesKey(metric)}.${best}`, `${seriesKey(metric)}.atBest`];
  });

async function readAll(
  tx: Executor,
  runs: RunFacts[],
  names: string[],
  metrics: MetricColumn[],
): Promise<RunColumnValues[]> {
  const ids = runs.map(({ id }) => id);
  const columns = names.flatMap((name) => readColumnName(name) ?? []);
  const keys = columns.flatMap((column) => (column.kind === "config" ? [column.key] : []));
  const config = await readConfigCells(tx, ids, keys);
  const summaries = await readSummaryCells(
    tx,
    ids,
    columns.filter((column): column is MetricSummary => column.kind === "metric"),
  );
  const steps = names.includes("lastStep") ? await readLastSteps(tx, ids) : new Map();
  const declared = new Map(metrics.map((metric) => [seriesKey(metric), metric]));
  return names.map((name) => {
    const column = readColumnName(name);
    if (name === "lastStep") return columnOf(name, ids, steps);
    if (column?.kind === "config") return columnOf(name, ids, config.get(column.key) ?? new Map());
    if (column?.kind === "metric") {
      const { direction = null, unit = "" } = declared.get(seriesKey(column)) ?? {};
      return numbersOf({ name, direction, unit }, ids, summaries.get(name) ?? new Map());
    }
    return columnOf(name, ids, ownCells(name as "duration" | "seed" | "status", runs));
  });
}

const ownCells = (name: "duration" | "seed" | "status", runs: RunFacts[]): Cells =>
  new Map(runs.flatMap((run) => (run[name] === null ? [] : [[run.id, run[name]] as const])));

/** Numbers where every run that has a value has a number; else categories, numbers among them as their text. */
function columnOf(name: string, ids: string[], cells: Cells): RunColumnValues {
  const isNumber = [...cells.values()].every((value) => asFloat(value) !== null);
  if (isNumber) return numbersOf({ name, direction: null, unit: name === "duration" ? "s" : "" }, ids, cells);
  const texts = new Map([...cells].map(([id, value]) => [id, String(value)]));
  const names = [...new Set(texts.values())].sort(
    (a, b) => a.localeCompare(b, "en", { numeric: true }) || (a < b ? -1 : 1),
  );
  const codeOf = new Map(names.map((text, code) => [text, code]));
  const codes = ids.map((id) => (texts.has(id) ? codeOf.get(texts.get(id)!)! : null));
  return { name, kind: "category", names, codes };
}

type NumberFacts = Pick<Extract<RunColumnValues, { kind: "number" }>, "name" | "direction" | "unit">;

function numbersOf(facts: NumberFacts, ids: string[], cells: Cells): RunColumnValues {
  const values = ids.map((id) => {
    const value = cells.get(id);
    return value === undefined ? null : asFloat(value);
  });
  return { ...facts, kind: "number", values };
}
