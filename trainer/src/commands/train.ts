/** `train`: a model is trained as a new run. */
import { splitMadeAlone } from "../../../lib/wire/data/referee-splits.ts";
import type { MetricDeclaration } from "../../../lib/wire/projects.ts";
import { loadBackend } from "../backend/backend.ts";
import { createRun } from "../client/client.ts";
import type { Settings } from "../config/settings.ts";
import { defaultName, type TrainingConfig } from "../config/training.ts";
import { type DataSet, type Part, sizeOf } from "../data/data.ts";
import { countClasses } from "../model/baseline.ts";
import { createModel, describeModel } from "../model/models.ts";
import { prepareSet } from "../model/preprocessing.ts";
import { contractFacts, requireClasses, requireFit, requireValues } from "../model/shape-contract.ts";
import { lossOf, measures, outputsOf } from "../model/task.ts";
import { majorityName } from "../train.ts";
import type { CommandContext } from "./context.ts";
import { environmentOf } from "./environment.ts";
import { predictIfRefereed } from "./evaluate.ts";
import { type FollowInput, follow } from "./follow.ts";
import { readSet } from "./read-set.ts";
import { prepareTraining } from "./register.ts";
import { parentOf } from "./run-files.ts";

/** Trains one model as a new run. Returns the exit code. */
export async function trainCommand(context: CommandContext, settings: Settings): Promise<number> {
  const { training, data } = settings;
  // the set first: what is wrong with it is said at once, and loading a backend takes longer
  const set = await readSet(data);
  const backend = await loadBackend(settings.backend);
  const facts = await modelFacts(backend, training, set);
  const parent = await parentOf(context, training);
  const { manifest, before, ...samples } = await prepareTraining(context, settings, set);
  requireClasses(samples.set, countClasses(samples.set, samples.indexes.train));
  const { transfer } = training;
  // a referee split may be known to the server, and is then not left out
  const alone: Record<string, string> = before.length > 0 ? { [splitMadeAlone.name]: splitMadeAlone.value } : {};
  const run = await createRun({
    url: context.target.url,
    token: context.target.token,
    spoolDir: context.spoolDir,
    code: context.code,
    name: settings.name ?? defaultName(training),
    config: training,
    seed: training.seed,
    manifest,
    before,
    parent: transfer ? { run: transfer.run, checkpoint: transfer.checkpoint } : null,
    metrics: declarationsOf(set, training),
    environment: { ...environmentOf(backend, data), ...facts, ...alone },
  });
  const code = await follow(context, { run, training, backend, ...samples, parent, restore: null });
  if (code === 0 && manifest && !context.offline) await predictIfRefereed(context, { id: run.id, manifest }, settings);
  return code;
}

/** Directions and units of what is logged; a surrogate loss has no direction, as its value ranks nothing. */
export function declarationsOf({ task }: DataSet, { loss: name }: TrainingConfig): MetricDeclaration[] {
  const loss = lossOf(task, name);
  const none = (metric: string, unit = "") => ({ name: metric, direction: "none" as const, unit });
  return [
    loss.kind === "meaningful" ? { name: "loss", direction: "min", unit: loss.unit } : none("surrogate_loss"),
    ...Object.entries(measures[task]).map(([metric, direction]) => ({ name: metric, direction, unit: "" })),
    ...(task === "regression" ? [] : [none(majorityName(task))]),
    none("learning_rate"),
    none("gradient_norm"),
    none("epoch"),
    none("images_per_second", "1/s"),
    none("data_wait"),
    none("inference_difference"),
  ];
}

/** What the run records of model and contract. Throws where a set and a config don't fit. */
export async function modelFacts({ tf }: FollowInput["backend"], training: TrainingConfig, raw: DataSet) {
  requireValues(raw);
  const few = { ...raw, train: firstSample(raw), test: firstSample({ ...raw, train: raw.test }) };
  const set = await prepareSet(tf, few, training.preprocessing); // its shapes alone count here
  requireFit(set, training);
  const model = createModel(tf, training, set.inputShape, outputsOf(set));
  const facts = describeModel(model, training);
  model.dispose();
  return { ...facts, ...contractFacts(set) };
}

function firstSample({ inputShape, task, train }: DataSet): Part {
  const targets = task === "segmentation" ? sizeOf(inputShape.slice(0, 2)) : 1;
  return {
    count: Math.min(1, train.count),
    keys: train.keys.slice(0, 1),
    inputs: train.inputs.slice(0, sizeOf(inputShape)),
    targets: train.targets.slice(0, targets),
  };
}
