/** Loops: candidates that are kept or discarded one after another, and what the referee said of each. */
import { z } from "zod";
import { configSchema } from "../base/config.ts";
import { digestOf, projectId, runId } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { label } from "../base/text.ts";
import { sha256, time, uuid } from "../base/words.ts";

export const RUNS_MAX = 100;

/** `keep`: the candidate is the incumbent now. `run-again`: there are too few runs. `refused`: it is no candidate. */
export const rulingWords = ["keep", "discard", "run-again", "refused"] as const;
export type RulingWord = (typeof rulingWords)[number];

export const rulingReasons = [
  "gain",
  "screen",
  "crashed",
  "unstable",
  "not-distinguishable",
  "below-smallest",
  "behind",
  "history",
  "seed-only",
  "seed-changes-nothing",
  "no-noise-floor",
  "unscreened",
  "unconfirmed",
  "ahead",
  "milestone",
  "confirmed",
  "rolled-back",
] as const;
export type RulingReasonWord = (typeof rulingReasons)[number];

/** Set before the first look at a candidate, by RIGOUR 4.11. */
export const loopRuleSchema = z.object({
  seedKeys: z
    .array(label(300))
    .max(20)
    .default(["seed"])
    .meta({ description: "paths of the config that are its seeds" }),
  seeds: z.int().min(2).max(50).default(5).meta({ description: "runs of a candidate, the first one among them" }),
  screen: z.number().min(0).max(10).nullable().default(1).meta({
    description: "by how many noise floors a first run is to be ahead to be confirmed; null: no run is screened",
  }),
  along: z.int().min(0).max(10).default(1).meta({ description: "runs of the incumbent beside a confirmation" }),
  incumbentMin: z.int().min(2).max(50).default(3),
  incumbentMax: z.int().min(2).max(200).default(10),
  smallest: z.number().min(0).nullable().default(null).meta({
    description: "the smallest gain that is kept, in the objective's unit; null: the study's smallest difference, or 0",
  }),
  milestones: z
    .object({ every: z.int().min(1).max(1_000).default(20) })
    .nullable()
    .default(null)
    .meta({
      description:
        "candidates are held provisionally by one run on validation, and after so many the bundle is tested on the manifest's referee split",
    }),
  answerAfterMinutes: z.int().min(0).max(10_080).default(60).meta({
    description: "a candidate that was handed in as a config is answered so long after it, or at a multiple of that",
  }),
  alpha: z.number().gt(0).max(0.5).default(0.1).meta({ description: "the share of false keeps that is aimed at" }),
});
export type LoopRule = z.output<typeof loopRuleSchema>;

export const loopStartSchema = z
  .object({
    run: uuid.meta({ description: "a run of the recipe that the loop begins with" }),
    rule: loopRuleSchema.prefault({}),
  })
  .meta({ id: "LoopStart", examples: [{ run: runId }] });

/** Runs of a candidate, of the incumbent beside it, or of both; or a config that nobody has trained yet. */
export const rulingInputSchema = z
  .union([
    z.object({ runs: z.array(uuid).min(1).max(RUNS_MAX) }),
    z.object({
      ask: z.object({
        config: configSchema,
        likeRun: uuid.meta({ description: "a run of the same code and manifest" }),
      }),
    }),
  ])
  .meta({ id: "RulingInput", examples: [{ runs: [runId] }] });

const testSchema = z.object({
  gain: z.number(),
  error: z.number(),
  dof: z.number(),
  t: z.number(),
  p: z.number(),
  interval: z.tuple([z.number(), z.number()]),
  detectable: z.number(),
  isNoisy: z.boolean(),
  claim: z.enum(["samples", "this-set"]),
});

export const rulingFiguresSchema = z.object({
  /** The level of this place in the loop's error budget. */
  level: z.number(),
  /** Values that it saw, in their order; null: crashed or diverged. */
  candidate: z.array(z.number().nullable()),
  incumbent: z.array(z.number()),
  noiseFloor: z.object({ sd: z.number(), dof: z.number() }).nullable(),
  screened: z.object({ gain: z.number(), bar: z.number() }).nullable(),
  test: testSchema.nullable(),
  /** What the validation samples add to the variance of the gain, by how many independent ones; null: it isn't known. */
  samples: z.object({ variance: z.number(), count: z.int() }).nullable(),
  run: z.object({ incumbent: z.int(), candidate: z.int() }).nullable(),
});
export type RulingFigures = z.infer<typeof rulingFiguresSchema>;

