/** What a training needs to go on as if it had not stopped: weights, the optimizer's state, step and preprocessing. */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { LayersModel, Optimizer, Tensor, Variable } from "@tensorflow/tfjs";
import type { Tf } from "../backend/tf.ts";
import type { Fitted } from "./preprocessing.ts";
import { decodeSafetensors, encodeSafetensors, type Safetensors, type StoredTensor } from "./safetensors.ts";
import type { Values } from "./task.ts";

export type BestEpoch = { epoch: number; values: Values };

/** What stands beside the tensors. `config` is the run's; `preprocessing` was fitted on the training split alone. */
export type CheckpointFacts = {
  epoch: number;
  /** Optimizer updates done. */
  step: number;
  /** The epoch that was best by validation so far. */
  best: BestEpoch | null;
  config: object;
  /** Each epoch's validation so far: what schedule and early stopping go by. */
  history: Values[];
  preprocessing: Fitted;
};

const OPTIMIZER = "optimizer/";
const PRODUCT = "optimizer-product/";

/** Encodes model and optimizer with their facts, as safetensors. */
export async function encodeCheckpoint(
  model: LayersModel,
  optimizer: Optimizer,
  facts: CheckpointFacts,
): Promise<Buffer> {
  const tensors: Safetensors["tensors"] = new Map();
  for (const weight of model.weights) tensors.set(weight.originalName, await stored(weight.read()));
  // by their order: the library reads them so, and its names count the models of a process
  for (const [index, { name, tensor }] of (await optimizer.getWeights()).entries()) {
    tensors.set(OPTIMIZER + String(index).padStart(4, "0"), await stored(tensor));
    if (name === "iter") tensor.dispose(); // made for this call; the others are the optimizer's own
  }
  for (const [name, variable] of Object.entries(productsOf(optimizer)))
    tensors.set(PRODUCT + name, await stored(variable));
  return encodeSafetensors({ tensors, metadata: { holdout: JSON.stringify(facts) } });
}

/**
 * Powers of Adam's betas, which it multiplies up step by step. Its own getWeights leaves them out and its setWeights
 * raises them anew, which rounds otherwise: a resumed training would differ in the last bits.
 */
function productsOf(optimizer: Optimizer): Record<string, Variable> {
  const { accBeta1, accBeta2 } = optimizer as unknown as Record<string, Variable | undefined>;
  return accBeta1 && accBeta2 ? { accBeta1, accBeta2 } : {};
}

const stored = async (tensor: Tensor): Promise<StoredTensor> => ({
  shape: tensor.shape,
  values: (await tensor.data()) as Float32Array | Int32Array,
});

/**
 * Puts a checkpoint's weights into a model, and its state into an optimizer where there is one. Throws where a tensor is
 * missing or shaped otherwise.
 */
export async function restoreCheckpoint(
  tf: Tf,
  file: Buffer,
  model: LayersModel,
  optimizer: Optimizer | null,
): Promise<CheckpointFacts> {
  const { tensors, metadata } = decodeSafetensors(file);
  const tensorOf = ({ shape, values }: StoredTensor) =>
    tf.tensor(values, shape, values instanceof Int32Array ? "int32" : "float32");
  for (const weight of model.weights) {
    const found = tensors.get(weight.originalName);
    if (!found) throw new Error(`the checkpoint has no tensor ${weight.originalName}`);
    if (found.shape.join() !== weight.shape.join())
      throw new Error(
        `${weight.originalName} is [${found.shape.join(", ")}] in the checkpoint, [${weight.shape.join(", ")}] in the model`,
      );
    const value = tensorOf(found);
    weight.write(value);
    value.dispose();
  }
  if (!optimizer) return factsIn(metadata);
  const state = [...tensors].filter(([name]) => name.startsWith(OPTIMIZER));
  await optimizer.setWeights(
    state.map(([name, tensor]) => ({ name: name.slice(OPTIMIZER.length), tensor: tensorOf(tensor) })),
  );
  for (const [name, variable] of Object.entries(productsOf(optimizer))) {
    const found = tensors.get(PRODUCT + name);
    if (!found) throw new Error(`the checkpoint has no tensor ${PRODUCT}${name}`);
    const value = tensorOf(found);
    variable.assign(value);
    value.dispose();
  }
  return factsIn(metadata);
}

/** The facts of a checkpoint's file, without its tensors. */
export const readFacts = (file: Buffer): CheckpointFacts => factsIn(decodeSafetensors(file).metadata);

function factsIn({ holdout }: Record<string, string>): CheckpointFacts {
  if (!holdout) throw new Error("the file is no checkpoint of a training: its metadata has no entry holdout");
  return JSON.parse(holdout) as CheckpointFacts;
}

export const checkpointPath = (epoch: number): string =>
  `checkpoints/epoch-${String(epoch).padStart(4, "0")}.safetensors`;

/** The file of a run that holds its best checkpoint by validation, once the training is done. */
export const BEST_PATH = "best.safetensors";

/** Keeps a run's newest checkpoint on this machine, and its best beside it, so that a resume needs no download. */
export function keepLocally(folder: string, epoch: number, file: Buffer, isBest: boolean): void {
  mkdirSync(folder, { recursive: true });
  const newest = path.basename(checkpointPath(epoch));
  if (isBest) replaceFile(path.join(folder, BEST_PATH), file);
  replaceFile(path.join(folder, newest), file);
  for (const older of localCheckpoints(folder)) if (older < newest) rmSync(path.join(folder, older));
}

function replaceFile(place: string, bytes: Buffer): void {
  writeFileSync(`${place}.part`, bytes);
  renameSync(`${place}.part`, place);
}

/** The newest checkpoint kept here, or null. */
export function readLocal(folder: string): Buffer | null {
  const newest = localCheckpoints(folder).at(-1);
  return newest ? readFileSync(path.join(folder, newest)) : null;
}

/** The checkpoint of the epoch that is best, if it is kept here; null else. */
export function readBest(folder: string, epoch: number): Buffer | null {
  const place = path.join(folder, BEST_PATH);
  const file = existsSync(place) ? readFileSync(place) : null;
  return file && readFacts(file).epoch === epoch ? file : null;
}

function localCheckpoints(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.startsWith("epoch-") && name.endsWith(".safetensors"))
      .sort();
  } catch {
    return [];
  }
}
