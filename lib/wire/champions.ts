/** Champions: the rule, the claim with its evidence, what members say of it, and the aliases that point to it. */
import { z } from "zod";
import { digestOf, projectId, runId } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { label, longText } from "./base/text.ts";
import { sha256, time, uuid } from "./base/words.ts";
import { CERTIFICATE_CONTENT_TYPE } from "./certificates/certificate.ts";
import { evaluatedSplits } from "./evaluations/evaluations.ts";
import { headlineMetricSchema } from "./evaluations/headline.ts";
import { metricNames } from "./evaluations/metrics.ts";

const WORD_MAX = 5000;
const word = longText.max(WORD_MAX);
const reason = word.refine((text) => text.trim() !== "", "why, in words");

/** By what the best run of a manifest is chosen. */
export const ruleInputSchema = z.object({
  metric: z.enum(metricNames),
  split: z.enum(evaluatedSplits),
  direction: z.enum(["min", "max"]),
  seeds: z.array(z.int()).max(100).default([]).meta({ description: "of the run's own seed; empty: any" }),
  margin: z.number().min(0).default(0).meta({ description: "how much better than the champion, in the metric's unit" }),
});
export type RuleInput = z.input<typeof ruleInputSchema>;

export const ruleSchema = ruleInputSchema.extend({
  id: uuid,
  seeds: z.array(z.int()),
  margin: z.number(),
  writtenBy: z.string(),
  writtenAt: time,
});
export type Rule = z.infer<typeof ruleSchema>;

export const claimInputSchema = z.object({
  run: uuid,
  evidence: z.array(uuid).max(20).meta({ description: "ids of the run's evaluations" }),
  rule: z.union([uuid, ruleInputSchema]),
  reason,
  isUnproven: z.boolean().default(false).meta({
    description: "the rule's margin isn't reached by the paired comparison, and the reason says why it is the best",
  }),
});
export type ClaimInput = z.input<typeof claimInputSchema>;

export const signOffInputSchema = z
  .object({ approves: z.boolean(), word: word.default("") })
  .refine(({ approves, word }) => approves || word.trim() !== "", {
    path: ["word"],
    message: "a refusal says why",
  });

export const aliasPattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;
export const aliasMoveSchema = z.object({
  alias: z.string().regex(aliasPattern, "up to 63 of a–z, 0–9, dot, hyphen and underscore, such as production"),
  claim: uuid.nullable(),
  reason,
});

/** `first`: nothing was replaced. `renewed`: the champion's own weights, claimed again. */
export const claimStandings = ["first", "better", "unproven", "renewed"] as const;
export type ClaimStanding = (typeof claimStandings)[number];

/** `alone`: nobody else of the workspace could sign. */
export const signOffStates = ["signed", "refused", "waiting", "alone"] as const;
export type SignOffState = (typeof signOffStates)[number];

