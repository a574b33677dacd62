/** What clients say that their models measured: points of runs. No number of a quarantined series is kept with a model. */
import { inArray, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { loggedModels, modelMetrics } from "../../db/schema/interop.ts";
import type { Actor } from "../access/actor.ts";
import { quarantineOf } from "../metrics/add-series.ts";
import { locateLivingRun } from "../runs/runs.ts";
import { seriesKey } from "../wire/points/series-name.ts";
import { groupedBy } from "./grouped.ts";
import { readSeriesKeys } from "./series-keys.ts";

export type ModelMetric = {
  modelId: string;
  key: string;
  value: number;
  step: number;
  /** In milliseconds since 1970. */
  time: number;
  /** By the client's word; "" where it named none. */
  datasetName: string;
  datasetDigest: string;
};

/** Keeps the last of each name, run and data set. Those of models that the run's project doesn't have are passed over. */
export async function storeModelMetrics(actor: Actor, runId: string, given: ModelMetric[]): Promise<void> {
  if (given.length === 0) return;
  const { projectId, absentSplits } = await locateLivingRun(actor, runId, "points.log");
  const names = invertedNames((await readSeriesKeys([runId])).get(runId));
  const seriesOf = (key: string) => names.get(key) ?? seriesKey({ split: null, metric: key });
  const metrics = given.filter(({ key }) => quarantineOf(seriesOf(key), absentSplits) === null);
  if (metrics.length === 0) return;
  const { db } = connections();
  const asked = [...new Set(metrics.map(({ modelId }) => modelId))];
  const found = await db
    .select({ id: loggedModels.id, projectId: loggedModels.projectId })
    .from(loggedModels)
    .where(inArray(loggedModels.id, asked));
  const known = new Set(found.filter((model) => model.projectId === projectId).map(({ id }) => id));
  const last = new Map<string, ModelMetric>();
  for (const metric of metrics) {
    const { modelId, key, datasetName, datasetDigest } = metric;
    const at = JSON.stringify([modelId, key, datasetName, datasetDigest]);
    const before = last.get(at);
    if (known.has(modelId) && (!before || metric.step >= before.step)) last.set(at, metric);
  }
  if (last.size === 0) return;
  await db
    .insert(modelMetrics)
    .values([...last.values()].map(({ time, ...metric }) => ({ ...metric, runId, loggedAt: new Date(time) })))
    .onConflictDoUpdate({
      target: [
        modelMetrics.modelId,
        modelMetrics.runId,
        modelMetrics.key,
        modelMetrics.datasetName,
        modelMetrics.datasetDigest,
      ],
      set: { value: sql`excluded.value`, step: sql`excluded.step`, loggedAt: sql`excluded.logged_at` },
      setWhere: sql`excluded.step >= ${modelMetrics.step}`,
    });
}

/** Series by their client's name for them. */
const invertedNames = (keys: Map<string, string> | undefined): Map<string, string> =>
  new Map([...(keys ?? [])].map(([series, key]) => [key, series]));

export type ReadModelMetric = ModelMetric & { runId: string };

/** The metrics of models, by the model's id, in the order of keys. The caller knows that the models may be read. */
export async function readModelMetrics(modelIds: string[]): Promise<Map<string, ReadModelMetric[]>> {
  if (modelIds.length === 0) return new Map();
  const rows = await connections()
    .db.select()
    .from(modelMetrics)
    .where(sql`${modelMetrics.modelId} = any(${sql.param(modelIds)}::uuid[])`)
    .orderBy(modelMetrics.modelId, modelMetrics.key, modelMetrics.loggedAt);
  return groupedBy(
    rows,
    ({ modelId }) => modelId,
    ({ loggedAt, ...metric }) => ({ ...metric, time: loggedAt.getTime() }),
  );
}
