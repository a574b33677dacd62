/** Tools that read what is known of data and evaluations: manifests, reports, the ledger of looks, the champion. */
import { z } from "zod";
import { aliasPattern } from "../champions.ts";
import { evaluation, manifest, project, run } from "./fields.ts";
import { reading, readingProject, type Tool } from "./tool.ts";

export const readTestsTools = {
  manifests_list: reading({
    summary: "Split manifests of a project, the newest first, with the verdict of their checks",
    input: z.object({ project }),
    example: "manifests list",
    shown: { list: "manifests", fields: ["id", "name", "method", "counts", "verdict"] },
    route: "listManifests",
    call: (query) => ({ query }),
  }),
  manifests_show: reading({
    summary: "One split manifest: dataset, method, seed, counts, verdict",
    input: z.object({ manifest, project }),
    positional: ["manifest"],
    example: "manifests show MANIFEST",
    route: "getManifest",
    call: ({ manifest, project }) => ({ params: { manifest }, query: { project } }),
  }),
  manifests_checks: reading({
    summary:
      "What the checks of a manifest found: duplicates across splits, leaks, drift, and what the test split can show",
    input: z.object({ manifest, project }),
    positional: ["manifest"],
    example: "manifests checks MANIFEST",
    shown: { list: "checks", fields: ["name", "verdict"] },
    route: "getManifestReport",
    call: ({ manifest, project }) => ({ params: { manifest }, query: { project } }),
  }),
  manifests_diff: reading({
    summary: "What differs between two manifests, and which samples leak from one to the other",
    input: z.object({ manifest, with: manifest.describe("id of the other manifest"), project }),
    positional: ["manifest", "with"],
    example: "manifests diff MANIFEST OTHER",
    route: "diffManifests",
    call: ({ manifest, ...query }) => ({ params: { manifest }, query }),
  }),
  manifests_export: reading({
    summary: "The samples of a manifest with their splits, as CSV or JSONL; no sealed label is among them",
    input: z.object({ manifest, project, format: z.enum(["csv", "jsonl"]).default("csv") }),
    positional: ["manifest"],
    example: "manifests export MANIFEST > split.csv",
    route: "exportManifest",
    call: ({ manifest, ...query }) => ({ params: { manifest }, query }),
  }),
  ledger: reading({
    summary: "Who looked at a manifest's test split and why, and what is left of the budget. It holds no test number",
    input: z.object({ manifest, project }),
    positional: ["manifest"],
    example: "ledger MANIFEST",
    shown: { list: "looks", fields: ["number", "at", "actor", "kind", "purpose", "reason"] },
    route: "getLedger",
    call: ({ manifest, project }) => ({ params: { manifest }, query: { project } }),
  }),
  evaluations_list: reading({
    summary: "The evaluations of a run, the newest first",
    input: z.object({ run }),
    positional: ["run"],
    example: "evaluations list RUN",
    shown: { list: "evaluations", fields: ["id", "split", "task", "status", "received", "samples", "checkpoint.step"] },
    route: "listEvaluations",
    call: ({ run }) => ({ params: { run } }),
  }),
  evaluations_show: reading({
    summary: "One evaluation, and how far it is",
    input: z.object({ run, evaluation }),
    positional: ["run", "evaluation"],
    example: "evaluations show RUN EVALUATION",
    route: "getEvaluation",
    call: ({ run, evaluation }) => ({ params: { run, evaluation } }),
  }),
  evaluations_report: reading({
    summary:
      "The report of an evaluation: every number with its interval. That of a test split only as the token's scope and the project's mode allow",
    input: z.object({
      run,
      evaluation,
      format: z.enum(["csv", "json"]).default("csv").describe("csv: a number a row; json: every panel"),
    }),
    positional: ["run", "evaluation"],
    example: "evaluations report RUN EVALUATION",
    route: "getReportCsv",
    also: ["getReport"],
    call: ({ run, evaluation, format }) => ({
      params: { run, evaluation },
      ...(format === "json" && { route: "getReport" }),
    }),
  }),
  champion: readingProject({
    summary: "The champion of a project on a manifest: the claim, its rule, its evidence and files",
    input: z.object({
      project,
      manifest: manifest.optional(),
      alias: z
        .string()
        .regex(aliasPattern)
        .optional()
        .describe("the claim that this name points to, such as production"),
    }),
    example: "champion --alias production",
    route: "getChampion",
    call: ({ project: _, ...query }, slug) => ({ params: { project: slug }, query }),
  }),
  doubts: readingProject({
    summary:
      "How far the project's past can be believed: runs picked or tuned by test numbers, one seed, winner's luck, unfair comparisons, lost code; each with its rule and what to do. It holds no test number",
    input: z.object({ project, format: z.enum(["json", "markdown"]).default("markdown") }),
    example: "doubts",
    route: "getDoubts",
    call: ({ format }, slug) => ({ params: { project: slug }, query: { format } }),
  }),
} as const satisfies Record<string, Tool>;
