/** Blocks of a model: which are frozen, what of another model's they begin with, and the proof that the frozen ones stood still. */

import { createHash } from "node:crypto";
import type { LayersModel, Tensor, Variable } from "@tensorflow/tfjs";
import type { Block, ModelRecord } from "../../../lib/wire/models.ts";
import type { Tf } from "../backend/tf.ts";
import type { TrainingConfig } from "../config/training.ts";
import { sourceOf } from "./models.ts";
import { decodeSafetensors, type StoredTensor } from "./safetensors.ts";

type Layer = LayersModel["layers"][number];

export const blockOf = (layerName: string): string => layerName.split("_")[0]!;
/** What another task's model can use: all but the way up and the head. */
const isBackbone = (block: string): boolean => /^(hidden|encoder|recurrent)\d+$/.test(block);

/** A model's blocks in their order; those without weights, such as the input's, are none. */
export function blocksOf(model: LayersModel): string[] {
  const withWeights = model.layers.filter((layer) => layer.weights.length > 0);
  return [...new Set(withWeights.map(({ name }) => blockOf(name)))];
}

/** One part of a training: what is frozen, and what the learning rate is multiplied by. */
export type Stage = { fromEpoch: number; frozen: string[]; rateFactor: number };

/** The stages of a training, the first from epoch 0. Throws for a block that the model doesn't have. */
export function stagesOf(config: TrainingConfig, model: LayersModel): Stage[] {
  const blocks = blocksOf(model);
  const backbone = blocks.filter(isBackbone);
  const unknown = config.freeze.find((name) => name !== "backbone" && !blocks.includes(name));
  if (unknown !== undefined)
    throw new Error(`freeze: the model has no block ${unknown}; ${["backbone", ...blocks].join(", ")} are right`);
  const always = config.freeze.includes("backbone") ? [...backbone, ...config.freeze] : config.freeze;
  const frozen = blocks.filter((block) => always.includes(block));
  const withBackbone = blocks.filter((block) => frozen.includes(block) || isBackbone(block));
  const { transfer } = config;
  if (withBackbone.length === blocks.length || frozen.length === blocks.length)
    throw new Error(`freeze: ${blocks.join(", ")} would all be frozen; at least one block has to learn`);
  switch (transfer?.mode) {
    case undefined:
      return [{ fromEpoch: 0, frozen, rateFactor: 1 }];
    case "feature_extraction":
      return [{ fromEpoch: 0, frozen: withBackbone, rateFactor: 1 }];
    case "fine_tuning":
      return [{ fromEpoch: 0, frozen, rateFactor: transfer.fineTuningFactor }];
    case "both":
      return [
        { fromEpoch: 0, frozen: withBackbone, rateFactor: 1 },
        { fromEpoch: transfer.headEpochs, frozen, rateFactor: transfer.fineTuningFactor },
      ];
  }
}

export const stageAt = (stages: Stage[], epoch: number): Stage =>
  stages.findLast(({ fromEpoch }) => epoch >= fromEpoch) ?? stages[0]!;

type Call = (inputs: unknown, kwargs: Record<string, unknown>) => unknown;
const ownCalls = new WeakMap<Layer, Call>();

/**
 * Freezes these blocks and frees the others. A frozen block acts as in inference: the library would go on moving the
 * averages of its batch normalisation, and normalise by the batch.
 */
export function freezeBlocks(model: LayersModel, frozen: string[]): void {
  for (const layer of model.layers) {
    const callable = layer as unknown as { call: Call };
    const own = ownCalls.get(layer) ?? callable.call.bind(layer);
    ownCalls.set(layer, own);
    const isFrozen = frozen.includes(blockOf(layer.name));
    layer.trainable = !isFrozen;
    callable.call = isFrozen ? (inputs, kwargs) => own(inputs, { ...kwargs, training: false }) : own;
  }
}

/** What gradients are taken by. */
export const trainedVariables = (model: LayersModel): Variable[] =>
  model.trainableWeights.map((weight) => weight.read() as Variable);

/**
 * Puts the backbone of a checkpoint's model into this one. Returns the blocks that were carried over. Throws where one of
 * its tensors isn't in the checkpoint, or has another shape, with both shapes.
 */
