/** All that a report holds of its predictions: made once, and stored as it is. */
import { z } from "zod";
import { confusionSchema } from "./confusion.ts";
import { evaluationTasks } from "./evaluations.ts";
import { headlineSchema } from "./headline.ts";
import { perClassSchema } from "./per-class.ts";

/** In the order of the page. A panel that the task has no use for, or that the predictions can't fill, is left out. */
export const panelSchemas = {
  headline: headlineSchema,
  perClass: perClassSchema,
  confusion: confusionSchema,
} as const;

export type PanelName = keyof typeof panelSchemas;
export type PanelData = { [Name in PanelName]: z.infer<(typeof panelSchemas)[Name]> };

export const panelsSchema = z.object({
  /** Of the definitions of its numbers. */
  version: z.int(),
  task: z.enum(evaluationTasks),
  samples: z.int(),
  /** Groups that were resampled whole; null: samples are independent. */
  groups: z.int().nullable(),
  /** Of every interval, 0–1. */
  confidence: z.number(),
  panels: z.object(panelSchemas).partial(),
});

export type Panels = z.infer<typeof panelsSchema>;
