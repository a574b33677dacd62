/** Referee splits: a slice of validation that trainings leave out, and that the server alone scores. */
import { z } from "zod";
import { digestOf } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { label } from "../base/text.ts";
import { MANIFEST_SAMPLES_MAX, sha256, time } from "../base/words.ts";

export const refereeSplitCreateSchema = z
  .object({
    seed: z.int().min(0).default(0),
    share: z.number().gt(0).lt(1).default(0.5).meta({ description: "of validation; groups are kept whole" }),
  })
  .meta({ id: "RefereeSplitCreate", examples: [{ seed: 1, share: 0.5 }] });

export const refereeSplitSchema = z
  .object({
    manifest: sha256,
    seed: z.int(),
    share: z.number(),
    samples: z.int(),
    digest: sha256,
    isSealed: z.boolean().meta({ description: "no label of it stands in the manifest" }),
    keys: z.array(z.string()).meta({ description: "what a training leaves out of validation" }),
    registeredBy: z.string(),
    registeredAt: time,
  })
  .meta({
    id: "RefereeSplit",
    examples: [
      {
        manifest: digestOf("a"),
        seed: 1,
        share: 0.5,
        samples: 2,
        digest: digestOf("b"),
        isSealed: true,
        keys: ["cat-1.png", "dog-7.png"],
        registeredBy: "Ada",
        registeredAt: "2026-01-05T09:00:00.000Z",
      },
    ],
  });
export type RefereeSplit = z.infer<typeof refereeSplitSchema>;

/**
 * What the environment of a run says that trained by a manifest which its trainer made without a server: a referee split
 * that the manifest has wasn't left out.
 */
export const splitMadeAlone = { name: "split made", value: "without a server" } as const;

const key = label(1000);

/** Every sample of the split once, in whatever order. */
export const refereePredictionsSchema = z
  .union([
    z.object({
      keys: z.array(key).min(1).max(MANIFEST_SAMPLES_MAX),
      classes: z
        .array(label(1000))
        .meta({ description: "the label that is predicted, by row: counted as right or wrong" }),
    }),
    z.object({
      keys: z.array(key).min(1).max(MANIFEST_SAMPLES_MAX),
      values: z
        .array(z.number())
        .meta({ description: "the number that is predicted, by row: its error squared counts" }),
    }),
  ])
  .meta({ id: "RefereePredictions", examples: [{ keys: ["cat-1.png", "dog-7.png"], classes: ["cat", "cat"] }] });

export const refereeTakenSchema = z
  .object({ samples: z.int().meta({ description: "that were taken; what they came to is told to nobody" }) })
  .meta({ id: "RefereeTaken", examples: [{ samples: 2 }] });

const project = {
  name: "project",
  description: "id or slug; a token's own project if absent",
  schema: z.string().max(100),
};

export const refereeSplitsRoutes = {
  registerRefereeSplit: {
    method: "POST",
    path: "/api/v1/manifests/{manifest}/referee-split",
    summary: "Draw a referee split out of a manifest's validation, before any run cites the manifest",
    permission: "manifests.register",
    query: [project],
    request: refereeSplitCreateSchema,
    response: refereeSplitSchema,
  },
  getRefereeSplit: {
    method: "GET",
    path: "/api/v1/manifests/{manifest}/referee-split",
    summary: "A manifest's referee split: the keys that a training leaves out of validation",
    permission: "manifests.read",
    query: [project],
    response: refereeSplitSchema,
  },
  postRefereePredictions: {
    method: "POST",
    path: "/api/v1/runs/{run}/referee-predictions",
    summary:
      "Send what a run predicts of its referee split, once: the server scores it for rulings, and says nothing of it",
    permission: "evaluations.create",
    request: refereePredictionsSchema,
    response: refereeTakenSchema,
  },
} as const satisfies Record<string, Route>;
