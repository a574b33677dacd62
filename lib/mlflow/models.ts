/** Logged models of MLflow 3: what a client says of a model, and where its files go. */
import type { z } from "zod";
import type { TokenActor } from "../access/actor.ts";
import { type ReadModelMetric, readModelMetrics } from "../interop/model-metrics.ts";
import {
  changeModel,
  findModel,
  type LoggedModel,
  listModels,
  type ModelChange,
  type ModelStatus,
  removeModel,
  createModel as storeModel,
} from "../interop/models.ts";
import { toWireFloat } from "../wire/base/words.ts";
import { projectToLogTo } from "./experiments.ts";
import { projectsOf, runToChange } from "./runs.ts";
import { type Clause, parseFilter } from "./search/filter.ts";
import { offsetOf, pageOf } from "./search/pages.ts";
import { numberPasses, numberTest, passes, textTest } from "./search/tests.ts";
import type { schemas } from "./wire.ts";
import { invalidValue, missing } from "./words/errors.ts";
import { hexOf, modelIdOf, modelUuidOf } from "./words/ids.ts";

type Asked<Name extends keyof typeof schemas> = z.output<(typeof schemas)[Name]>;
/** A model that the address names. */
type OfModel = { model_id: string };

const statusWords: Record<ModelStatus, string> = {
  unspecified: "LOGGED_MODEL_STATUS_UNSPECIFIED",
  pending: "LOGGED_MODEL_PENDING",
  ready: "LOGGED_MODEL_READY",
  failed: "LOGGED_MODEL_UPLOAD_FAILED",
};
const statusOf = {
  LOGGED_MODEL_PENDING: "pending",
  LOGGED_MODEL_READY: "ready",
  LOGGED_MODEL_UPLOAD_FAILED: "failed",
} as const;

const noModel = (id: string) => missing(`Logged model with ID '${id.slice(0, 100)}' not found.`);
const textsOf = (pairs: { key: string; value: string }[]) =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
const pairsOf = (texts: Record<string, string>) => Object.entries(texts).map(([key, value]) => ({ key, value }));

async function shapesOf(models: LoggedModel[]) {
  const metrics = await readModelMetrics(models.map(({ id }) => id));
  return models.map((model) => shapeOf(model, metrics.get(model.id) ?? []));
}
const answer = async (model: LoggedModel) => ({ model: (await shapesOf([model]))[0]! });

