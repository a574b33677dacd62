/** Whether probabilities mean what they say, by the confidence in the predicted class. */
import { z } from "zod";
import { estimateSchema, measuredSchema } from "./measured.ts";

const binSchema = z.object({
  /** Confidences above `from`, up to `to`. */
  from: z.number(),
  to: z.number(),
  samples: z.int(),
  /** Their mean confidence, and the share that is right with Wilson's interval. */
  confidence: z.number(),
  accuracy: z.number(),
  low: z.number(),
  high: z.number(),
});

export type CalibrationBin = z.infer<typeof binSchema>;

export const calibrationSchema = z.object({
  /** Those that hold a sample. */
  bins: z.array(binSchema),
  /** Expected calibration error over bins of equal width, and the largest of a bin. */
  ece: estimateSchema,
  mce: measuredSchema,
  /** What the expected calibration error of a perfectly calibrated model is: its mean, and what it exceeds once in twenty times. */
  calibrated: z.object({ mean: measuredSchema, p95: measuredSchema, draws: z.int() }),
  /** Over bins of equally many samples, and over all classes (Nixon et al. 2019). */
  adaptiveEce: measuredSchema,
  classwise: measuredSchema,
  logLoss: measuredSchema,
  brier: measuredSchema,
  /** The temperature, where it was fitted, and what it makes of these samples. Null: none was fitted. */
  temperature: z
    .object({
      fittedOn: z.enum(["here", "validation"]),
      value: measuredSchema,
      bins: z.array(binSchema),
      ece: measuredSchema,
      logLoss: measuredSchema,
      brier: measuredSchema,
    })
    .nullable(),
});

export type CalibrationData = z.infer<typeof calibrationSchema>;
