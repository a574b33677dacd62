/** Checks of a manifest: their names, verdicts and report. */
import { z } from "zod";
import { digestOf } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { sha256 } from "../base/words.ts";
import type { JobFailure } from "./job-failures.ts";
import { manifestVerdicts } from "./manifests.ts";
import { recallSchema } from "./recall.ts";
import { type Finding, findingSchema, statementSchema } from "./statements.ts";

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

/** What a job of checks is at. `labels` are the checks from the order of data on. */
export const checkStages = [
  "exact-duplicates",
  "near-duplicates",
  "label-conflicts",
  "groups",
  "time-order",
  "labels",
] as const;

export type CheckStage = (typeof checkStages)[number];

/** Figures of checks by name. Those that end in `Share`, and p-values, are 0–1. */
export const figureNames = [
  "contents",
  "pairs",
  "testSamples",
  "testShare",
  "testSamplesInTrain",
  "testShareInTrain",
  "files",
  "inside",
  "searched",
  "nominated",
  "distance",
  "threshold",
  "recallRounded",
  "recallNoisy",
  "recallOneColumn",
  "groups",
  "spanning",
  "testEarlierShare",
  "testEqualShare",
  "testAtLast",
  "untimed",
  "auc",
  "units",
  "labelP",
  "splitP",
  "sharesP",
  "leftOut",
  "chi2",
  "g",
  "degreesOfFreedom",
  "p",
  "permuted",
  "cramersV",
  "cramersVCorrected",
  "minExpected",
  "tvd",
  "tvdNull95",
  "psi",
  "psiNull95",
  "psiFloor",
  "largestDeviation",
  "designEffect",
  "usualShift",
  "missing",
  "expectedMax",
  "test",
  "halfWidthAt90",
  "halfWidthAt50",
  "unseenShift",
] as const;

export type FigureName = (typeof figureNames)[number];

export const checkSchema = z.object({
  name: z.enum(checkNames),
  verdict: z.enum(verdicts),
  /** What was found: kinds with their figures, in the order in which they are said. */
  statements: z.array(statementSchema),
  /** The statements in words: one or more sentences. */
  detail: z.string(),
  /** Named figures of the check, such as `pairs` or `cramersV`; null: undefined for these samples. */
  figures: z.partialRecord(z.enum(figureNames), z.number().nullable()),
  /** The first findings, each with its samples. */
  findings: z.array(findingSchema),
  /** How many findings there are in all. */
  findingCount: z.int(),
  /** Of near duplicates among images: what the search finds, by kind of alteration. Absent: nothing was planted. */
  recall: z.array(recallSchema).optional(),
});

/** A check as the API answers it, with its sentences. */
export type WordedCheck = z.infer<typeof checkSchema>;

/** A check as it is stored, without a word. */
export type Check = Omit<WordedCheck, "detail" | "findings"> & { findings: Finding[] };

export const manifestReportSchema = z
  .object({
    manifest: sha256,
    /** Null: the checks aren't done; `progress` says how far they are. */
    verdict: z.enum(manifestVerdicts).nullable(),
    checks: z.array(checkSchema),
    progress: z.object({
      status: z.enum(["queued", "running", "done", "failed"]),
      /** 0–1. */
      share: z.number(),
      /** One of the names of stages; empty before the first. */
      stage: z.string(),
      /** Why the checks failed; null: they didn't. */
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
            statements: [{ kind: "groups-in-one-split", figures: { groups: 2 } }],
            detail: "Each of 2 groups stands in one split.",
            figures: { groups: 2, spanning: 0, testSamples: 0 },
            findings: [],
            findingCount: 0,
          },
        ],
        progress: { status: "done", share: 1, stage: "", error: null },
      },
    ],
  });

/** A report as the API answers it. */
export type WordedReport = z.infer<typeof manifestReportSchema>;

/** A report without a word. `failure`: why the checks failed; null: they didn't. */
export type ManifestReport = Omit<WordedReport, "checks" | "progress"> & {
  checks: Check[];
  progress: Omit<WordedReport["progress"], "error"> & { failure: JobFailure | null };
};

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