export const rulingSchema = z
  .object({
    /** Null: it was asked before a run, and nothing was written down. */
    id: uuid.nullable(),
    number: z.int().nullable(),
    recipe: sha256,
    run: uuid.nullable(),
    ruling: z.enum(rulingWords),
    reason: z.enum(rulingReasons),
    figures: rulingFiguresSchema.nullable(),
    askedBy: z.string(),
    ruledAt: time.nullable(),
  })
  .meta({
    id: "Ruling",
    examples: [
      {
        id: projectId,
        number: 4,
        recipe: digestOf("b"),
        run: runId,
        ruling: "keep",
        reason: "gain",
        figures: {
          level: 0.0045,
          candidate: [0.93, 0.931, 0.932, 0.929, 0.933],
          incumbent: [0.91, 0.912, 0.909, 0.911],
          noiseFloor: { sd: 0.0016, dof: 7 },
          screened: { gain: 0.02, bar: 0.0018 },
          test: {
            gain: 0.0203,
            error: 0.0012,
            dof: 10,
            t: 16.9,
            p: 1e-8,
            interval: [0.0181, 0.0225],
            detectable: 0.0046,
            isNoisy: false,
            claim: "samples",
          },
          samples: { variance: 4.1e-7, count: 10_000 },
          run: null,
        },
        askedBy: "a research loop",
        ruledAt: "2026-01-05T09:00:00.000Z",
      },
    ],
  });
export type RulingAnswer = z.infer<typeof rulingSchema>;

/** How little the loop learns of the validation labels, and what that bounds (RIGOUR 4.11). */
export const blindnessSchema = z.object({
  by: z.enum(["workers", "split"]).meta({
    description:
      "`workers`: others train what is handed in, and rulings alone come back; `split`: bundles are ruled on by a sealed referee split",
  }),
  answers: z.int(),
  keeps: z.int(),
  outcomes: z.int().meta({ description: "what an answer can tell: 2 keep or discard; 3 where one came late as well" }),
  bits: z.number().meta({ description: "of the validation labels that were told at most" }),
  samples: z.int().nullable().meta({ description: "of the validation split; null: the study names no manifest" }),
  halfWidth: z.number().nullable().meta({
    description: "by so much all values can be off together, of a measure that is a mean of 0 to 1 over samples; 95 %",
  }),
});
export type Blindness = z.infer<typeof blindnessSchema>;

export const loopSchema = z
  .object({
    study: uuid,
    rule: loopRuleSchema,
    incumbent: z.object({ recipe: sha256, run: uuid, value: z.number().nullable(), runs: z.int() }),
    noiseFloor: z.object({ sd: z.number(), dof: z.number() }).nullable(),
    /** Places of the error budget that are spent, and the level of the next. */
    spent: z.int(),
    nextLevel: z.number(),
    keeps: z.int(),
    milestone: z
      .object({
        every: z.int(),
        judged: z.int().meta({ description: "candidates that were ruled on since the last" }),
        isDue: z.boolean().meta({ description: "no candidate is ruled on before the bundle is" }),
        provisional: z.object({ recipe: sha256, run: uuid, value: z.number().nullable() }),
      })
      .nullable()
      .meta({ description: "of a loop of milestones, whose incumbent is the recipe that was confirmed last" }),
    blindness: blindnessSchema
      .nullable()
      .meta({ description: "null: who hands candidates in learns more than rulings" }),
    startedBy: z.string(),
    startedAt: time,
    rulings: z.array(rulingSchema).meta({ description: "the newest first, at most 1,000" }),
  })
  .meta({
    id: "Loop",
    examples: [
      {
        study: projectId,
        rule: {
          seedKeys: ["seed"],
          seeds: 5,
          screen: 1,
          along: 1,
          incumbentMin: 3,
          incumbentMax: 10,
          smallest: null,
          milestones: null,
          answerAfterMinutes: 60,
          alpha: 0.1,
        },
        incumbent: { recipe: digestOf("a"), run: runId, value: 0.912, runs: 3 },
        noiseFloor: { sd: 0.0016, dof: 2 },
        spent: 0,
        nextLevel: 0.0045,
        keeps: 0,
        milestone: null,
        blindness: null,
        startedBy: "Ada",
        startedAt: "2026-01-05T09:00:00.000Z",
        rulings: [],
      },
    ],
  });
export type Loop = z.infer<typeof loopSchema>;

export const loopsRoutes = {
  startLoop: {
    method: "POST",
    path: "/api/v1/studies/{study}/loop",
    summary: "Begin a loop with a run of its first recipe, and set its rule for good",
    permission: "studies.write",
    request: loopStartSchema,
    response: loopSchema,
  },
  getLoop: {
    method: "GET",
    path: "/api/v1/studies/{study}/loop",
    summary: "A loop: its incumbent, noise floor and error budget, and its rulings",
    permission: "studies.read",
    response: loopSchema,
  },
  ruleOnCandidate: {
    method: "POST",
    path: "/api/v1/studies/{study}/rulings",
    summary: "Hand in a candidate by its runs, or ask about a config before it is trained: keep, discard or run again",
    permission: "rulings.ask",
    request: rulingInputSchema,
    response: rulingSchema,
  },
} as const satisfies Record<string, Route>;