export const evidenceSchema = z.object({
  evaluation: uuid,
  run: uuid,
  split: z.enum(evaluatedSplits),
  splitDigest: sha256,
  samples: z.int(),
  /** Of its report, by the newest definitions. */
  definitionsVersion: z.int(),
  reportDigest: sha256,
  confidence: z.number(),
  /** Null: the reader may not see them. */
  metrics: z.array(headlineMetricSchema).nullable(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** New less old, on the samples that both were evaluated on; an interval at 95 %. */
export const championComparisonSchema = z.object({
  with: uuid,
  difference: z.number(),
  low: z.number(),
  high: z.number(),
  samples: z.int(),
});
export type ChampionComparison = z.infer<typeof championComparisonSchema>;

export const signOffSchema = z.object({ approves: z.boolean(), word: z.string(), by: z.string(), at: time });
export type SignOff = z.infer<typeof signOffSchema>;

export const claimSchema = z.object({
  id: uuid,
  number: z.int(),
  manifest: sha256,
  run: z.object({ id: uuid, name: z.string(), isDeleted: z.boolean() }),
  checkpoint: z.object({ id: uuid, path: z.string(), sha256, step: z.int() }),
  rule: ruleSchema,
  evidence: z.array(evidenceSchema),
  standing: z.enum(claimStandings),
  written: z.enum(["pre-registered", "afterwards"]),
  candidates: z.int().meta({ description: "runs whose numbers on the rule's split were seen before, with this one" }),
  luck: z.number().nullable().meta({
    description:
      "by so much at most luck lifts the best of so many, were all equally good, in the metric's unit; null: one candidate, or a number without interval or that the reader may not see",
  }),
  reason: z.string(),
  claimedBy: z.string(),
  claimedAt: time,
  replaced: uuid.nullable(),
  comparedWith: uuid.nullable(),
  state: z.enum(signOffStates),
  signOffs: z.array(signOffSchema),
  words: z.array(z.object({ word: z.string(), by: z.string(), at: time })),
});
export type Claim = z.infer<typeof claimSchema>;

const nameSchema = longText.min(1).max(200);
const SAID_MAX = 10_000;

/**
 * A claim as it travels from one installation to another: a record of what was held there, which makes no champion where it
 * comes in. `project`: the slug of the one that it was made in; its evidence, and what it replaced, keep their ids of there.
 */
export const travellingClaimSchema = z.object({
  id: uuid,
  project: label(100),
  by: nameSchema,
  at: time,
  manifest: sha256,
  number: z.int().min(1),
  checkpoint: z.object({ path: label(500), sha256, step: z.int().min(0) }),
  rule: ruleInputSchema.extend({
    id: uuid,
    seeds: z.array(z.int()).max(100),
    margin: z.number().min(0),
    writtenBy: nameSchema,
    writtenAt: time,
  }),
  evidence: z.array(uuid).max(20),
  standing: z.enum(claimStandings),
  written: z.enum(["pre-registered", "afterwards"]),
  candidates: z.int().min(0),
  reason,
  replaced: uuid.nullable(),
  comparedWith: uuid.nullable(),
  signOffs: z
    .array(z.object({ approves: z.boolean(), word, by: nameSchema, at: time }))
    .max(SAID_MAX)
    .meta({ description: "each member's newest" }),
  words: z.array(z.object({ word, by: nameSchema, at: time })).max(SAID_MAX),
});
export type TravellingClaim = z.infer<typeof travellingClaimSchema>;

export const claimExample = {
  id: runId,
  number: 1,
  manifest: digestOf("a"),
  run: { id: runId, name: "cnn-adam-0.001", isDeleted: false },
  checkpoint: { id: runId, path: "checkpoints/best.safetensors", sha256: digestOf("e"), step: 900 },
  rule: {
    id: projectId,
    metric: "accuracy",
    split: "validation",
    direction: "max",
    seeds: [],
    margin: 0.005,
    writtenBy: "Ada",
    writtenAt: "2026-01-05T09:00:00.000Z",
  },
  evidence: [],
  standing: "first",
  written: "pre-registered",
  candidates: 12,
  luck: 0.0162,
  reason: "best by the rule, and stable over three seeds",
  claimedBy: "Ada",
  claimedAt: "2026-01-06T09:00:00.000Z",
  replaced: null,
  comparedWith: null,
  state: "signed",
  signOffs: [{ approves: true, word: "", by: "Ben", at: "2026-01-06T10:00:00.000Z" }],
  words: [],
} satisfies z.input<typeof claimSchema>;

export const championSchema = z
  .object({
    project: z.string(),
    manifest: z.object({ id: sha256, name: z.string() }),
    claim: claimSchema,
    /** With the champion before; null: there was none, or the reader may not see it. */
    comparison: championComparisonSchema.nullable(),
    aliases: z.array(z.string()),
    files: z.array(z.object({ path: z.string(), sha256, sizeBytes: z.int(), url: z.string() })),
    url: z.string(),
  })
  .meta({
    id: "Champion",
    examples: [
      {
        project: "street-signs",
        manifest: { id: digestOf("a"), name: "signs 70/15/15" },
        claim: claimExample,
        comparison: null,
        aliases: ["production"],
        files: [],
        url: "http://127.0.0.1:3000/projects/street-signs/champion",
      },
    ],
  });
export type Champion = z.infer<typeof championSchema>;

const query = [
  {
    name: "manifest",
    description: "id of a manifest; the one that has a champion, if absent and there is one such alone",
    schema: sha256,
  },
  { name: "alias", description: "the claim that this name points to, instead of the champion", schema: z.string() },
];

export const championsRoutes = {
  getChampion: {
    method: "GET",
    path: "/api/v1/projects/{project}/champion",
    summary: "The champion of a project on a manifest, or what an alias points to, with evidence and files",
    permission: "champions.read",
    query,
    response: championSchema,
  },
  getCertificate: {
    method: "GET",
    path: "/api/v1/projects/{project}/champion/certificate",
    summary: "The same signed, to be checked offline; numbers that the reader may not see are left out",
    permission: "champions.read",
    query,
    responseBinary: { contentType: CERTIFICATE_CONTENT_TYPE, description: "canonical JSON (RFC 8785), signed" },
  },
} as const satisfies Record<string, Route>;
