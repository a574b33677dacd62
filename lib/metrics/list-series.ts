/** A run's series with their summaries, as of the last batch. */
import { eq } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { metrics } from "../../db/schema/projects.ts";
import type { Actor } from "../access/actor.ts";
import { locateRun } from "../runs/runs.ts";
import { toWireFloat } from "../wire/base/words.ts";
import type { Quarantine, SeriesList, SeriesSummary } from "../wire/points/series.ts";
import { type SeriesName, seriesKey } from "../wire/points/series-name.ts";
import { quarantineOf } from "./add-series.ts";
import { compactWhole } from "./compact.ts";
import { drawSeries } from "./draw-series.ts";
import { type LiveSummary, readLiveSummaries } from "./live-summaries.ts";
import { emptySummary, extendSummary, type Summary } from "./points/extend-summary.ts";
import { everyStep, queryChart } from "./query-chart.ts";
import { resolveBatches } from "./uncompacted-batches.ts";

/** Every series of a run, as of the last batch. Quarantined ones are named and counted, without values. */
export async function listSeries(actor: Actor, runId: string): Promise<SeriesList> {
  const all = await summariseSeries(actor, runId);
  return {
    series: all.filter(({ reason }) => reason === null).map(({ reason: _, ...summary }) => summary),
    quarantined: all.flatMap(({ split, metric, count, reason }) => (reason ? [{ split, metric, count, reason }] : [])),
  };
}

/** `reason`: why it is quarantined; null: it isn't. */
export type JudgedSeries = SeriesSummary & { reason: Quarantine | null };

/** The summaries of every series of a run, in the order of names; of quarantined ones too, which the caller keeps from who may not see them. */
export async function summariseSeries(actor: Actor, runId: string): Promise<JudgedSeries[]> {
  const run = await locateRun(actor, runId, "runs.read");
  const { db } = connections();
  const [declared, series] = await Promise.all([
    db.select().from(metrics).where(eq(metrics.projectId, run.projectId)),
    summariesOf(runId),
  ]);
  const declarationOf = new Map(declared.map((metric) => [metric.name, metric]));
  series.sort((a, b) =>
    a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : (a.split ?? "") < (b.split ?? "") ? -1 : 1,
  );
  return series.map(({ split, metric, live }) => {
    const { count, nonFiniteCount, overwrittenCount, stepLast, last, sum, min, minStep, max, maxStep } = live;
    const { direction = null, unit = "" } = declarationOf.get(metric) ?? {};
    const facts = { count, nonFiniteCount, overwrittenCount, stepLast, min, minStep, max, maxStep };
    const mean = count > nonFiniteCount ? sum / (count - nonFiniteCount) : null;
    const reason = quarantineOf(seriesKey({ split, metric }), run.absentSplits);
    return { split, metric, direction, unit, ...facts, last: toWireFloat(last), mean, reason };
  });
}

type SettledSummary = Omit<LiveSummary, "live"> & { live: Summary };

async function summariesOf(runId: string): Promise<SettledSummary[]> {
  const { db } = connections();
  const isKnown = (one: LiveSummary): one is SettledSummary => one.live !== "late";
  const first = [...(await readLiveSummaries(db, runId)).values()];
  if (first.every(isKnown)) return first;
  await compactWhole(runId);
  const second = [...(await readLiveSummaries(db, runId)).values()];
  // what is late still waits for a batch that is missing between others: counted from all points
  return Promise.all(second.map(async (one) => (isKnown(one) ? one : { ...one, live: await recount(runId, one) })));
}

async function recount(runId: string, { split, metric }: SeriesName): Promise<Summary> {
  const query = { runs: [runId], series: [{ split, metric }], ...everyStep, entries: null };
  const run = (await queryChart(query)).get(runId);
  const key = seriesKey({ split, metric });
  const added = run && resolveBatches(run.hot, new Set([key])).get(key);
  const { overwrittenCount, ...points } = drawSeries(run?.series[0] ?? null, added, query, everyStep.to);
  return { ...extendSummary(emptySummary, points), overwrittenCount };
}
