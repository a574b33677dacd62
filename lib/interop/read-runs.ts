/** Runs as a client of another protocol reads them: config as texts, the last value of each series, what it said itself. */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { runInputs, runModels } from "../../db/schema/interop.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { listSeries } from "../metrics/list-series.ts";
import { nameOfRow, type StoredSplit } from "../metrics/stored-split.ts";
import { locateRuns } from "../runs/runs.ts";
import { fromWireFloat, type RunStatus } from "../wire/base/words.ts";
import { seriesKey } from "../wire/points/series-name.ts";
import { groupedBy } from "./grouped.ts";
import { type ConfigText, readConfigTexts } from "./late-config.ts";
import { listVersionsOf, type ModelVersion } from "./model-versions.ts";
import { type LoggedModel, listModelsOf } from "./models.ts";
import { listProperties, type Property } from "./properties.ts";
import { plainKey, readSeriesKeys } from "./series-keys.ts";

/** `time`: when the run last showed a sign of life, in milliseconds; no summary keeps a point's own. */
export type LastValue = { key: string; value: number; step: number; time: number };
export type RunInput = Omit<typeof runInputs.$inferSelect, "runId" | "projectId" | "createdAt" | "tags"> & {
  tags: Property[];
};
export type RunModel = { role: "input" | "output"; model: string; step: number | null };

export type ReadRun = {
  id: string;
  projectId: string;
  name: string;
  notes: string;
  status: RunStatus;
  createdBy: string;
  startedAt: Date;
  endedAt: Date | null;
  isDeleted: boolean;
  config: ConfigText[];
  metrics: LastValue[];
  properties: Property[];
  inputs: RunInput[];
  models: RunModel[];
};

/** One run with its last values as of the last batch. Throws `not-found`. Deleted ones are found, and say so. */
export async function readRun(actor: Actor, runId: string): Promise<ReadRun> {
  const [run] = await readAll(actor, [runId], async (rows) => {
    const { series } = await listSeries(actor, runId);
    const names = (await readSeriesKeys([runId])).get(runId);
    const metrics = series
      .filter(({ count }) => count > 0)
      .map((one) => ({
        key: names?.get(seriesKey(one)) ?? plainKey(one),
        value: fromWireFloat(one.last),
        step: one.stepLast,
        time: signOfLife(rows[0]!),
      }));
    return new Map([[runId, metrics]]);
  });
  return run!;
}

/** Runs in the order of their ids, with the last values that their summaries have. */
export const readRuns = (actor: Actor, runIds: string[]): Promise<ReadRun[]> => readAll(actor, runIds, readSummaries);

/** What a run's client said of it beside config and metrics. */
export type ClientWords = Pick<ReadRun, "properties" | "inputs"> & {
  /** Models that it stored, the newest first. */
  models: LoggedModel[];
  /** Versions of registered models that it made, the last changed first. */
  versions: ModelVersion[];
};

/** Throws `not-found`. */
export async function readClientWords(actor: Actor, runId: string): Promise<ClientWords> {
  await locateRuns(actor, [runId], "runs.read");
  const [properties, inputs, models, versions] = await Promise.all([
    listProperties([runId]),
    readInputs([runId]),
    listModelsOf(runId),
    listVersionsOf(actor, runId),
  ]);
  return { properties: properties.get(runId) ?? [], inputs: inputs.get(runId) ?? [], models, versions };
}

type RunRow = typeof runs.$inferSelect;
type Metrics = (rows: RunRow[]) => Promise<Map<string, LastValue[]>>;

async function readAll(actor: Actor, runIds: string[], metricsOf: Metrics): Promise<ReadRun[]> {
  if (runIds.length === 0) return [];
  await locateRuns(actor, runIds, "runs.read");
  const { db } = connections();
  const rows = await db
    .select()
    .from(runs)
    .where(sql`${runs.id} = any(${sql.param(runIds)}::uuid[])`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const [metrics, config, properties, inputs, models] = await Promise.all([
    metricsOf(rows),
    readConfigTexts(db, runIds),
    listProperties(runIds),
    readInputs(runIds),
    readModels(runIds),
  ]);
  return runIds.flatMap((id) => {
    const row = byId.get(id);
    if (!row) return [];
    return [
      {
        id,
        projectId: row.projectId,
        name: row.name,
        notes: row.notes,
        status: row.status,
        createdBy: row.createdBy,
        startedAt: row.startedAt ?? row.createdAt,
        endedAt: row.endedAt,
        isDeleted: row.deletedAt !== null,
        config: config.get(id) ?? [],
        metrics: metrics.get(id) ?? [],
        properties: properties.get(id) ?? [],
        inputs: inputs.get(id) ?? [],
        models: models.get(id) ?? [],
      },
    ];
  });
}

const signOfLife = (row: RunRow): number => (row.heartbeatAt ?? row.endedAt ?? row.createdAt).getTime();

async function readSummaries(rows: RunRow[]): Promise<Map<string, LastValue[]>> {
  const ids = rows.map(({ id }) => id);
  const times = new Map(rows.map((row) => [row.id, signOfLife(row)]));
  // a row a run: a thousand runs have twenty thousand series; NaN and infinities are texts in JSON
  const found = await connections().db.execute<{
    run: string;
    series: [StoredSplit, string, number | string, number][];
  }>(sql`
    select run_id as run, json_agg(json_build_array(split, metric, last, step_last) order by metric, split) as series
    from series where run_id = any(${sql.param(ids)}::uuid[]) and not quarantined and count > 0 group by run_id`);
  const names = await readSeriesKeys(ids);
  return new Map(
    found.map(({ run, series }) => [
      run,
      series.map(([split, metric, last, step]) => {
        const name = nameOfRow({ split, metric });
        const key = names.get(run)?.get(seriesKey(name)) ?? plainKey(name);
        return { key, value: Number(last), step, time: times.get(run)! };
      }),
    ]),
  );
}

async function readInputs(runIds: string[]): Promise<Map<string, RunInput[]>> {
  const rows = await connections()
    .db.select()
    .from(runInputs)
    .where(sql`${runInputs.runId} = any(${sql.param(runIds)}::uuid[])`)
    .orderBy(runInputs.runId, runInputs.createdAt, runInputs.name);
  return groupedBy(
    rows,
    ({ runId }) => runId,
    ({ tags, ...row }) => ({ ...row, tags: propertiesOf(tags) }),
  );
}

async function readModels(runIds: string[]): Promise<Map<string, RunModel[]>> {
  const rows = await connections()
    .db.select()
    .from(runModels)
    .where(sql`${runModels.runId} = any(${sql.param(runIds)}::uuid[])`)
    .orderBy(runModels.runId, runModels.createdAt, runModels.model);
  return groupedBy(
    rows,
    ({ runId }) => runId,
    (row) => row,
  );
}

/** Texts by key of a JSON column. */
export const propertiesOf = (texts: unknown): Property[] =>
  Object.entries(texts as Record<string, string>).map(([key, value]) => ({ key, value }));
