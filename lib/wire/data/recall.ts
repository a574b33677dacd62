/** How copies are altered to try a search of near duplicates, and what it found of them. */
import { z } from "zod";

/** How an image is altered on its way from one data set into another. */
export const alterations = [
  "re-encoded",
  "re-encoded-strongly",
  "brighter",
  "mirrored",
  "noisy",
  "resized",
  "resized-to-half",
  "shifted",
  "cropped",
] as const;

export type Alteration = (typeof alterations)[number];

/** How a row of a table is altered. */
export const rowAlterations = ["rounded", "noisy", "one-column"] as const;

export type RowAlteration = (typeof rowAlterations)[number];

const shareFound = {
  planted: z.int(),
  found: z.int(),
  /** 95 % interval of the share that it finds, 0–1 (Wilson's). */
  low: z.number(),
  high: z.number(),
};

/** What a search found of altered copies that were planted in it. */
export const recallSchema = z.object({ kind: z.enum(alterations), ...shareFound });

export type Recall = z.infer<typeof recallSchema>;

export const rowRecallSchema = z.object({ kind: z.enum(rowAlterations), ...shareFound });

export type RowRecall = z.infer<typeof rowRecallSchema>;
