/** Metrics, params and tags of a run as they are logged, and the history of a metric. */
import type { z } from "zod";
import type { TokenActor } from "../access/actor.ts";
import { readHistory } from "../interop/history.ts";
import { TakenKeysError } from "../interop/late-config.ts";
import { storeModelMetrics } from "../interop/model-metrics.ts";
import { tellRun } from "../interop/run-acts.ts";
import { logPoints } from "../interop/run-log.ts";
import { toWireFloat } from "../wire/base/words.ts";
import { runToChange, runToRead, wordsOf } from "./runs.ts";
import { offsetOf, pageToken } from "./search/pages.ts";
import { type metricSchema, runIdOf, type schemas } from "./wire.ts";
import { invalidValue } from "./words/errors.ts";
import { modelUuidOf } from "./words/ids.ts";

type Asked<Name extends keyof typeof schemas> = z.output<(typeof schemas)[Name]>;

const pointOf = ({
  key,
  value,
  timestamp,
  step,
}: Pick<z.output<typeof metricSchema>, "key" | "value" | "timestamp" | "step">) => ({
  key,
  value,
  time: timestamp,
  step,
});

export async function logMetric(actor: TokenActor, asked: Asked<"logMetric">) {
  const { id } = await runToChange(actor, asked);
  await logPoints(actor, id, [pointOf(asked)]);
  await tellModels(actor, id, [asked]);
  return {};
}

/** Metrics that are a model's too, by their client's word. */
async function tellModels(actor: TokenActor, runId: string, metrics: z.output<typeof metricSchema>[]): Promise<void> {
  const measured = metrics.flatMap(({ model_id, dataset_name, dataset_digest, ...metric }) => {
    const modelId = modelUuidOf(model_id ?? "");
    return modelId
      ? [{ ...pointOf(metric), modelId, datasetName: dataset_name ?? "", datasetDigest: dataset_digest ?? "" }]
      : [];
  });
  await storeModelMetrics(actor, runId, measured);
}

export async function logParam(actor: TokenActor, { key, value, ...asked }: Asked<"logParam">) {
  const { id } = await runToChange(actor, asked);
  await tellRun(actor, id, { config: [{ key, text: value }] }).catch((error: unknown) => {
    const taken = error instanceof TakenKeysError ? error.taken[0] : undefined;
    if (!taken) throw error;
    throw invalidValue(
      `Changing param values is not allowed. Param with key='${key}' was already logged with value='${taken.before}' for run ID='${runIdOf(asked)}'. Attempted logging new value '${value}'.`,
    );
  });
  return {};
}

const METRICS_MAX = 1000;
const WORDS_MAX = 100;

/** Config and tags first, all or nothing; then the points, in one batch. */
export async function logBatch(actor: TokenActor, { metrics, params, tags, ...asked }: Asked<"logBatch">) {
  requireAtMost("metrics", metrics.length, METRICS_MAX);
  requireAtMost("params", params.length, WORDS_MAX);
  requireAtMost("tags", tags.length, WORDS_MAX);
  const all = metrics.length + params.length + tags.length;
  requireAtMost("metrics, params, and tags", all, METRICS_MAX);
  const keys = params.map(({ key }) => key);
  const twice = [...new Set(keys.filter((key, at) => keys.indexOf(key) !== at))];
  if (twice.length > 0)
    throw invalidValue(
      `Duplicate parameter keys have been submitted: ['${twice.join("', '")}']. Each key is sent once.`,
    );
  const { id } = await runToChange(actor, asked);
  if (params.length + tags.length > 0) {
    const config = params.map(({ key, value }) => ({ key, text: value }));
    await tellRun(actor, id, { config, ...wordsOf(tags) }).catch((error: unknown) => {
      if (!(error instanceof TakenKeysError)) throw error;
      const taken = error.taken.map(({ key, before, text }) => ({ key, old_value: before, new_value: text }));
      throw invalidValue(
        `Changing param values is not allowed. Params were already logged='${JSON.stringify(taken)}' for run ID='${runIdOf(asked)}'.`,
      );
    });
  }
  await logPoints(actor, id, metrics.map(pointOf));
  await tellModels(actor, id, metrics);
  return {};
}

function requireAtMost(what: string, count: number, most: number): void {
  if (count > most)
    throw invalidValue(
      `A batch logging request can contain at most ${most} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`,
    );
}

/** A page holds so many points where a client names no number: all of nearly every series. */
const EVERY_POINT = 1_000_000;

export async function getHistory(
  actor: TokenActor,
  { metric_key: key, max_results, page_token, ...asked }: Asked<"getHistory">,
) {
  const found = await runOrNone(actor, asked);
  if (found === null) return {};
  const { points, next } = await readHistory(actor, found, {
    key,
    from: offsetOf(page_token),
    limit: max_results ?? EVERY_POINT,
  });
  const metrics = points.map(({ step, time, value }) => ({ key, value: toWireFloat(value), timestamp: time, step }));
  return {
    ...(metrics.length > 0 ? { metrics } : {}),
    ...(next === null ? {} : { next_page_token: pageToken(next) }),
  };
}

export async function getHistoryBulk(actor: TokenActor, asked: Asked<"getHistoryBulk">) {
  const metrics: object[] = [];
  for (const run of asked.run_id) {
    const found = await runOrNone(actor, { run_id: run });
    const limit = asked.max_results - metrics.length;
    if (found === null || limit === 0) continue;
    const { points } = await readHistory(actor, found, { key: asked.metric_key, from: 0, limit });
    for (const { step, time, value } of points)
      metrics.push({ key: asked.metric_key, value: toWireFloat(value), timestamp: time, step, run_id: run });
  }
  return metrics.length > 0 ? { metrics } : {};
}

/** A run that isn't there has no history, which is no error in this protocol. */
async function runOrNone(actor: TokenActor, asked: { run_id?: string | undefined; run_uuid?: string | undefined }) {
  try {
    return await runToRead(actor, asked);
  } catch (error) {
    if ((error as { code?: string }).code === "RESOURCE_DOES_NOT_EXIST") return null;
    throw error;
  }
}
