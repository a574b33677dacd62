/** Data and models that a client says its run read or made. */
import type { z } from "zod";
import type { TokenActor } from "../access/actor.ts";
import { addInputs } from "../interop/inputs.ts";
import { linkModels } from "../interop/models.ts";
import { listProperties } from "../interop/properties.ts";
import { tellRun } from "../interop/run-acts.ts";
import { runToChange } from "./runs.ts";
import type { schemas } from "./wire.ts";
import { invalidValue } from "./words/errors.ts";

type Asked<Name extends keyof typeof schemas> = z.output<(typeof schemas)[Name]>;

export async function logInputs(actor: TokenActor, { datasets, models, ...asked }: Asked<"logInputs">) {
  const { id } = await runToChange(actor, asked);
  const inputs = datasets.map(
    ({ tags, dataset: { source_type: sourceType, schema = null, profile = null, ...dataset } }) => ({
      ...dataset,
      sourceType,
      schema,
      profile,
      tags,
    }),
  );
  await addInputs(actor, id, inputs);
  await linkModels(
    actor,
    id,
    "input",
    models.map(({ model_id: model }) => ({ model, step: null })),
  );
  return {};
}

export async function logOutputs(actor: TokenActor, { models, ...asked }: Asked<"logOutputs">) {
  const { id } = await runToChange(actor, asked);
  const made = models.map(({ model_id: model, step }) => ({ model, step: step ?? 0 }));
  await linkModels(actor, id, "output", made);
  return {};
}

const HISTORY_TAG = "mlflow.log-model.history";
const facts = ["artifact_path", "flavors", "utc_time_created", "run_id"] as const;

/** What clients of MLflow 2 say of a model whose files they stored: one more of the list in a tag. */
export async function logModel(actor: TokenActor, { model_json, ...asked }: Asked<"logModel">) {
  const model = objectOf(model_json);
  const lacking = facts.filter((fact) => !(fact in model));
  if (lacking.length > 0) throw invalidValue(`Model json is missing mandatory fields: ${lacking.join(", ")}`);
  const { id } = await runToChange(actor, asked);
  const before = (await listProperties([id])).get(id)?.find(({ key }) => key === HISTORY_TAG)?.value;
  const history = before ? (JSON.parse(before) as object[]) : [];
  await tellRun(actor, id, { properties: [{ key: HISTORY_TAG, value: JSON.stringify([...history, model]) }] });
  return {};
}

function objectOf(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value;
  } catch {
    // said below
  }
  throw invalidValue("Malformed model info. model_json is no JSON object");
}