export async function createModel(actor: TokenActor, asked: Asked<"createModel">) {
  const { name, model_type: modelType = null, source_run_id, params, tags } = asked;
  if (name !== undefined && (name === "" || /[/:.%"']/.test(name)))
    throw invalidValue(
      `Invalid model name (${name}) provided. Model name must be non-empty and hold none of / : . % " '`,
    );
  const projectId = await projectToLogTo(actor, asked.experiment_id);
  const runId = source_run_id ? (await runToChange(actor, { run_id: source_run_id })).id : null;
  const given = { projectId, runId, name: name ?? null, modelType, params: textsOf(params), tags: textsOf(tags) };
  return answer(await storeModel(actor, given));
}

export async function getModel(actor: TokenActor, { model_id }: OfModel) {
  const id = modelUuidOf(model_id);
  const found = id && (await findModel(actor, id));
  if (!found) throw noModel(model_id);
  return answer(found);
}

async function change(actor: TokenActor, modelId: string, changed: ModelChange) {
  const id = modelUuidOf(modelId);
  const model = id && (await changeModel(actor, id, changed));
  if (!model) throw noModel(modelId);
  return answer(model);
}

export const finishModel = (actor: TokenActor, { model_id, status }: Asked<"finishModel"> & OfModel) =>
  change(actor, model_id, { status: statusOf[status] });

export const setModelTags = (actor: TokenActor, { model_id, tags }: Asked<"modelTags"> & OfModel) =>
  change(actor, model_id, { tags: textsOf(tags) });

export async function logModelParams(actor: TokenActor, { model_id, params }: Asked<"modelParams"> & OfModel) {
  await change(actor, model_id, { params: textsOf(params) });
  return {};
}

export async function deleteModelTag(actor: TokenActor, { model_id, key }: OfModel & { key: string }) {
  const { model } = await getModel(actor, { model_id });
  if (!model.info.tags?.some((tag) => tag.key === key))
    throw missing(`No tag with key ${key} for model with ID ${model_id}`);
  await change(actor, model_id, { tags: { [key]: null } });
  return {};
}

export async function deleteModel(actor: TokenActor, { model_id }: OfModel) {
  const id = modelUuidOf(model_id);
  if (!id || !(await removeModel(actor, id))) throw noModel(model_id);
  return {};
}

/** Where a model's files are. */
export const modelFilesUri = ({ id, projectId }: Pick<LoggedModel, "id" | "projectId">): string =>
  `mlflow-artifacts:/${hexOf(projectId)}/models/${modelIdOf(id)}/artifacts`;

function shapeOf(model: LoggedModel, metrics: ReadModelMetric[]) {
  const { id, projectId, runId, name, modelType, status, params, tags, createdAt, updatedAt } = model;
  const modelId = modelIdOf(id);
  return {
    info: {
      model_id: modelId,
      experiment_id: hexOf(projectId),
      name,
      creation_timestamp_ms: createdAt.getTime(),
      last_updated_timestamp_ms: updatedAt.getTime(),
      artifact_uri: modelFilesUri({ id, projectId }),
      status: statusWords[status],
      ...(modelType ? { model_type: modelType } : {}),
      ...(runId ? { source_run_id: hexOf(runId) } : {}),
      tags: pairsOf(tags),
    },
    data: { params: pairsOf(params), ...(metrics.length > 0 ? { metrics: metrics.map(metricShape) } : {}) },
  };
}

const metricShape = ({ modelId, runId, key, value, step, time, datasetName, datasetDigest }: ReadModelMetric) => ({
  key,
  value: toWireFloat(value),
  timestamp: time,
  step,
  model_id: modelIdOf(modelId),
  run_id: hexOf(runId),
  ...(datasetName ? { dataset_name: datasetName, dataset_digest: datasetDigest } : {}),
});

type Shape = ReturnType<typeof shapeOf>;

export async function searchModels(actor: TokenActor, asked: Asked<"searchModels">) {
  const clauses = parseFilter(asked.filter);
  const all = await shapesOf(await listModels(actor, await projectsOf(actor, asked.experiment_ids)));
  const found = all.filter((model) => clauses.every((clause) => matches(model, clause)));
  for (const { field_name, ascending } of asked.order_by.toReversed()) {
    const sign = ascending ? 1 : -1;
    found.sort((a, b) => {
      const [one, other] = [orderValue(a, field_name), orderValue(b, field_name)];
      return sign * (one < other ? -1 : one > other ? 1 : 0);
    });
  }
  const { page, ...next } = pageOf(found, offsetOf(asked.page_token), asked.max_results);
  return { ...(page.length > 0 ? { models: page } : {}), ...next };
}

const numbers = {
  creation_timestamp: "creation_timestamp_ms",
  creation_time: "creation_timestamp_ms",
  last_updated_timestamp: "last_updated_timestamp_ms",
  last_updated_time: "last_updated_timestamp_ms",
} as const;
const texts = ["name", "model_id", "model_type", "status", "source_run_id"] as const;
const isNumber = (key: string): key is keyof typeof numbers => key in numbers;
const isText = (key: string): key is (typeof texts)[number] => (texts as readonly string[]).includes(key);

function matches({ info, data }: Shape, clause: Clause): boolean {
  const { entity, key } = clause;
  const of = (pairs: { key: string; value: string }[]) => pairs.find((pair) => pair.key === key)?.value ?? null;
  if (entity === "tags") return passes(of(info.tags), textTest(clause, "tag", ["IS NULL", "IS NOT NULL"]));
  if (entity === "params") return passes(of(data.params), textTest(clause, "param", ["IS NULL", "IS NOT NULL"]));
  if (entity === "metrics") {
    const test = numberTest(clause, "metric");
    return (data.metrics ?? []).some((one) => one.key === key && numberPasses(Number(one.value), test));
  }
  if (entity !== null && entity !== "attributes")
    throw invalidValue(`Invalid entity type '${entity}'. Valid values are attributes, metrics, params, tags`);
  if (isNumber(key)) return numberPasses(info[numbers[key]], numberTest(clause, "attribute"));
  if (isText(key)) return passes(info[key] ?? null, textTest(clause, "attribute", ["IN", "NOT IN"]));
  throw invalidValue(`Invalid attribute key '${key}' specified.`);
}

function orderValue({ info }: Shape, field: string): string | number {
  const key = field.replace(/^attributes\./, "");
  if (isNumber(key)) return info[numbers[key]];
  if (isText(key)) return info[key] ?? "";
  throw invalidValue(`Invalid order_by field: ${field.slice(0, 100)}`);
}
