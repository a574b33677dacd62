/** Split manifests: registered, listed, compared, exported. */
import { z } from "zod";
import { digestOf } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { label, longText, text } from "../base/text.ts";
import { MANIFEST_SAMPLES_MAX, sha256, splitSchema, time, uuid } from "../base/words.ts";
import { earlierHashesSchema, manifestText, refineColumns } from "./datasets.ts";
import { manifestDiffSchema } from "./manifest-diff.ts";

/** One row a sample, in columns of one length. `key` is unique; control characters are refused. */
export const manifestSamplesSchema = z.object({
  key: z.array(manifestText).max(MANIFEST_SAMPLES_MAX),
  split: z.array(splitSchema),
  label: z.array(manifestText.nullable()),
  group: z.array(manifestText.nullable()).nullable().default(null),
  time: z.array(time.nullable()).nullable().default(null),
  byteHash: z.array(sha256).nullable().default(null),
  contentHash: z.array(sha256),
  earlierHashes: z.array(earlierHashesSchema).nullable().default(null),
});

export type ManifestSamples = z.infer<typeof manifestSamplesSchema>;

export const manifestMethods = [
  "random",
  "stratified",
  "group",
  "stratified-group",
  "time",
  "given",
  "k-fold",
  "stratified-k-fold",
  "group-k-fold",
  "stratified-group-k-fold",
] as const;

export type ManifestMethod = (typeof manifestMethods)[number];

/**
 * `quota`: exact counts. `threshold`: by the hash alone, so that a sample stays where it is when the dataset grows, unless
 * one that comes ties it to another group or content. Strata have quotas: a stratified method takes no threshold.
 */
export const assignments = ["quota", "threshold"] as const;

const share = z.number().min(0).max(1);

/** Shares of train, validation and test; they sum to 1. */
export const fractionsSchema = z
  .object({ train: share, validation: share, test: share })
  .refine(
    ({ train, validation, test }) => Math.abs(train + validation + test - 1) < 1e-9,
    "train, validation and test sum to 1",
  )
  .refine(({ train }) => train > 0, "train is above 0");

export type Fractions = z.infer<typeof fractionsSchema>;

export const fractionPresets = {
  "70/15/15": { train: 0.7, validation: 0.15, test: 0.15 },
  "80/10/10": { train: 0.8, validation: 0.1, test: 0.1 },
  "70/20/10": { train: 0.7, validation: 0.2, test: 0.1 },
} as const satisfies Record<string, Fractions>;

/** How a split is made of a dataset's samples. Every field is part of the manifest's header. */
export const splitOptionsSchema = z.object({
  fractions: fractionsSchema.default(fractionPresets["70/15/15"]),
  assignment: z.enum(assignments).default("quota"),
  /** Of the k-fold methods: how many manifests, one for each fold as validation. */
  folds: z.int().min(2).max(50).default(5),
  /** Of method `time`: seconds left out before validation and before test. */
  gapSeconds: z.number().min(0).default(0),
  /** Of stratified methods: labels are numbers, and strata are this many quantile bins; null: labels are classes. */
  quantileBins: z.int().min(2).max(1000).nullable().default(null),
  /** Samples whose given split is among these stay in it; the others are split. */
  keep: z.array(splitSchema).max(3).default([]),
  /** Of `keep`: splits that take their share of the other samples as well. Without it a kept split takes none of them. */
  extend: z.array(splitSchema).max(3).default([]),
});

export type SplitOptions = z.infer<typeof splitOptionsSchema>;

export const manifestCreateSchema = z
  .object({
    project: text(100).optional(),
    name: label(200),
    dataset: z.object({ name: label(200), version: label(100) }),
    method: z.enum(manifestMethods),
    seed: z.int().min(0).nullable().default(null),
    notes: longText.default(""),
    options: splitOptionsSchema.prefault({}),
    /**
     * Which version of the method makes the split, or made `samples`; null: the newest, or of `samples` some way that
     * isn't known, and then `options` say nothing.
     */
    methodVersion: z.int().min(1).nullable().default(null),
    /** The split itself, sample by sample. Null: it is made of the dataset's samples, by `method`. */
    samples: manifestSamplesSchema.nullable().default(null),
  })
  .superRefine(({ samples, method, options }, context) => {
    if (samples) refineColumns(samples, context, ["samples"]);
    if (options.assignment === "threshold" && method.startsWith("stratified"))
      context.addIssue({
        code: "custom",
        path: ["options", "assignment"],
        message: `threshold knows no classes, which ${method} shares out by quotas; quota is right, or ${method.replace("stratified-", "").replace("stratified", "random")}`,
      });
  })
  .meta({
    id: "ManifestCreate",
    examples: [
      {
        name: "mnist 2 samples",
        dataset: { name: "mnist", version: "1" },
        method: "given",
        samples: {
          key: ["train/0", "test/0"],
          split: ["train", "test"],
          label: ["5", "7"],
          contentHash: [digestOf("b"), digestOf("c")],
        },
      },
      { name: "mnist 70/15/15", dataset: { name: "mnist", version: "1" }, method: "stratified", seed: 1 },
    ],
  });

export type ManifestCreate = z.input<typeof manifestCreateSchema>;

/** The milder first. `cannot-tell`: what should be compared couldn't be. */
export const manifestVerdicts = ["pass", "cannot-tell", "warn", "block"] as const;

export type ManifestVerdict = (typeof manifestVerdicts)[number];

