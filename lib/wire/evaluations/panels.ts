/** All that a report holds of its predictions: made once, and stored as it is. */
import { z } from "zod";
import { baselinesSchema } from "./baselines.ts";
import { calibrationSchema } from "./calibration.ts";
import { confusionSchema } from "./confusion.ts";
import { errorsSchema } from "./errors.ts";
import { evaluationTasks } from "./evaluations.ts";
import { headlineSchema } from "./headline.ts";
import { masksSchema } from "./masks.ts";
import { operatingPointSchema } from "./operating-point.ts";
import { perClassSchema } from "./per-class.ts";
import { residualsSchema } from "./residuals.ts";
import { slicesSchema } from "./slices.ts";
import { soundnessPanelSchema } from "./soundness.ts";

/** In the order of the page. A panel that the task has no use for, or that the predictions can't fill, is left out. */
export const panelSchemas = {
  headline: headlineSchema,
  baselines: baselinesSchema,
  perClass: perClassSchema,
  confusion: confusionSchema,
  operatingPoint: operatingPointSchema,
  calibration: calibrationSchema,
  slices: slicesSchema,
  errors: errorsSchema,
  masks: masksSchema,
  residuals: residualsSchema,
  soundness: soundnessPanelSchema,
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
