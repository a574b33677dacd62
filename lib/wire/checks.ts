/** Checks of a manifest: their names, verdicts and report. */
import { z } from "zod";
import { digestOf } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { sha256, splitSchema } from "./base/words.ts";
import { manifestVerdicts } from "./manifests.ts";

/** Of a check. `not-applicable`: nothing of the kind is there to be compared; it weighs nothing. */
export const verdicts = ["not-applicable", ...manifestVerdicts] as const;

export type Verdict = (typeof verdicts)[number];

export const checkNames = [
  "exact-duplicates",
  "near-duplicates",
  "label-conflicts",
  "groups",
  "time-order",
  "ordered-data",
  "class-balance",
  "missing-classes",
  "power",
] as const;

export type CheckName = (typeof checkNames)[number];

/** How an image is altered on its way from one data set into another. */
export const alterations = [
  "re-encoded",
  "re-encoded-strongly",
  "brighter",
  "mirrored",
  "noisy",
  "resized",
  "resized-to-half",
  "shifted",
  "cropped",
] as const;

export type Alteration = (typeof alterations)[number];

/** What a search found of altered copies that were planted in it. */
const recallSchema = z.object({
  kind: z.enum(alterations),
  planted: z.int(),
  found: z.int(),
  /** 95 % interval of the share that it finds, 0–1 (Wilson's). */
  low: z.number(),
  high: z.number(),
});

export type Recall = z.infer<typeof recallSchema>;

export const checkSchema = z.object({
  name: z.enum(checkNames),
  verdict: z.enum(verdicts),
  /** What was found, in one or two sentences. */
  detail: z.string(),
  /** Named figures of the check, such as `pairs` or `cramersV`; null: undefined for these samples. */
  figures: z.record(z.string(), z.number().nullable()),
  /** The first findings, each with its samples. */
  findings: z.array(z.object({ keys: z.array(z.string()), splits: z.array(splitSchema), note: z.string() })),
  /** How many findings there are in all. */
  findingCount: z.int(),
  /** Of near duplicates among images: what the search finds, by kind of alteration. Absent: nothing was planted. */
  recall: z.array(recallSchema).optional(),
});

export type Check = z.infer<typeof checkSchema>;

export const manifestReportSchema = z
  .object({
    manifest: sha256,
    /** Null: the checks aren't done; `progress` says how far they are. */
    verdict: z.enum(manifestVerdicts).nullable(),
    checks: z.array(checkSchema),
    progress: z.object({
      status: z.enum(["queued", "running", "done", "failed"]),
      /** 0–1. */ share: z.number(),
      stage: z.string(),
      error: z.string().nullable(),
    }),
  })
  .meta({
    id: "ManifestReport",
    examples: [
      {
        manifest: digestOf("a"),
        verdict: "pass",
        checks: [
          {
            name: "groups",
            verdict: "pass",
            detail: "No group stands in two splits.",
            figures: { groups: 2 },
            findings: [],
            findingCount: 0,
          },
        ],
        progress: { status: "done", share: 1, stage: "", error: null },
      },
    ],
  });

export type ManifestReport = z.infer<typeof manifestReportSchema>;

export const checksRoutes = {
  getManifestReport: {
    method: "GET",
    path: "/api/v1/manifests/{manifest}/report",
    summary: "What the checks of a manifest found, or how far they are",
    permission: "manifests.read",
    query: [
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    response: manifestReportSchema,
  },
} as const satisfies Record<string, Route>;
