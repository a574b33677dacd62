/** Doubts: why a project's past can't be believed as it stands. Kinds and figures; `lib/words` makes the sentences. */
import { z } from "zod";
import { runId } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { longText } from "./base/text.ts";
import { time, uuid } from "./base/words.ts";

/** What is looked for, the gravest first. */
export const doubtKinds = [
  "picked-by-test",
  "watched-test",
  "test-logged",
  "one-seed",
  "best-of-many",
  "other-data",
  "batch-not-retuned",
  "still-falling",
  "dirty",
  "no-seed",
] as const;
export type DoubtKind = (typeof doubtKinds)[number];

/** `danger`: the number is no evidence. `warning`: it may be far off. `note`: it is hard to check. */
export const doubtTones = ["danger", "warning", "note"] as const;
export type DoubtTone = (typeof doubtTones)[number];

/** Runs that a doubt names; `count` has them all. */
export const DOUBTED_RUNS_MAX = 10;

const runSchema = z.object({ id: uuid, name: z.string() });
export type DoubtedRun = z.infer<typeof runSchema>;

const common = {
  tone: z.enum(doubtTones),
  count: z.int().meta({ description: "runs that it is about" }),
  runs: z.array(runSchema).max(DOUBTED_RUNS_MAX).meta({ description: "the first ten of them" }),
};
const metric = z.string().meta({ description: "the primary metric with its split, such as validation/accuracy" });

/**
 * As what a run was chosen: by a claim, in a study, by an alias or the stage of a model that a client registered, or by a
 * tag; `word`: its number, the model with either, or the tag.
 */
const chosenAsSchema = z.object({ as: z.enum(["claim", "study", "model", "tag"]), word: z.string() });
export type ChosenAs = z.infer<typeof chosenAsSchema>;

/**
 * `unread`: nobody looked whether the test number chose it. `withheld`: the reader may not learn it. `found`: it is the best by
 * that number, and not by the primary metric.
 */
export const pickStates = ["unread", "withheld", "found"] as const;

export const doubtSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("picked-by-test"),
    ...common,
    state: z.enum(pickStates),
    chosen: z.array(chosenAsSchema).meta({ description: "as what each of the named runs was chosen, in their order" }),
    series: z.array(z.string()).meta({ description: "the test series that all of them have" }),
    canLook: z.boolean().meta({ description: "whether the reader may take the look that tells" }),
  }),
  z.object({
    kind: z.literal("watched-test"),
    ...common,
    key: z.string().meta({ description: "of the config" }),
    series: z.string().meta({ description: "the test number that it names" }),
  }),
  z.object({
    kind: z.literal("test-logged"),
    ...common,
    series: z.array(z.string()).meta({ description: "their names, at most ten" }),
    points: z.int().meta({ description: "test numbers that were logged" }),
    everyEpoch: z.int().meta({ description: "runs that logged one more than once" }),
    looks: z.int().meta({ description: "that the ledger counts for them: one a series and run" }),
  }),
  z.object({
    kind: z.literal("one-seed"),
    ...common,
    as: z.enum(["best", "claim", "study"]),
    metric,
    value: z.number(),
    lead: z.number().nullable().meta({ description: "before the next recipe; null: there is none on the same data" }),
    tellsFrom: z.number().nullable().meta({ description: "a smaller lead of two single runs is noise; null: unknown" }),
    verdict: z.enum(["within-noise", "beyond-noise", "behind", "unknown"]),
  }),
  z.object({
    kind: z.literal("best-of-many"),
    ...common,
    metric,
    candidates: z.int(),
    value: z.number(),
    luck: z.number().nullable().meta({ description: "what the best shows beyond its worth; null: nobody knows" }),
    corrected: z.number().nullable(),
    by: z
      .enum(["seeds", "samples"])
      .nullable()
      .meta({ description: "whose noise it is; of samples, which the runs share, it is an upper bound" }),
  }),
  z.object({
    kind: z.literal("other-data"),
    ...common,
    studies: z
      .array(z.int())
      .meta({ description: "numbers of the studies that mix them; empty: the project's ranking does" }),
    data: z.array(z.object({ name: z.string(), runs: z.int() })).meta({ description: "validated on what, how many" }),
  }),
  z.object({
    kind: z.literal("batch-not-retuned"),
    ...common,
    key: z.string(),
    sizes: z.array(z.number()),
    fixed: z
      .array(z.string())
      .meta({ description: "keys that would have to be tuned for each; empty: the config has none" }),
  }),
  z.object({
    kind: z.literal("still-falling"),
    ...common,
    metric,
    gain: z.number().meta({ description: "what a quarter more steps would gain the first of them" }),
  }),
  z.object({
    kind: z.literal("dirty"),
    ...common,
    lost: z.int().meta({ description: "runs whose changes aren't kept, so that their code is gone" }),
  }),
  z.object({
    kind: z.literal("no-seed"),
    ...common,
    of: z.int().meta({ description: "runs that were looked at" }),
  }),
]);
export type Doubt = z.infer<typeof doubtSchema>;
export type DoubtOf<Kind extends DoubtKind> = Extract<Doubt, { kind: Kind }>;

/** Why something can't be told. `count`: runs that it is about. */
export const untoldReasons = [
  "no-primary-metric",
  "no-result",
  "no-data-named",
  "no-curve",
  "no-direction",
  "no-code",
] as const;
const untoldSchema = z.object({ reason: z.enum(untoldReasons), kinds: z.array(z.enum(doubtKinds)), count: z.int() });
export type Untold = z.infer<typeof untoldSchema>;

export const doubtsSchema = z
  .object({
    project: z.string(),
    at: time,
    looked: z.int().meta({ description: "runs that were looked at: the newest 20,000" }),
    of: z.int().meta({ description: "runs of the project" }),
    doubts: z.array(doubtSchema),
    untold: z.array(untoldSchema).meta({ description: "what nothing here says, and why" }),
  })
  .meta({
    id: "Doubts",
    examples: [
      {
        project: "street-signs",
        at: "2026-01-06T09:00:00.000Z",
        looked: 48,
        of: 48,
        doubts: [
          {
            kind: "no-seed",
            tone: "warning",
            count: 1,
            runs: [{ id: runId, name: "cnn-adam-0.001" }],
            of: 48,
          },
        ],
        untold: [],
      },
    ],
  });
export type Doubts = z.infer<typeof doubtsSchema>;

export const pickLookSchema = z
  .object({
    run: uuid.meta({ description: "a chosen run that has test numbers" }),
    reason: longText
      .max(2000)
      .refine((text) => text.trim() !== "", "why it is looked at, in words")
      .meta({ description: "why it is looked at: it stands in the ledger for ever" }),
  })
  .meta({ id: "PickLook", examples: [{ run: runId, reason: "the paper cites this run" }] });

export const doubtsRoutes = {
  getDoubts: {
    method: "GET",
    path: "/api/v1/projects/{project}/doubts",
    summary:
      "How far a project's past can be believed: each doubt with its runs, its rule and what to do. It holds no test number",
    permission: "runs.read",
    query: [
      { name: "format", description: "json, which it is if absent, or markdown", schema: z.enum(["json", "markdown"]) },
    ],
    response: doubtsSchema,
    responseBinary: { contentType: "text/markdown", description: "the same as a text to be read" },
  },
  lookAtPick: {
    method: "POST",
    path: "/api/v1/projects/{project}/doubts/looks",
    summary: "Look whether a chosen run was chosen by its test number: a look at its test split, within the budget",
    permission: "tests.open",
    request: pickLookSchema,
    response: doubtsSchema,
  },
} as const satisfies Record<string, Route>;
