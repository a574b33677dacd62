/** The ledger of a test split: who looked at it, how often it may be looked at, and what that does to a number. */
import { z } from "zod";
import { digestOf, runId } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { longText } from "../base/text.ts";
import { sha256, time, uuid } from "../base/words.ts";
import { lookPurposes } from "./evaluations.ts";

/**
 * How test splits of a project may be looked at. `shut`: with a reason, so many times. `ladder`: a score is shown where it
 * beats the best by more than chance. `one-bit`: a token learns 'better' or 'not better' alone. `open`: all looks are counted,
 * none is refused.
 */
export const testModes = ["shut", "ladder", "one-bit", "open"] as const;
export type TestMode = (typeof testModes)[number];

export const TEST_BUDGET_MAX = 10_000;

/** Where a test split stands: nobody looked; one did; several at models fixed before; training followed a look; spent. */
export const ledgerStatuses = ["sealed", "first", "again", "adaptive", "exhausted"] as const;
export type LedgerStatus = (typeof ledgerStatuses)[number];

export const lookKinds = ["logged", "evaluation", "pick"] as const;
export type LookKind = (typeof lookKinds)[number];

const ledgerLookSchema = z.object({
  number: z.int().min(1).meta({ description: "the how manieth look it is, from 1" }),
  at: time,
  actor: z.string(),
  kind: z.enum(lookKinds).meta({
    description:
      "logged: a client logged a test number as an ordinary metric; pick: somebody read whether such a number chose the run",
  }),
  purpose: z.enum(lookPurposes).nullable(),
  reason: z.string().meta({ description: "what was written; of a logged one the name of its series" }),
  run: z.object({
    id: uuid,
    name: z.string().nullable().meta({ description: "null: it is purged" }),
    project: z.string().nullable().meta({ description: "its slug; null: the project is gone" }),
  }),
  evaluation: uuid.nullable(),
  checkpoint: z.object({ path: z.string(), step: z.int() }).nullable(),
  adaptive: z.boolean().meta({ description: "whether training on the same test split began afterwards" }),
  confirmed: z.boolean().meta({ description: "whether it was past the budget, and an admin had confirmed it" }),
  imported: z.boolean().meta({ description: "whether it was made elsewhere, and came with an import" }),
});
export type LedgerLook = z.infer<typeof ledgerLookSchema>;

const share = z.number().min(0).max(1);

export const ledgerSchema = z
  .object({
    manifest: sha256,
    testDigest: sha256,
    samples: z.int(),
    mode: z.enum(testModes),
    budget: z.int(),
    count: z.int().meta({ description: "looks at this test split, in whichever form its samples were registered" }),
    inherited: z.number().meta({ description: "looks at splits that share samples with it, each times the share" }),
    inheritedFrom: z.array(
      z.object({ testDigest: sha256, looks: z.int(), share: share.meta({ description: "of this split's samples" }) }),
    ),
    adaptive: z.int().meta({ description: "looks after which training on the same test split began" }),
    runsSince: z.int().meta({ description: "runs that began after the first look" }),
    confirmed: z.int().meta({ description: "looks past the budget that an admin confirmed and nobody took yet" }),
    status: z.enum(ledgerStatuses),
    halfWidths: z
      .object({
        single: z.number(),
        nonAdaptive: z.number(),
        adaptiveWorst: z.number(),
        optimism: z.number().meta({
          description:
            "the best of these looks is flattered by at most so much, were all that was looked at equally good",
        }),
        bits: z.number().meta({ description: "so many bits of the labels were told at most" }),
        values: z.int().meta({ description: "distinct answers that a look can give" }),
      })
      .nullable()
      .meta({ description: "of an accuracy's 95% interval after these looks; null: nobody looked, or no sample" }),
    freshSamples: z
      .int()
      .nullable()
      .meta({ description: "a fresh test split of so many takes the budget's looks as this one took its first" }),
    looks: z.array(ledgerLookSchema).meta({ description: "the newest first, at most 500" }),
  })
  .meta({
    id: "Ledger",
    examples: [
      {
        manifest: digestOf("a"),
        testDigest: digestOf("b"),
        samples: 10_000,
        mode: "shut",
        budget: 3,
        count: 1,
        inherited: 0.25,
        inheritedFrom: [{ testDigest: digestOf("c"), looks: 1, share: 0.25 }],
        adaptive: 0,
        runsSince: 0,
        confirmed: 0,
        status: "first",
        halfWidths: {
          single: 0.0136,
          nonAdaptive: 0.0136,
          adaptiveWorst: 0.0136,
          optimism: 0,
          bits: 13.3,
          values: 10_001,
        },
        freshSamples: 12_979,
        looks: [
          {
            number: 1,
            at: "2026-01-05T09:00:00.000Z",
            actor: "Ada",
            kind: "evaluation",
            purpose: "final",
            reason: "the recipe is settled",
            run: { id: runId, name: "wide-2", project: "street-signs" },
            evaluation: runId,
            checkpoint: { path: "checkpoints/best.safetensors", step: 900 },
            adaptive: false,
            confirmed: false,
            imported: false,
          },
        ],
      },
    ],
  });
