/** Projects and their declared metrics. */
import { z } from "zod";
import { projectId } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { label, longText, metricNameSchema, textWithoutNul } from "./base/text.ts";
import { directions, sha256, splitSchema, time, uuid } from "./base/words.ts";
import { TEST_BUDGET_MAX, testModes } from "./evaluations/looks.ts";
import { DEFAULT_PREFIXES, keyPrefixesSchema } from "./points/key-rule.ts";

export const projectCreateSchema = z
  .object({
    name: label(100),
    description: longText.default(""),
    primaryMetric: metricNameSchema.nullable().default(null),
    primarySplit: z.enum(["train", "validation"]).default("validation"),
    primaryDirection: z.enum(["min", "max"]).default("max"),
  })
  .meta({
    id: "ProjectCreate",
    examples: [{ name: "Street signs", primaryMetric: "accuracy", primaryDirection: "max" }],
  });

export type ProjectCreate = z.infer<typeof projectCreateSchema>;

/** Paths of the config (`data.root`) that make no difference between replicates, each with all that lies below it. */
export const replicateIgnoresSchema = z
  .array(label(300))
  .max(100)
  .refine((paths) => new Set(paths).size === paths.length, "expected each path once");

export const projectUpdateSchema = z
  .object({
    name: label(100),
    description: longText,
    primaryMetric: metricNameSchema.nullable(),
    primarySplit: z.enum(["train", "validation"]),
    primaryDirection: z.enum(["min", "max"]),
    replicateIgnores: replicateIgnoresSchema,
    testMode: z.enum(testModes),
    testBudget: z.int().min(0).max(TEST_BUDGET_MAX),
    smallestDifference: z.number().positive().nullable(),
    chosenManifest: sha256.nullable(),
    sharesReports: z.boolean(),
    keyPrefixes: keyPrefixesSchema,
  })
  .partial()
  .meta({ id: "ProjectUpdate", examples: [{ description: "Forty-three classes of signs." }] });

export type ProjectUpdate = z.infer<typeof projectUpdateSchema>;

export const projectSchema = z
  .object({
    id: uuid,
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    primaryMetric: z.string().nullable(),
    primarySplit: splitSchema,
    primaryDirection: z.enum(["min", "max"]),
    replicateIgnores: replicateIgnoresSchema,
    testMode: z
      .enum(testModes)
      .meta({ description: "how its test splits may be looked at; an admin sets it before the first look" }),
    testBudget: z.int().meta({ description: "looks at a test split that need no confirmation" }),
    smallestDifference: z
      .number()
      .nullable()
      .meta({ description: "in the primary metric's unit: a smaller difference is practically none" }),
    chosenManifest: sha256
      .nullable()
      .meta({ description: "the manifest whose champion is the project's where none is named" }),
    sharesReports: z.boolean().meta({ description: "whether reports may be shared by links; an admin allows it" }),
    keyPrefixes: keyPrefixesSchema.meta({
      description: "what names of metrics begin with where clients without splits mean one; an admin changes it",
    }),
    createdAt: time,
    runCount: z.int(),
  })
  .meta({
    id: "Project",
    examples: [
      {
        id: projectId,
        slug: "street-signs",
        name: "Street signs",
        description: "",
        primaryMetric: "accuracy",
        primarySplit: "validation",
        primaryDirection: "max",
        replicateIgnores: ["data.root"],
        testMode: "shut",
        testBudget: 3,
        smallestDifference: 0.005,
        chosenManifest: null,
        sharesReports: false,
        keyPrefixes: DEFAULT_PREFIXES,
        createdAt: "2026-01-05T09:00:00.000Z",
        runCount: 12,
      },
    ],
  });

export type Project = z.infer<typeof projectSchema>;

export const metricDeclarationSchema = z.object({
  name: metricNameSchema,
  direction: z.enum(directions),
  unit: textWithoutNul(40).default(""),
});

export type MetricDeclaration = z.infer<typeof metricDeclarationSchema>;

export const metricsDeclareSchema = z.object({ metrics: z.array(metricDeclarationSchema).max(1000) }).meta({
  id: "MetricsDeclare",
  examples: [
    {
      metrics: [
        { name: "accuracy", direction: "max", unit: "" },
        { name: "loss", direction: "min", unit: "nat" },
      ],
    },
  ],
});

export type MetricsDeclare = z.infer<typeof metricsDeclareSchema>;

export const projectListSchema = z.object({ projects: z.array(projectSchema) }).meta({
  id: "ProjectList",
  examples: [{ projects: [] }],
});

export const projectsRoutes = {
  listProjects: {
    method: "GET",
    path: "/api/v1/projects",
    summary: "Projects that the caller may read",
    permission: "projects.read",
    response: projectListSchema,
  },
  createProject: {
    method: "POST",
    path: "/api/v1/projects",
    summary: "Create a project",
    permission: "projects.create",
    request: projectCreateSchema,
    response: projectSchema,
  },
  getProject: {
    method: "GET",
    path: "/api/v1/projects/{project}",
    summary: "One project, by id or slug",
    permission: "projects.read",
    response: projectSchema,
  },
  updateProject: {
    method: "PATCH",
    path: "/api/v1/projects/{project}",
    summary: "Change a project's name, description, primary metric, or the rules of its test splits",
    permission: "projects.update",
    request: projectUpdateSchema,
    response: projectSchema,
  },
  getMetrics: {
    method: "GET",
    path: "/api/v1/projects/{project}/metrics",
    summary: "The project's declared metrics",
    permission: "projects.read",
    response: metricsDeclareSchema,
  },
  declareMetrics: {
    method: "PUT",
    path: "/api/v1/projects/{project}/metrics",
    summary: "Declare metrics: name, direction, unit. Those not named stay as they are",
    permission: "metrics.declare",
    request: metricsDeclareSchema,
    response: metricsDeclareSchema,
  },
} as const satisfies Record<string, Route>;