const manifestExample = {
  id: digestOf("a"),
  project: "street-signs",
  name: "mnist 2 samples",
  dataset: { name: "mnist", version: "1" },
  method: "stratified",
  seed: 1,
  notes: "",
  headerDigest: digestOf("d"),
  splitDigests: { train: digestOf("1"), validation: digestOf("2"), test: digestOf("3") },
  counts: { train: 1, validation: 0, test: 1 },
  parent: null,
  verdict: "pass",
  override: null,
  createdAt: "2026-01-05T09:00:00.000Z",
};

const splitCounts = z.object({ train: z.int(), validation: z.int(), test: z.int() });

export const manifestSchema = z
  .object({
    id: sha256,
    project: z.string(),
    name: z.string(),
    dataset: z.object({ name: z.string(), version: z.string() }),
    method: z.enum(manifestMethods),
    seed: z.int().nullable(),
    notes: z.string(),
    headerDigest: sha256,
    splitDigests: z.object({ train: sha256, validation: sha256, test: sha256 }),
    counts: splitCounts,
    /** Of a k-fold: the manifest of all folds together, whose test split this one shares; of a repair: what it mends. */
    parent: sha256.nullable(),
    /** Of a repair: how many pairs of near duplicates it keeps together, beside samples that share a content or a group. */
    joinedPairs: z.int().optional(),
    /** The gravest verdict of the checks that apply; null: they aren't done. */
    verdict: z.enum(manifestVerdicts).nullable(),
    /** Why a blocked manifest is used all the same, as a member wrote it; null: it isn't. */
    override: z.object({ reason: z.string(), by: z.string(), at: time }).nullable(),
    createdAt: time,
  })
  .meta({
    id: "Manifest",
    examples: [manifestExample],
  });

export type Manifest = z.infer<typeof manifestSchema>;

/** The override of a block as it travels from one installation to another. It allows nothing where it comes in. */
export const travellingOverrideSchema = z.object({
  id: uuid.meta({ description: "the same wherever it goes: made of the ids of its project and manifest" }),
  project: label(100).meta({ description: "the slug of the one that it was written in" }),
  by: longText.min(1).max(200),
  at: time,
  manifest: sha256,
  reason: longText.min(1).max(5000),
});
export type TravellingOverride = z.infer<typeof travellingOverrideSchema>;

export const manifestRegisteredSchema = manifestSchema
  .extend({
    /** Ids of a k-fold's folds, in order: runs cite these. Empty for the other methods. */
    folds: z.array(sha256),
  })
  .meta({
    id: "ManifestRegistered",
    examples: [
      { ...manifestExample, folds: [] },
      { ...manifestExample, method: "stratified-k-fold", folds: [digestOf("e"), digestOf("f")] },
    ],
  });

export type ManifestRegistered = z.infer<typeof manifestRegisteredSchema>;

export const manifestListSchema = z
  .object({ manifests: z.array(manifestSchema) })
  .meta({ id: "ManifestList", examples: [{ manifests: [] }] });

export type ManifestList = z.infer<typeof manifestListSchema>;

export const manifestsRoutes = {
  exportManifestList: {
    method: "GET",
    path: "/api/v1/projects/{project}/manifests.csv",
    summary: "The project's manifests as CSV for people, with what their checks say: the newest first, at most 500",
    permission: "manifests.read",
    responseBinary: { contentType: "text/csv", description: "RFC 4180, UTF-8" },
  },
  listManifests: {
    method: "GET",
    path: "/api/v1/manifests",
    summary: "The manifests of a project, the newest first",
    permission: "manifests.read",
    query: [
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    response: manifestListSchema,
  },
  createManifest: {
    method: "POST",
    path: "/api/v1/manifests",
    summary:
      "Register a split manifest, or of a k-fold the whole and its folds. The same content again returns what is there",
    permission: "manifests.register",
    request: manifestCreateSchema,
    response: manifestRegisteredSchema,
  },
  getManifest: {
    method: "GET",
    path: "/api/v1/manifests/{manifest}",
    summary: "One manifest of a project",
    permission: "manifests.read",
    query: [
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    response: manifestSchema,
  },
  diffManifests: {
    method: "GET",
    path: "/api/v1/manifests/{manifest}/diff",
    summary: "What differs between a manifest and another, and which samples leak from one to the other",
    permission: "manifests.read",
    query: [
      { name: "with", description: "id of the other manifest", schema: sha256, required: true },
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    response: manifestDiffSchema,
  },
  getThumbnail: {
    method: "GET",
    path: "/api/v1/manifests/{manifest}/thumbnail",
    summary: "A sample's thumbnail, 32 × 32, as PNG",
    permission: "manifests.read",
    query: [
      { name: "key", description: "the sample's key", schema: z.string().max(500), required: true },
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    responseBinary: { contentType: "image/png", description: "32 × 32 pixels" },
  },
  exportManifest: {
    method: "GET",
    path: "/api/v1/manifests/{manifest}/export",
    summary:
      "A manifest's samples as CSV, JSONL or Parquet, for programs (no byte order mark, no guard against formulas); no sealed label is among them",
    permission: "manifests.read",
    query: [
      {
        name: "format",
        description: "csv, jsonl or parquet",
        schema: z.enum(["csv", "jsonl", "parquet"]),
        required: true,
      },
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    responseBinary: {
      contentType: ["text/csv", "application/jsonl", "application/vnd.apache.parquet"],
      description: "the file, as an attachment",
    },
  },
  getManifestSamples: {
    method: "GET",
    path: "/api/v1/manifests/{manifest}/samples",
    summary: "The canonical bytes of a manifest: one line a sample, for programs; their SHA-256 is the manifest's id",
    permission: "manifests.read",
    query: [
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    responseBinary: { contentType: "text/tab-separated-values; charset=utf-8", description: "holdout-manifest v1" },
  },
} as const satisfies Record<string, Route>;
