/** Which series runs that stand side by side have, without their values. */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { nameOfRow, type StoredSplit } from "../metrics/stored-split.ts";
import type { Direction } from "../wire/base/words.ts";
import type { SeriesName } from "../wire/points/series-name.ts";

export type NamedSeries = SeriesName & { direction: Direction | null; unit: string };

type Row = { split: StoredSplit; metric: string; direction: Direction | null; unit: string | null };

/** Every series that any of the runs has, as its project declares it; none of a test split, and none of the machine. */
export async function readSeriesNames(actor: Actor, projectId: string, runIds: string[]): Promise<NamedSeries[]> {
  authorise(actor, "runs.read", projectId);
  const rows = await connections().db.execute<Row>(sql`
    select s.split, s.metric, d.direction, d.unit from (
      select distinct split, metric from series
      where run_id = any(${sql.param(runIds)}::uuid[]) and not quarantined) s
    left join metrics d on d.project_id = ${projectId} and d.name = s.metric
    where not starts_with(s.metric, 'system/') order by s.metric, s.split`);
  return rows.map(({ direction, unit, ...row }) => ({ ...nameOfRow(row), direction, unit: unit ?? "" }));
}
