/** What a project decided, and why: its studies as a tree, and the decisions beside them. Never a number of an evaluation. */
import { z } from "zod";
import { runId } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { time, uuid } from "../base/words.ts";

const changeSchema = z.object({
  /** A key of the config, with dots; or `manifest`, `objective`. */
  what: z.string(),
  from: z.string().nullable().meta({ description: "as JSON text; null: it wasn't set" }),
  to: z.string().nullable(),
});
export type HistoryChange = z.infer<typeof changeSchema>;

const runSchema = z.object({ id: uuid, name: z.string() });
const approvalSchema = z.object({ review: z.int(), by: z.array(z.string()), words: z.array(z.string()), at: time });

export const historyStudySchema = z.object({
  id: uuid,
  number: z.int(),
  title: z.string(),
  question: z.string(),
  parent: z.int().nullable().meta({ description: "the number of the study before" }),
  depth: z.int().meta({ description: "0: it begins a history" }),
  status: z.enum(["draft", "open", "paused", "concluded"]),
  trials: z.int(),
  hypothesis: z.string(),
  isHypothesis: z.boolean().meta({ description: "it was written before the first trial" }),
  decision: z.enum(["adopt", "adopt-with-note", "reject"]).nullable(),
  conclusion: z.string(),
  concludedBy: z.string().nullable(),
  concludedAt: time.nullable(),
  chosen: runSchema.nullable().meta({ description: "null: none was chosen, or its run is gone" }),
  changes: z.array(changeSchema).meta({ description: "of what it hands on against what it was handed, by itself" }),
  approval: approvalSchema.nullable(),
  at: time,
});
export type HistoryStudy = z.infer<typeof historyStudySchema>;

export const historyDecisionSchema = z.object({
  kind: z.enum(["claim", "review"]),
  number: z.int(),
  title: z.string(),
  reason: z.string(),
  by: z.string(),
  run: runSchema.nullable(),
  approval: approvalSchema.nullable(),
  at: time,
});
export type HistoryDecision = z.infer<typeof historyDecisionSchema>;

export const historySchema = z
  .object({
    project: z.string(),
    /** From the first downwards, what follows from a study below it. */
    studies: z.array(historyStudySchema),
    /** Claims on the champion, and approved reviews of runs, the oldest first. */
    decisions: z.array(historyDecisionSchema),
  })
  .meta({
    id: "History",
    examples: [
      {
        project: "street-signs",
        studies: [],
        decisions: [
          {
            kind: "claim",
            number: 1,
            title: "cnn-adam-0.001",
            reason: "it is stable over three seeds",
            by: "Ada",
            run: { id: runId, name: "cnn-adam-0.001" },
            approval: null,
            at: "2026-01-06T09:00:00.000Z",
          },
        ],
      },
    ],
  });
export type History = z.infer<typeof historySchema>;

export const historyRoutes = {
  getHistory: {
    method: "GET",
    path: "/api/v1/projects/{project}/history",
    summary: "What the project decided, and why",
    permission: "reviews.read",
    query: [
      { name: "format", description: "json, which it is if absent, or markdown", schema: z.enum(["json", "markdown"]) },
    ],
    response: historySchema,
    responseBinary: { contentType: "text/markdown", description: "the same as a text to be read" },
  },
} as const satisfies Record<string, Route>;