export function carryOver(tf: Tf, model: LayersModel, checkpoint: Buffer): string[] {
  const { tensors } = decodeSafetensors(checkpoint);
  const carried = blocksOf(model).filter(isBackbone);
  const theirs = [...new Set([...tensors.keys()].map((name) => blockOf(name)).filter(isBackbone))];
  const wanted = model.layers
    .filter((layer) => carried.includes(blockOf(layer.name)))
    .flatMap(({ weights }) => weights);
  const found = wanted.map((weight) => {
    const tensor = tensors.get(weight.originalName);
    if (!tensor)
      throw new Error(
        `transfer: the checkpoint has no ${weight.originalName}: its backbone is ${theirs.join(", ") || "none"}, this model's ` +
          `${carried.join(", ")}; the same family of backbone with the same settings is right`,
      );
    if (tensor.shape.join() !== weight.shape.join())
      throw new Error(
        `transfer: ${weight.originalName} is [${tensor.shape.join(", ")}] in the checkpoint and ` +
          `[${weight.shape.join(", ")}] in this model; the same filters or units, and inputs alike, are right`,
      );
    return { weight, tensor };
  });
  for (const { weight, tensor } of found) {
    const value = tf.tensor(tensor.values, tensor.shape);
    weight.write(value);
    value.dispose();
  }
  return carried;
}

export type Snapshot = Map<string, StoredTensor>;

/** A copy of a model's tensors by name. */
export async function snapshot(model: LayersModel): Promise<Snapshot> {
  const tensors: Snapshot = new Map();
  for (const weight of model.weights) {
    const tensor: Tensor = weight.read();
    tensors.set(weight.originalName, { shape: tensor.shape, values: Float32Array.from(await tensor.data()) });
  }
  return tensors;
}

const digestOf = ({ values }: StoredTensor): string =>
  createHash("sha256")
    .update(Buffer.from(values.buffer, values.byteOffset, values.byteLength))
    .digest("hex");

/** ‖w − w₀‖ / ‖w₀‖; 0 for weights that stood still, null for those that began at nought and moved. */
export function changeOf(before: StoredTensor, after: StoredTensor): number | null {
  let [difference, size] = [0, 0];
  for (const [at, value] of before.values.entries()) {
    difference += (after.values[at]! - value) ** 2;
    size += value * value;
  }
  if (difference === 0) return 0;
  return size === 0 ? null : Math.sqrt(difference / size);
}

/** Throws where a frozen tensor isn't, bit for bit, what it was. */
export function requireStill(model: LayersModel, before: Snapshot, now: Snapshot, frozen: string[]): void {
  for (const weight of model.weights) {
    const name = weight.originalName;
    if (frozen.includes(blockOf(name)) && digestOf(before.get(name)!) !== digestOf(now.get(name)!))
      throw new Error(
        `${name} is frozen and changed all the same: the numbers of this run say nothing about its backbone`,
      );
  }
}

type RecordedWeights = {
  model: LayersModel;
  config: TrainingConfig;
  stages: Stage[];
  carried: string[];
  before: Snapshot;
  now: Snapshot;
  epoch: number;
  loss: ModelRecord["loss"];
};

/** What the run's page shows of a model: its blocks, what was frozen when, and each tensor before and after. */
export function recordModel({
  model,
  config,
  stages,
  carried,
  before,
  now,
  epoch,
  loss,
}: RecordedWeights): ModelRecord {
  const used = stages.filter(({ fromEpoch }) => fromEpoch === 0 || fromEpoch < epoch);
  const always = (block: string) => used.every(({ frozen }) => frozen.includes(block));
  const blocks = blocksOf(model).map((name): Block => {
    const layers = model.layers.filter((layer) => blockOf(layer.name) === name);
    return {
      name,
      origin: carried.includes(name) ? "carried" : "new",
      state: always(name) ? "frozen" : used.some(({ frozen }) => frozen.includes(name)) ? "unfrozen" : "trained",
      layers: layers.map((layer) => ({
        name: layer.name,
        type: layer.getClassName(),
        shape: (layer.outputShape as (number | null)[]).map((size) => size ?? -1),
        parameters: layer.countParams(),
      })),
    };
  });
  const tensors = model.weights.map(({ originalName: name }) => {
    const [first, last] = [before.get(name)!, now.get(name)!];
    return { name, shape: first.shape, before: digestOf(first), after: digestOf(last), change: changeOf(first, last) };
  });
  const { family } = config;
  return {
    version: 1,
    family,
    source: sourceOf(config),
    parameters: model.countParams(),
    epoch,
    blocks,
    stages,
    tensors,
    loss,
  };
}
