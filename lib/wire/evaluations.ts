/** Whether a run may be evaluated on a manifest's split. */
import { z } from "zod";
import { digestOf } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { sha256 } from "./base/words.ts";

export const evaluableSchema = z
  .object({
    run: z.string(),
    manifest: sha256,
    /** Whether the run may be evaluated on the manifest's test split: exactly where no reason stands against it. */
    evaluable: z.boolean(),
    reasons: z.array(
      z.object({
        kind: z.enum(["leak", "uncited", "blocked", "unchecked", "empty"]),
        field: z.enum(["run", "manifest"]),
        detail: z.string(),
      }),
    ),
    leak: z.object({
      /** How many test samples; the list holds the first 200. */
      count: z.int(),
      samples: z.array(
        z.object({
          key: z.string(),
          /** The manifest of the run, or of a run that its weights come from, in which it was trained or tuned on. */
          manifest: sha256,
          split: z.enum(["train", "validation"]),
          /** The sample's key there. */
          as: z.string(),
        }),
      ),
    }),
  })
  .meta({
    id: "Evaluable",
    examples: [
      {
        run: "0190a0f4-7b1c-7e3a-9f00-0123456789ab",
        manifest: digestOf("a"),
        evaluable: false,
        reasons: [
          {
            kind: "leak",
            field: "manifest",
            detail:
              "of the 60 test samples of digits, 1 stood in train or validation of what the run, or a run that its weights come from, cites: test/0",
          },
        ],
        leak: { count: 1, samples: [{ key: "test/0", manifest: digestOf("b"), split: "train", as: "test/0" }] },
      },
    ],
  });

export type Evaluable = z.infer<typeof evaluableSchema>;

export const evaluationsRoutes = {
  getEvaluable: {
    method: "GET",
    path: "/api/v1/runs/{run}/evaluable",
    summary: "Whether a run may be evaluated on the test split of a manifest, and what stands against it",
    permission: "runs.read",
    query: [{ name: "manifest", description: "id of a manifest of the run's project", schema: sha256, required: true }],
    response: evaluableSchema,
  },
} as const satisfies Record<string, Route>;
