/** Candidates that are handed in as configs: others train them, and one bit comes back. */
import { z } from "zod";
import { configSchema } from "../base/config.ts";
import { projectId } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { uuid } from "../base/words.ts";

export const candidateInputSchema = z
  .object({
    config: configSchema.meta({
      description: "what a worker trains with the manifest of the study; its seeds are the referee's",
    }),
  })
  .meta({ id: "CandidateInput", examples: [{ config: { optimizer: { learningRate: 0.002 } } }] });

/** `pending`: workers train it, or the time to tell it hasn't come. */
export const answerWords = ["pending", "keep", "discard"] as const;

export const candidateAnswerSchema = z
  .object({ candidate: uuid, ruling: z.enum(answerWords) })
  .meta({ id: "CandidateAnswer", examples: [{ candidate: projectId, ruling: "pending" }] });
export type CandidateAnswer = z.infer<typeof candidateAnswerSchema>;

export const candidatesRoutes = {
  submitCandidate: {
    method: "POST",
    path: "/api/v1/studies/{study}/candidates",
    summary:
      "Hand in a candidate of a loop as a config, and learn whether it was kept; the same again asks for its answer",
    permission: "candidates.submit",
    request: candidateInputSchema,
    response: candidateAnswerSchema,
  },
} as const satisfies Record<string, Route>;
