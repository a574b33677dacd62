/** Every call of the protocol that has an answer: its method and path, what it takes, and who answers. */
import type { z } from "zod";
import type { TokenActor } from "../access/actor.ts";
import * as artifacts from "./artifacts.ts";
import * as experiments from "./experiments.ts";
import * as inputs from "./inputs.ts";
import * as metrics from "./metrics.ts";
import * as versions from "./model-versions.ts";
import * as models from "./models.ts";
import * as registered from "./registered-models.ts";
import { registrySchemas as registry } from "./registry-wire.ts";
import * as runs from "./runs.ts";
import { schemas } from "./wire.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Call = {
  method: Method;
  /** Behind `/api/2.0/mlflow/`; a part in braces is a field of the request. */
  path: string;
  request: z.ZodType;
  answer: (actor: TokenActor, asked: never) => Promise<object>;
  /** Fields of a query that are lists, though one alone comes as a text. */
  lists?: readonly string[];
};

function call<Schema extends z.ZodType>(
  method: Method,
  path: string,
  request: Schema,
  answer: (actor: TokenActor, asked: z.output<Schema>) => Promise<object>,
  lists?: readonly string[],
): Call {
  return { method, path, request, answer, ...(lists ? { lists } : {}) };
}

const modelId = schemas.ofModel;
const modelTag = modelId.extend(schemas.tagOfModel.shape);
const finishOf = modelId.extend(schemas.finishModel.shape);
const tagsOf = modelId.extend(schemas.modelTags.shape);
const paramsOf = modelId.extend(schemas.modelParams.shape);

export const calls: Call[] = [
  call("POST", "experiments/create", schemas.createExperiment, experiments.createExperiment),
  call("GET", "experiments/get", schemas.experiment, experiments.getExperiment),
  call("GET", "experiments/get-by-name", schemas.experimentByName, experiments.getExperimentByName),
  call("POST", "experiments/search", schemas.searchExperiments, experiments.searchExperiments),
  call("GET", "experiments/search", schemas.searchExperiments, experiments.searchExperiments, ["order_by"]),
  call("GET", "experiments/list", schemas.listExperiments, experiments.listExperimentsCall),
  call("POST", "experiments/update", schemas.updateExperiment, experiments.updateExperiment),
  call("POST", "experiments/delete", schemas.experiment, experiments.deleteExperiment),
  call("POST", "experiments/restore", schemas.experiment, experiments.restoreExperiment),
  call("POST", "experiments/set-experiment-tag", schemas.setExperimentTag, experiments.setExperimentTag),
  call("POST", "experiments/delete-experiment-tag", schemas.deleteExperimentTag, experiments.deleteExperimentTag),
  call("POST", "runs/create", schemas.createRun, runs.createRun),
  call("GET", "runs/get", schemas.run, runs.getRun),
  call("POST", "runs/update", schemas.updateRun, runs.updateRun),
  call("POST", "runs/delete", schemas.run, runs.deleteRun),
  call("POST", "runs/restore", schemas.run, runs.restoreRun),
  call("POST", "runs/search", schemas.searchRuns, runs.searchRuns),
  call("POST", "runs/set-tag", schemas.setTag, runs.setTag),
  call("POST", "runs/delete-tag", schemas.deleteTag, runs.deleteTag),
  call("POST", "runs/log-metric", schemas.logMetric, metrics.logMetric),
  call("POST", "runs/log-parameter", schemas.logParam, metrics.logParam),
  call("POST", "runs/log-batch", schemas.logBatch, metrics.logBatch),
  call("GET", "metrics/get-history", schemas.getHistory, metrics.getHistory),
  call("GET", "metrics/get-history-bulk", schemas.getHistoryBulk, metrics.getHistoryBulk, ["run_id"]),
  call("GET", "artifacts/list", schemas.listArtifacts, artifacts.listRunArtifacts),
  call("POST", "runs/log-inputs", schemas.logInputs, inputs.logInputs),
  call("POST", "runs/outputs", schemas.logOutputs, inputs.logOutputs),
  call("POST", "runs/log-model", schemas.logModel, inputs.logModel),
  call("POST", "logged-models", schemas.createModel, models.createModel),
  call("POST", "logged-models/search", schemas.searchModels, models.searchModels),
  call("GET", "logged-models/{model_id}", modelId, models.getModel),
  call("PATCH", "logged-models/{model_id}", finishOf, models.finishModel),
  call("DELETE", "logged-models/{model_id}", modelId, models.deleteModel),
  call("PATCH", "logged-models/{model_id}/tags", tagsOf, models.setModelTags),
  call("DELETE", "logged-models/{model_id}/tags/{key}", modelTag, models.deleteModelTag),
  call("POST", "logged-models/{model_id}/params", paramsOf, models.logModelParams),
  call("POST", "registered-models/create", registry.register, registered.register),
  call("GET", "registered-models/get", registry.registered, registered.getRegistered),
  call("GET", "registered-models/search", registry.searchRegistered, registered.searchRegistered, ["order_by"]),
  call("PATCH", "registered-models/update", registry.updateRegistered, registered.updateRegistered),
  call("POST", "registered-models/rename", registry.rename, registered.rename),
  call("DELETE", "registered-models/delete", registry.registered, registered.deleteRegistered),
  call("POST", "registered-models/get-latest-versions", registry.latest, registered.getLatest),
  call("GET", "registered-models/get-latest-versions", registry.latest, registered.getLatest, ["stages"]),
  call("POST", "registered-models/set-tag", registry.registeredTag, registered.setRegisteredTag),
  call("DELETE", "registered-models/delete-tag", registry.registeredTagKey, registered.deleteRegisteredTag),
  call("POST", "registered-models/alias", registry.setAlias, registered.setRegisteredAlias),
  call("DELETE", "registered-models/alias", registry.alias, registered.deleteRegisteredAlias),
  call("GET", "registered-models/alias", registry.alias, registered.getByAlias),
  call("POST", "model-versions/create", registry.createVersion, versions.createVersion),
  call("GET", "model-versions/get", registry.version, versions.getVersion),
  call("GET", "model-versions/get-download-uri", registry.version, versions.getDownloadUri),
  call("GET", "model-versions/search", registry.searchVersions, versions.searchVersions, ["order_by"]),
  call("PATCH", "model-versions/update", registry.updateVersion, versions.updateVersion),
  call("POST", "model-versions/transition-stage", registry.moveToStage, versions.moveToStage),
  call("DELETE", "model-versions/delete", registry.version, versions.deleteVersion),
  call("POST", "model-versions/set-tag", registry.versionTag, versions.setVersionTag),
  call("DELETE", "model-versions/delete-tag", registry.versionTagKey, versions.deleteVersionTag),
];
