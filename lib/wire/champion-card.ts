/** The card of a champion: what it is, how it was measured, and where it shouldn't be believed. Kinds, no sentences. */
import { z } from "zod";
import { storedConfigSchema } from "./base/config.ts";
import { digestOf, projectId, runId } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { sha256, uuid } from "./base/words.ts";
import { championComparisonSchema, claimExample, claimSchema } from "./champions.ts";
import { testModes } from "./evaluations/looks.ts";

/** Kinds of leakage (Kapoor and Narayanan 2023), in their order. */
export const leakageKinds = [
  "test-set",
  "preprocessing",
  "feature-selection",
  "duplicates",
  "illegitimate-features",
  "time",
  "groups",
  "sampling",
] as const;
export type LeakageKind = (typeof leakageKinds)[number];
export const leakageAnswers = ["pass", "cannot-tell", "warn", "block", "not-applicable", "not-recorded"] as const;
export type LeakageAnswer = (typeof leakageAnswers)[number];

/** What limits how far the numbers can be believed. */
export const cardLimits = [
  "no-test",
  "one-seed",
  "best-of-several",
  "rule-afterwards",
  "unproven",
  "unsigned",
  "overridden",
  "many-looks",
  "changed-code",
  "no-code",
  "hidden-numbers",
] as const;
export type CardLimit = (typeof cardLimits)[number];

export const championCardSchema = z
  .object({
    project: z.object({ id: uuid, slug: z.string(), name: z.string() }),
    claim: claimSchema,
    comparison: championComparisonSchema.nullable(),
    run: z.object({
      id: uuid,
      name: z.string(),
      notes: z.string(),
      seed: z.int().nullable(),
      config: storedConfigSchema,
      commit: z.string().nullable(),
      repository: z.string().nullable(),
      environment: z.record(z.string(), z.string()),
      url: z.string(),
    }),
    weights: z.object({ path: z.string(), sha256, step: z.int(), url: z.string() }),
    manifest: z.object({
      id: sha256,
      name: z.string(),
      dataset: z.object({ name: z.string(), version: z.string() }),
      method: z.string(),
      testDigest: sha256,
      counts: z.object({ train: z.int(), validation: z.int(), test: z.int() }),
      override: z.string().nullable(),
    }),
    looks: z.object({ count: z.int(), budget: z.int(), mode: z.enum(testModes) }),
    leakage: z.array(z.object({ kind: z.enum(leakageKinds), answer: z.enum(leakageAnswers) })),
    limits: z.array(z.enum(cardLimits)),
    /** The runs that its weights began as, the nearest first. */
    lineage: z.array(z.object({ id: uuid, name: z.string().nullable(), manifest: sha256.nullable() })),
    load: z.object({ typescript: z.string(), python: z.string() }),
  })
  .meta({
    id: "ChampionCard",
    examples: [
      {
        project: { id: projectId, slug: "street-signs", name: "Street signs" },
        claim: claimExample,
        comparison: null,
        run: {
          id: runId,
          name: "cnn-adam-0.001",
          notes: "",
          seed: 7,
          config: { family: "cnn" },
          commit: null,
          repository: null,
          environment: { node: "v20.20.2" },
          url: "http://127.0.0.1:3000/projects/street-signs/runs/0199f3a2-1c00-7000-8000-0000000000aa",
        },
        weights: {
          path: "checkpoints/best.safetensors",
          sha256: digestOf("e"),
          step: 900,
          url: "http://127.0.0.1:3000/api/v1/runs/0199f3a2-1c00-7000-8000-0000000000aa/artifacts/checkpoints/best.safetensors",
        },
        manifest: {
          id: digestOf("a"),
          name: "signs 70/15/15",
          dataset: { name: "signs", version: "1" },
          method: "stratified",
          testDigest: digestOf("3"),
          counts: { train: 700, validation: 150, test: 150 },
          override: null,
        },
        looks: { count: 0, budget: 3, mode: "shut" },
        leakage: [{ kind: "duplicates", answer: "pass" }],
        limits: ["no-test", "one-seed", "best-of-several", "no-code"],
        lineage: [],
        load: { typescript: "…", python: "…" },
      },
    ],
  });
export type ChampionCard = z.infer<typeof championCardSchema>;

export const championCardRoutes = {
  getChampionCard: {
    method: "GET",
    path: "/api/v1/projects/{project}/champion/card",
    summary: "The champion's model card; numbers that the reader may not see are left out",
    permission: "champions.read",
    query: [
      { name: "manifest", description: "as of the champion", schema: sha256 },
      { name: "alias", description: "as of the champion", schema: z.string() },
      { name: "format", description: "json, or markdown", schema: z.enum(["json", "markdown"]) },
    ],
    response: championCardSchema,
    responseBinary: { contentType: "text/markdown", description: "the same as Markdown" },
  },
} as const satisfies Record<string, Route>;