export type Ledger = z.infer<typeof ledgerSchema>;

/** An admin's word for one look past the budget. */
export const lookConfirmSchema = z
  .object({ reason: longText.min(1).max(2000).meta({ description: "why once more, in words" }) })
  .meta({
    id: "LookConfirm",
    examples: [{ reason: "the labels of two classes were mended; the number is due again" }],
  });

/** A look as it travels from one installation to another: the same id wherever it goes. */
export const travellingLookSchema = z.object({
  id: uuid.meta({ description: "that it had where it was made: the same look counts once" }),
  at: time,
  actor: longText.min(1).max(200),
  look: z.enum(lookKinds),
  purpose: z.enum(lookPurposes).nullable(),
  reason: longText.min(1).max(2000),
  testDigest: sha256
    .nullable()
    .meta({ description: "of the test split that was looked at; null: the run cited no manifest" }),
  confirmation: uuid.nullable().meta({ description: "the admin's word that it used up; null: it needed none" }),
});
export type TravellingLook = z.infer<typeof travellingLookSchema>;

export const IMPORTED_LOOKS_MAX = 1_000;
export const looksImportSchema = z
  .object({ looks: z.array(travellingLookSchema).min(1).max(IMPORTED_LOOKS_MAX) })
  .meta({
    id: "LooksImport",
    examples: [
      {
        looks: [
          {
            id: runId,
            at: "2026-01-05T09:00:00.000Z",
            actor: "Ada",
            look: "evaluation",
            purpose: "final",
            reason: "the recipe is settled",
            testDigest: digestOf("b"),
            confirmation: null,
          },
        ],
      },
    ],
  });
export const looksImportedSchema = z
  .object({ stored: z.int(), there: z.int().meta({ description: "looks that the ledger had before" }) })
  .meta({ id: "LooksImported", examples: [{ stored: 1, there: 0 }] });
export type LooksImported = z.infer<typeof looksImportedSchema>;

const project = {
  name: "project",
  description: "id or slug; a token's own project if absent",
  schema: z.string().max(100),
};

export const looksRoutes = {
  getLedger: {
    method: "GET",
    path: "/api/v1/manifests/{manifest}/looks",
    summary: "The ledger of a manifest's test split: every look, and what is left. It holds no test number",
    permission: "manifests.read",
    query: [project],
    response: ledgerSchema,
  },
  confirmLook: {
    method: "POST",
    path: "/api/v1/manifests/{manifest}/looks",
    summary: "Confirm one look past the budget",
    permission: "tests.confirm",
    query: [project],
    request: lookConfirmSchema,
    response: ledgerSchema,
  },
  importLooks: {
    method: "POST",
    path: "/api/v1/runs/{run}/looks",
    summary: "Add looks that a run had before it was imported: they count at their test splits as any other",
    permission: "tests.open",
    request: looksImportSchema,
    response: looksImportedSchema,
  },
} as const satisfies Record<string, Route>;
