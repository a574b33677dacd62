/** Studies: what a round of tuning asks, searches and concludes. */
import { z } from "zod";
import { configSchema, storedConfigSchema } from "../base/config.ts";
import { digestOf, projectId } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { label, longText, metricNameSchema } from "../base/text.ts";
import { sha256, time, uuid } from "../base/words.ts";
import { checkNames } from "./answers.ts";
import {
  assignmentSchema,
  studyModes,
  studyParameterSchema,
  studySearchSchema,
  studyStages,
  studyStoppingSchema,
} from "./parameters.ts";
import {
  claimedExample,
  claimedTrialSchema,
  labelsSchema,
  prioritySchema,
  trialExample,
  trialSchema,
  trialStatuses,
} from "./trials.ts";

export const TRIALS_MAX = 100_000;
export const REPLICATES_MAX = 100;
export const PARAMETERS_MAX = 50;

export const objectiveSchema = z.object({
  metric: metricNameSchema,
  split: z.enum(["train", "validation"], "train or validation: a test number is no objective"),
  direction: z.enum(["min", "max"]),
});
export type Objective = z.infer<typeof objectiveSchema>;

export const studyStatuses = ["draft", "open", "paused", "concluded"] as const;
export type StudyStatus = (typeof studyStatuses)[number];
/** What came of it: the choice becomes the base of what follows, with or without a word of warning, or doesn't. */
export const studyDecisions = ["adopt", "adopt-with-note", "reject"] as const;
export type StudyDecision = (typeof studyDecisions)[number];

const plan = {
  title: label(200),
  question: longText,
  stage: z.enum(studyStages),
  mode: z.enum(studyModes),
  parent: uuid.nullable().meta({ description: "the study whose choice is this one's base" }),
  manifest: sha256.nullable(),
  base: configSchema.meta({ description: "the config that each trial begins as" }),
  space: z.array(studyParameterSchema).max(PARAMETERS_MAX),
  objective: objectiveSchema,
  search: studySearchSchema,
  stopping: studyStoppingSchema,
  trialsBudget: z.int().min(1).max(TRIALS_MAX),
  replicates: z.int().min(1).max(REPLICATES_MAX).meta({ description: "seeds of each configuration" }),
  stepsBudget: z.int().min(1).nullable(),
  smallestDifference: z.number().positive().nullable(),
  labels: labelsSchema,
  memoryGib: z.number().positive().max(100_000).nullable(),
  priority: prioritySchema,
  hypothesis: longText,
};

const planExample = {
  title: "Which learning rate?",
  question: "How large may the learning rate be before training becomes unstable?",
  stage: "learning-rate" as const,
  mode: "explore" as const,
  parent: null,
  manifest: digestOf("a"),
  base: { family: "cnn", epochs: 2, optimizer: { name: "adam" } },
  space: [
    {
      kind: "float" as const,
      path: "optimizer.learningRate",
      role: "scientific" as const,
      low: 1e-4,
      high: 1e-1,
      scale: "log" as const,
    },
  ],
  objective: { metric: "loss", split: "validation" as const, direction: "min" as const },
  search: { method: "quasi-random" as const, seed: 1, steps: 4 },
  stopping: { rule: "none" as const },
  trialsBudget: 20,
  replicates: 1,
  stepsBudget: null,
  smallestDifference: null,
  labels: [],
  memoryGib: null,
  priority: 0,
  hypothesis: "Near 0.003.",
};

export const studyCreateSchema = z
  .object({
    project: label(100).optional(),
    ...plan,
    question: plan.question.default(""),
    stage: plan.stage.default("other"),
    mode: plan.mode.default("explore"),
    parent: plan.parent.default(null),
    manifest: plan.manifest.default(null),
    base: plan.base.default({}),
    space: plan.space.default([]),
    search: plan.search.prefault({}),
    stopping: plan.stopping.default({ rule: "none" }),
    trialsBudget: plan.trialsBudget.default(20),
    replicates: plan.replicates.default(1),
    stepsBudget: plan.stepsBudget.default(null),
    smallestDifference: plan.smallestDifference.default(null),
    labels: plan.labels.default([]),
    memoryGib: plan.memoryGib.default(null),
    priority: plan.priority.default(0),
    hypothesis: plan.hypothesis.default(""),
  })
  .meta({
    id: "StudyCreate",
    examples: [{ ...planExample, project: "street-signs" }],
  });
export type StudyCreate = z.input<typeof studyCreateSchema>;
export type StudyPlan = Omit<z.output<typeof studyCreateSchema>, "project">;

/** Each field that is there changes. Once a trial was asked for, the plan's own fields are refused by name. */
export const studyUpdateSchema = z
  .object({ ...plan, status: z.enum(["open", "paused"]) })
  .partial()
  .meta({ id: "StudyUpdate", examples: [{ status: "open" }] });
export type StudyUpdate = z.input<typeof studyUpdateSchema>;

