/** Which run of a project is the best by its primary metric. */
import { type SQL, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import type { SeriesName } from "../wire/points/series-name.ts";

/** The metric by which a project ranks its runs, and which way is better. */
export type PrimaryMetric = SeriesName & { direction: "min" | "max" };
export type BestRun = { id: string; name: string; value: number; step: number; manifestId: string | null };

/** `except`: a run that doesn't count. `manifest`: only runs that cite it; null: that cite none. */
type BestRunQuery = { except: string; manifest?: string | null };

/** Whose series are asked for, as SQL: values, or the columns of a query around it. */
type Ranking = { project: SQL; metric: SQL; split: SQL; direction: "min" | "max" };

/**
 * The best run, deleted and archived ones aside; of several the oldest. No row while no run has a value. It is the end of
 * an index: as quick for many runs as for few. `where` may ask more of `r`, the run.
 */
export function selectBestRun({ project, metric, split, direction }: Ranking, where = sql`true`): SQL {
  const value = sql.raw(`s.${direction}`);
  const step = sql.raw(`s.${direction}_step`);
  return sql`
    select r.id, r.name, ${value} as value, ${step}::float8 as step, r.manifest_id as "manifestId"
    from series s join runs r on r.id = s.run_id and r.deleted_at is null and r.archived_at is null
    where s.project_id = ${project} and s.metric = ${metric} and s.split = ${split} and not s.quarantined
      and ${value} is not null and ${where}
    order by ${value} ${sql.raw(direction === "max" ? "desc" : "asc")}, r.id limit 1`;
}

/** The best run of a project beside the one that is left out. Null while no other has a value. */
export async function findBestRun(
  projectId: string,
  { direction, metric, split }: PrimaryMetric,
  { except, manifest }: BestRunQuery,
): Promise<BestRun | null> {
  const ranking = { project: sql`${projectId}`, metric: sql`${metric}`, split: sql`${split ?? "none"}`, direction };
  const [best] = await connections().db.execute<Row>(
    selectBestRun(ranking, sql`r.id <> ${except} ${manifest === undefined ? sql`` : cites(manifest)}`),
  );
  return best ?? null;
}

type Row = BestRun & Record<string, unknown>;

const cites = (manifest: string | null): SQL =>
  manifest === null ? sql`and r.manifest_id is null` : sql`and r.manifest_id = ${manifest}`;
