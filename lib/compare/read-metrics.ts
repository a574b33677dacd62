/** Metrics of runs that stand side by side, each beside the mean of its replicates. */
import { type SQL, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { summaryValues } from "../../db/schema/series.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { nameOfRow, type StoredSplit } from "../metrics/stored-split.ts";
import { seedOf } from "../runs/values.ts";
import { type Direction, type Split, toWireFloat, type WireFloat } from "../wire/base/words.ts";
import type { ComparedRun, ComparedSummary, RecipeSpread } from "../wire/comparison.ts";
import { seriesKey } from "../wire/points/series-name.ts";

/** Values of a series by run, in the order of the runs. */
export type ReadSeries = {
  split: Split | null;
  metric: string;
  direction: Direction | null;
  unit: string;
  values: (WireFloat | null)[];
  steps: (number | null)[];
  recipes: (RecipeSpread | null)[];
};

/** Finished runs of one recipe that count, the newest. */
const REPLICATES_MAX = 100;

/** As `seriesKey` writes it, of a row `s` of series. */
const seriesKeySql = sql`(case s.split when 'none' then '-' else s.split end || '/' || s.metric)`;

type ValueRow = { run: string; split: StoredSplit; metric: string; value: number | null; step: string | null };
type RecipeRow = { recipe: string; split: StoredSplit; metric: string; n: number; mean: number; sd: number | null };
type Declared = { name: string; direction: Direction; unit: string };

export type SeriesOfRuns = Pick<ReadSeries, "split" | "metric" | "direction" | "unit">;

/** What series there are of the runs, test series aside. */
export async function listComparedSeries(
  actor: Actor,
  projectId: string,
  runs: readonly Pick<ComparedRun, "id">[],
): Promise<SeriesOfRuns[]> {
  authorise(actor, "runs.read", projectId);
  type Row = { split: StoredSplit; metric: string; direction: Direction | null; unit: string | null };
  const rows = await connections().db.execute<Row>(sql`
    select distinct s.split, s.metric, d.direction, d.unit
    from series s left join metrics d on d.project_id = s.project_id and d.name = s.metric
    where s.run_id = any(${sql.param(runs.map(({ id }) => id))}::uuid[]) and not s.quarantined and s.count > 0`);
  return rows.map(({ direction, unit, ...name }) => ({ ...nameOfRow(name), direction, unit: unit ?? "" }));
}

/** Every series that any of the runs has, or those of `only`, test series aside, by metric and split. */
export async function readComparedSeries(
  actor: Actor,
  projectId: string,
  runs: readonly Pick<ComparedRun, "id" | "recipe">[],
  summary: ComparedSummary,
  only?: readonly string[],
): Promise<ReadSeries[]> {
  authorise(actor, "runs.read", projectId);
  const { db } = connections();
  const ids = runs.map(({ id }) => id);
  const isAsked = only === undefined ? sql`true` : sql`${seriesKeySql} = any(${sql.param([...only])}::text[])`;
  const recipes = [...new Set(runs.flatMap(({ recipe }) => recipe ?? []))];
  const { value, step } = summarySql(summary);
  const [declared, rows, spreads] = await Promise.all([
    db.execute<Declared>(sql`select name, direction, unit from metrics where project_id = ${projectId}`),
    db.execute<ValueRow>(sql`
      select s.run_id as run, s.split, s.metric, ${value} as value, ${step} as step
      from series s left join metrics d on d.project_id = s.project_id and d.name = s.metric
      where s.run_id = any(${sql.param(ids)}::uuid[]) and not s.quarantined and s.count > 0 and ${isAsked}`),
    recipes.length === 0 ? [] : db.execute<RecipeRow>(spreadSql({ projectId, recipes, value, isAsked })),
  ]);
  const declaration = new Map(declared.map((one) => [one.name, one]));
  const place = new Map(ids.map((id, at) => [id, at]));
  const spreadOf = new Map(
    spreads.map(({ recipe, n, mean, sd, ...name }) => [`${recipe} ${seriesKey(nameOfRow(name))}`, { n, mean, sd }]),
  );
  const found = new Map<string, ReadSeries>();
  for (const row of rows) {
    const name = nameOfRow(row);
    const key = seriesKey(name);
    const { direction = null, unit = "" } = declaration.get(row.metric) ?? {};
    const series = found.get(key) ?? {
      ...name,
      direction,
      unit,
      values: runs.map(() => null),
      steps: runs.map(() => null),
      recipes: runs.map(({ recipe }) => spreadOf.get(`${recipe} ${key}`) ?? null),
    };
    const at = place.get(row.run)!;
    series.values[at] = row.value === null ? null : toWireFloat(row.value);
    series.steps[at] = row.step === null ? null : Number(row.step);
    found.set(key, series);
  }
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...found.values()].sort((a, b) => order(a.metric, b.metric) || order(a.split ?? "", b.split ?? ""));
}

/** Over a row `s` of series and `d` of metrics, where it is declared. */
function summarySql(summary: ComparedSummary): { value: SQL; step: SQL } {
  if (summary === "best")
    return {
      value: sql`case d.direction when 'min' then s.min when 'max' then s.max end`,
      step: sql`case d.direction when 'min' then s.min_step when 'max' then s.max_step end`,
    };
  if (summary === "min") return { value: sql`s.min`, step: sql`s.min_step` };
  if (summary === "max") return { value: sql`s.max`, step: sql`s.max_step` };
  if (summary === "last") return { value: sql`s.last`, step: sql`s.step_last` };
  return { value: sql.raw(`(${summaryValues[summary]})`), step: sql`null::bigint` };
}

type SpreadQuery = { projectId: string; recipes: string[]; value: SQL; isAsked: SQL };

/** Mean and spread of each recipe over seeds of their own; a seed's first finished run counts. */
const spreadSql = ({ projectId, recipes, value, isAsked }: SpreadQuery): SQL => sql`
  with ended as (
    select r.id, r.project_id, encode(r.replicate_key, 'hex') as recipe, ${seedOf} as seed from runs r
    where r.project_id = ${projectId} and r.status = 'finished' and r.deleted_at is null and r.archived_at is null
      and r.replicate_key = any(select decode(k, 'hex') from unnest(${sql.param(recipes)}::text[]) k)),
  firsts as (select distinct on (recipe, seed) * from ended order by recipe, seed, id),
  counted as (
    select * from (select *, row_number() over (partition by recipe order by id desc) as rank from firsts) f
    where rank <= ${REPLICATES_MAX}),
  measured as (
    select c.recipe, s.split, s.metric, ${value} as value
    from counted c join series s on s.run_id = c.id
      left join metrics d on d.project_id = s.project_id and d.name = s.metric
    where not s.quarantined and s.count > 0 and ${isAsked})
  select recipe, split, metric, count(*)::int as n, avg(value) as mean, stddev_samp(value) as sd from measured
  where value is not null and value not in ('NaN', 'Infinity', '-Infinity') group by recipe, split, metric`;
