/** The report of an evaluation as a file: whole, as a table, and whether a file is it. */
import { z } from "zod";
import { digestOf } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { sha256 } from "./base/words.ts";
import { panelsSchema } from "./evaluations/panels.ts";

/** The report as it is digested: canonical JSON (RFC 8785), the same bytes on every machine. */
export const reportSchema = z
  .object({
    version: z.int().meta({ description: "of the definitions of its numbers" }),
    predictions: sha256.meta({ description: "SHA-256 of the packed predictions that it was computed from" }),
    panels: panelsSchema,
  })
  .meta({
    id: "EvaluationReport",
    examples: [
      {
        version: 1,
        predictions: digestOf("a"),
        panels: { version: 1, task: "regression", samples: 60, groups: null, confidence: 0.95, panels: {} },
      },
    ],
  });

export const reportVerifySchema = z
  .object({ sha256: sha256.meta({ description: "of the whole file that GET …/report answered" }) })
  .meta({ id: "ReportVerify", examples: [{ sha256: digestOf("a") }] });

export const reportVerifiedSchema = z
  .object({
    /** Whether the file is a report of this evaluation, unchanged to the last byte. */
    matches: z.boolean(),
    /** Of the definitions by which the file's numbers were made; null: it is none of its reports. */
    version: z.int().nullable(),
    digest: sha256.meta({ description: "of the newest report" }),
  })
  .meta({ id: "ReportVerified", examples: [{ matches: true, version: 1, digest: digestOf("a") }] });

export type ReportVerified = z.infer<typeof reportVerifiedSchema>;

export const reportRoutes = {
  getReport: {
    method: "GET",
    path: "/api/v1/runs/{run}/evaluations/{evaluation}/report",
    summary: "The report of an evaluation, as canonical JSON whose SHA-256 is its digest",
    permission: "evaluations.read",
    response: reportSchema,
  },
  getReportCsv: {
    method: "GET",
    path: "/api/v1/runs/{run}/evaluations/{evaluation}/report.csv",
    summary: "Each number of a report in a row of its own, with its interval",
    permission: "evaluations.read",
    responseBinary: { contentType: "text/csv", description: "section, of, metric, value, low, high, method, samples" },
  },
  exportPredictions: {
    method: "GET",
    path: "/api/v1/runs/{run}/evaluations/{evaluation}/predictions",
    summary: "The predictions of a complete evaluation as a file, without labels",
    permission: "evaluations.read",
    query: [
      {
        name: "format",
        description: "packed: as the server keeps them, whose SHA-256 the evaluation says",
        schema: z.enum(["csv", "jsonl", "parquet", "packed"]),
        required: true,
      },
    ],
    responseBinary: {
      contentType: [
        "text/csv; charset=utf-8",
        "application/jsonl; charset=utf-8",
        "application/vnd.apache.parquet",
        "application/octet-stream",
      ],
      description: "key, and predicted or a column of scores for each class",
    },
  },
  verifyReport: {
    method: "POST",
    path: "/api/v1/runs/{run}/evaluations/{evaluation}/verify",
    summary: "Whether a file is this evaluation's report, by the SHA-256 of all of it",
    permission: "evaluations.read",
    request: reportVerifySchema,
    response: reportVerifiedSchema,
  },
} as const satisfies Record<string, Route>;
