/** A run as MLflow's clients read it. Pure. */
import { artifactUri } from "../interop/artifact-uri.ts";
import type { LastValue, ReadRun, RunInput } from "../interop/read-runs.ts";
import { toWireFloat } from "../wire/base/words.ts";
import { hexOf } from "./words/ids.ts";
import { statusWords } from "./words/statuses.ts";

export const NAME_TAG = "mlflow.runName";
export const NOTE_TAG = "mlflow.note.content";
const USER_TAG = "mlflow.user";

export type Tag = { key: string; value: string };

/** A metric with its float64 as JSON has it. */
export const metricOf = ({ key, value, step, time }: LastValue) => ({
  key,
  value: toWireFloat(value),
  timestamp: time,
  step,
});

export function infoOf(run: ReadRun) {
  const id = hexOf(run.id);
  return {
    run_uuid: id,
    run_id: id,
    run_name: run.name,
    experiment_id: hexOf(run.projectId),
    user_id: run.properties.find(({ key }) => key === USER_TAG)?.value ?? run.createdBy,
    status: statusWords[run.status],
    start_time: run.startedAt.getTime(),
    ...(run.endedAt ? { end_time: run.endedAt.getTime() } : {}),
    artifact_uri: artifactUri(run.projectId, run.id),
    lifecycle_stage: run.isDeleted ? "deleted" : "active",
  };
}

/** Its properties, its name, and its notes where there are any. */
export function tagsOf({ name, notes, properties }: ReadRun): Tag[] {
  return [...properties, { key: NAME_TAG, value: name }, ...(notes ? [{ key: NOTE_TAG, value: notes }] : [])];
}

export function runOf(run: ReadRun) {
  const outputs = run.models.filter(({ role }) => role === "output");
  const inputs = run.models.filter(({ role }) => role === "input");
  return {
    info: infoOf(run),
    data: {
      metrics: run.metrics.map(metricOf),
      params: run.config.map(({ key, text }) => ({ key, value: text })),
      tags: tagsOf(run),
    },
    inputs: {
      ...(run.inputs.length > 0 ? { dataset_inputs: run.inputs.map(inputOf) } : {}),
      ...(inputs.length > 0 ? { model_inputs: inputs.map(({ model }) => ({ model_id: model })) } : {}),
    },
    outputs:
      outputs.length > 0
        ? { model_outputs: outputs.map(({ model, step }) => ({ model_id: model, step: step ?? 0 })) }
        : {},
  };
}

const inputOf = ({ tags, name, digest, sourceType, source, schema, profile }: RunInput) => ({
  tags,
  dataset: {
    name,
    digest,
    source_type: sourceType,
    source,
    ...(schema === null ? {} : { schema }),
    ...(profile === null ? {} : { profile }),
  },
});
