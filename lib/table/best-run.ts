/** Which run of a project is the best by its primary metric. */
import { type SQL, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import type { SeriesName } from "../wire/points/series-name.ts";
import { isSeries } from "./columns.ts";

/** The metric by which a project ranks its runs, and which way is better. */
export type PrimaryMetric = SeriesName & { direction: "min" | "max" };
export type BestRun = { id: string; name: string; value: number; step: number; manifestId: string | null };

/** `except`: a run that doesn't count. `manifest`: only runs that cite it; null: that cite none. */
type BestRunQuery = { except: string; manifest?: string | null };

/** The best run of a project, deleted and archived ones aside; of several the oldest. Null while no run has a value. */
export async function findBestRun(
  projectId: string,
  { direction, ...name }: PrimaryMetric,
  { except, manifest }: BestRunQuery,
): Promise<BestRun | null> {
  const isMax = direction === "max";
  const [value, step, order] = [
    sql.raw(`s.${direction}`),
    sql.raw(`s.${direction}_step`),
    isMax ? sql`desc` : sql`asc`,
  ];
  const [best] = await connections().db.execute<Row>(sql`
    select r.id, r.name, ${value} as value, ${step}::float8 as step, r.manifest_id as "manifestId"
    from (select * from series where project_id = ${projectId} and ${isSeries(name)}) s join runs r on r.id = s.run_id
    where ${value} is not null and r.id <> ${except} and r.deleted_at is null and r.archived_at is null
      ${manifest === undefined ? sql`` : cites(manifest)}
    order by ${value} ${order}, r.id limit 1`);
  return best ?? null;
}

type Row = BestRun & Record<string, unknown>;

const cites = (manifest: string | null): SQL =>
  manifest === null ? sql`and r.manifest_id is null` : sql`and r.manifest_id = ${manifest}`;
