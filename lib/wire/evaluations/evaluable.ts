/** Whether a run may be evaluated on a manifest's split. */
import { z } from "zod";
import { digestOf } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { sha256 } from "../base/words.ts";

/** What stands against an evaluation, by kind, with the figures of each. The sentences stand in `lib/words`. */
const reasonShapes = {
  /** The manifest has no test sample. */
  empty: { manifest: z.string() },
  unchecked: { manifest: z.string() },
  blocked: { manifest: z.string() },
  /** `from`: a run that its weights come from, the run itself where null; `name` is null where that is gone. */
  uncited: { from: z.object({ run: z.string(), name: z.string().nullable() }).nullable() },
  /** `first`: keys of the first few. */
  leak: { manifest: z.string(), tests: z.int(), leaking: z.int(), first: z.array(z.string()) },
} as const satisfies Record<string, z.ZodRawShape>;

const fieldOf = {
  empty: "manifest",
  unchecked: "manifest",
  blocked: "manifest",
  uncited: "run",
  leak: "manifest",
} as const;

export type ReasonFigures = { [Kind in keyof typeof reasonShapes]: z.infer<z.ZodObject<(typeof reasonShapes)[Kind]>> };
/** One thing that stands against it; `field`: of what was asked. */
export type Reason = {
  [Kind in keyof ReasonFigures]: { kind: Kind; field: (typeof fieldOf)[Kind]; figures: ReasonFigures[Kind] };
}[keyof ReasonFigures];
export type WordedReason = Reason & { detail: string };

const reasonSchema = z.discriminatedUnion(
  "kind",
  Object.entries(reasonShapes).map(([kind, shape]) =>
    z.object({
      kind: z.literal(kind),
      field: z.literal(fieldOf[kind as keyof typeof fieldOf]),
      figures: z.object(shape),
      detail: z.string(),
    }),
  ) as never,
) as unknown as z.ZodType<WordedReason>;

export const evaluableSchema = z
  .object({
    run: z.string(),
    manifest: sha256,
    /** Whether the run may be evaluated on the manifest's test split: exactly where no reason stands against it. */
    evaluable: z.boolean(),
    reasons: z.array(reasonSchema),
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
            figures: { manifest: "digits", tests: 60, leaking: 1, first: ["test/0"] },
            detail:
              "of the 60 test samples of digits, 1 stood in train or validation of what the run, or a run that its weights come from, cites: test/0",
          },
        ],
        leak: { count: 1, samples: [{ key: "test/0", manifest: digestOf("b"), split: "train", as: "test/0" }] },
      },
    ],
  });

/** As the API answers it. */
export type WordedEvaluable = z.infer<typeof evaluableSchema>;
/** The same without a word. */
export type Evaluable = Omit<WordedEvaluable, "reasons"> & { reasons: Reason[] };

export const evaluableRoutes = {
  getEvaluable: {
    method: "GET",
    path: "/api/v1/runs/{run}/evaluable",
    summary: "Whether a run may be evaluated on the test split of a manifest, and what stands against it",
    permission: "runs.read",
    query: [{ name: "manifest", description: "id of a manifest of the run's project", schema: sha256, required: true }],
    response: evaluableSchema,
  },
} as const satisfies Record<string, Route>;