export const studyConclusionSchema = z
  .object({
    conclusion: longText,
    decision: z.enum(studyDecisions),
    chosenTrial: uuid.nullable().default(null),
    chosenRun: uuid.nullable().default(null).meta({
      description: "instead of a trial the run of what the study's loop holds, as GET …/loop says it",
    }),
    checks: z.partialRecord(z.enum(checkNames), longText).default({}).meta({
      description: "answers to what is asked before; what was answered earlier needs no second answer",
    }),
    withoutCurves: longText.default("").meta({
      description: "why the curves of the best weren't looked at; needed unless each was noted as opened",
    }),
  })
  .refine(({ conclusion }) => conclusion.trim() !== "", { path: ["conclusion"], message: "what was learnt, in words" })
  .refine(({ decision, chosenTrial, chosenRun }) => decision === "reject" || (chosenTrial ?? chosenRun) !== null, {
    path: ["chosenTrial"],
    message: "names the trial that is adopted; of a loop chosenRun names its incumbent's run",
  })
  .refine(({ chosenTrial, chosenRun }) => chosenTrial === null || chosenRun === null, {
    path: ["chosenRun"],
    message: "stands beside chosenTrial; one of the two is adopted",
  })
  .meta({
    id: "StudyConclusion",
    examples: [
      {
        conclusion: "Above 0.01 training jumps.",
        decision: "adopt",
        chosenTrial: projectId,
        checks: { stability: "yes", early: "no", gradients: "no", overfitting: "no", length: "no" },
        withoutCurves: "the trials log nothing but their end",
      },
    ],
  });

const studyExample = {
  ...planExample,
  id: projectId,
  project: "street-signs",
  number: 2,
  hypothesisAt: "2026-01-05T09:00:00.000Z",
  isHypothesis: true,
  status: "open" as const,
  conclusion: "",
  decision: null,
  chosenTrial: null,
  chosenRun: null,
  concludedBy: null,
  concludedAt: null,
  approvedAt: null,
  createdBy: "Ada",
  createdAt: "2026-01-05T09:00:00.000Z",
  openedAt: "2026-01-05T09:05:00.000Z",
  trials: { queued: 2, running: 1, finished: 4, failed: 0, stopped: 0, cancelled: 0 },
  url: "http://127.0.0.1:3000/projects/street-signs/studies/2",
};

export const studySchema = z
  .object({
    id: uuid,
    project: z.string(),
    number: z.int(),
    ...plan,
    base: storedConfigSchema,
    /** How they read now; a hypothesis that was written after the first trial is a note. */
    hypothesisAt: time.nullable(),
    isHypothesis: z.boolean(),
    status: z.enum(studyStatuses),
    conclusion: z.string(),
    decision: z.enum(studyDecisions).nullable(),
    chosenTrial: uuid.nullable(),
    chosenRun: uuid.nullable().meta({ description: "the incumbent's run, where a loop is adopted" }),
    concludedBy: z.string().nullable(),
    concludedAt: time.nullable(),
    approvedAt: time.nullable(),
    createdBy: z.string(),
    createdAt: time,
    openedAt: time.nullable(),
    trials: z.record(z.enum(trialStatuses), z.int()).meta({ description: "how many of each status" }),
    url: z.string(),
  })
  .meta({ id: "Study", examples: [studyExample] });
export type Study = z.infer<typeof studySchema>;

export const studyListSchema = z
  .object({ studies: z.array(studySchema) })
  .meta({ id: "StudyList", examples: [{ studies: [studyExample] }] });
export type StudyList = z.infer<typeof studyListSchema>;

/** `values`: tried instead of what the search would choose. `worker`: null where the program is its own worker. */
export const askSchema = z
  .object({ values: assignmentSchema.optional(), name: label(200).optional() })
  .meta({ id: "StudyAsk", examples: [{ name: "my own trainer" }] });
/** Null: the budget is spent, or the grid has no further point. */
export const askAnswerSchema = z
  .object({ trial: claimedTrialSchema.nullable() })
  .meta({ id: "StudyAskAnswer", examples: [{ trial: claimedExample }] });

/** Waiting trials of given values, or further seeds of a configuration. */
export const trialsAddSchema = z
  .union([
    z.object({ values: z.array(assignmentSchema).min(1).max(1000), priority: prioritySchema.optional() }),
    z.object({ replicatesOf: z.int().min(1), count: z.int().min(1).max(REPLICATES_MAX) }),
  ])
  .meta({ id: "StudyTrialsAdd", examples: [{ replicatesOf: 7, count: 4 }] });

export const trialsAddedSchema = z
  .object({ trials: z.array(trialSchema) })
  .meta({ id: "StudyTrialsAdded", examples: [{ trials: [trialExample] }] });

export const studiesRoutes = {
  listStudies: {
    method: "GET",
    path: "/api/v1/projects/{project}/studies",
    summary: "A project's studies, the newest first",
    permission: "studies.read",
    response: studyListSchema,
  },
  createStudy: {
    method: "POST",
    path: "/api/v1/studies",
    summary: "Make a study, as a draft",
    permission: "studies.write",
    request: studyCreateSchema,
    response: studySchema,
  },
  getStudy: {
    method: "GET",
    path: "/api/v1/studies/{study}",
    summary: "One study",
    permission: "studies.read",
    response: studySchema,
  },
  updateStudy: {
    method: "PATCH",
    path: "/api/v1/studies/{study}",
    summary: "Change a study's plan while no trial was asked for, or its budget, labels and priority; open or pause it",
    permission: "studies.write",
    request: studyUpdateSchema,
    response: studySchema,
  },
  concludeStudy: {
    method: "POST",
    path: "/api/v1/studies/{study}/conclusion",
    summary: "Write what came of a study, and which trial, or what of its loop, is adopted",
    permission: "studies.conclude",
    request: studyConclusionSchema,
    response: studySchema,
  },
  addTrials: {
    method: "POST",
    path: "/api/v1/studies/{study}/trials",
    summary: "Queue trials of given values, or further seeds of a configuration",
    permission: "trials.queue",
    request: trialsAddSchema,
    response: trialsAddedSchema,
  },
  askStudy: {
    method: "POST",
    path: "/api/v1/studies/{study}/ask",
    summary: "Claim the next trial of a study, for a program that is its own worker",
    permission: "trials.work",
    request: askSchema,
    response: askAnswerSchema,
  },
} as const satisfies Record<string, Route>;
