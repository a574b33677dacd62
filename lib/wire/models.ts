/** What a run says of its model, by epoch. */
import { z } from "zod";
import { sha256 } from "./base/words.ts";

/** A part of a model that is frozen, carried over and drawn as one. */
export const blockSchema = z.object({
  name: z.string().max(100),
  /** `carried`: its weights began as those of another run. */
  origin: z.enum(["new", "carried"]),
  /** `unfrozen`: it was frozen at first. */
  state: z.enum(["trained", "frozen", "unfrozen"]),
  layers: z
    .array(
      z.object({
        name: z.string().max(200),
        type: z.string().max(100),
        /** Of its output; -1: the batch. */
        shape: z.array(z.int()).max(8),
        parameters: z.int().min(0),
      }),
    )
    .max(1000),
});

export type Block = z.infer<typeof blockSchema>;

/** What an artifact `model/….json` holds: a run's model, what of it was frozen when, and each tensor before and after. */
export const modelRecordSchema = z.object({
  version: z.literal(1),
  family: z.string().max(100),
  /** The publications that its architecture comes from. */
  source: z.string().max(500),
  parameters: z.int().min(0),
  /** Epochs done when it was written. */
  epoch: z.int().min(0),
  blocks: z.array(blockSchema).max(1000),
  /** From which epoch, counted from 0, these blocks were frozen, and what the learning rate was multiplied by. */
  stages: z.array(z.object({ fromEpoch: z.int(), frozen: z.array(z.string()), rateFactor: z.number() })).max(100),
  tensors: z
    .array(
      z.object({
        name: z.string().max(300),
        shape: z.array(z.int()).max(8),
        /** SHA-256 of the values, little-endian. */
        before: sha256,
        after: sha256,
        /** Euclidean norm of the difference, over that of the values before; null where that is 0. */
        change: z.number().nullable(),
      }),
    )
    .max(10_000),
  /** `meaningful`: its value says how good a model is, beside that of a constant prediction; `surrogate`: it doesn't. */
  loss: z.object({
    name: z.string().max(100),
    kind: z.enum(["meaningful", "surrogate"]),
    unit: z.string().max(40),
    /** The loss of the best constant prediction, by the training split; null for a surrogate. */
    baseline: z.number().nullable(),
    /** What its last fifth says of the training loss; null where it is too short to say. */
    convergence: z.enum(["falling", "level", "rising", "oscillating"]).nullable(),
  }),
});

export type ModelRecord = z.infer<typeof modelRecordSchema>;

/** Under which path such an artifact lies, by epoch. */
export const modelRecordPath = (epoch: number): string => `model/epoch-${String(epoch).padStart(4, "0")}.json`;
