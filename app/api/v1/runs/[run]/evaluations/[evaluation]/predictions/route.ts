import { readBody, readJson } from "@/lib/bodies/read-body.ts";
import type { EvaluationRecord } from "@/lib/evaluations/evaluations.ts";
import { exportPredictions, type PredictionFormat, predictionFormats } from "@/lib/evaluations/export-predictions.ts";
import { appendPredictions } from "@/lib/evaluations/receive.ts";
import { ProblemError, parse } from "@/lib/problem.ts";
import {
  decodePredictions,
  PREDICTIONS_CONTENT_TYPE,
  type Predictions,
  PredictionsFormatError,
  predictionsFromJson,
  predictionsSchema,
} from "@/lib/wire/evaluations/predictions.ts";
import { attachment } from "../../../../../../_file-name.ts";
import { handle, streamed } from "../../../../../../_handler.ts";

export const GET = handle<{ run: string; evaluation: string }>(({ actor, params, query }) => {
  const format = query.get("format") ?? "";
  if (!(format in predictionFormats))
    throw new ProblemError("invalid", `format: ${JSON.stringify(format)} is none of csv, jsonl, parquet, packed`, [
      { field: "format", detail: "csv, jsonl, parquet or packed is right" },
    ]);
  const ending = format === "packed" ? "hpr1" : format;
  return streamed(exportPredictions(actor, params, format as PredictionFormat), {
    "content-type": predictionFormats[format as PredictionFormat],
    "content-disposition": attachment(`predictions-${params.evaluation}.${ending}`),
    "cache-control": "private, no-cache",
  });
});

export const POST = handle<{ run: string; evaluation: string }>(async ({ actor, params, request }) =>
  appendPredictions(actor, params.run, params.evaluation, (evaluation) => readPredictions(request, evaluation)),
);

async function readPredictions(request: Request, { classes }: EvaluationRecord): Promise<Predictions> {
  const contentType = request.headers.get("content-type")?.split(";", 1)[0]?.trim();
  if (contentType !== PREDICTIONS_CONTENT_TYPE)
    return predictionsFromJson(parse(predictionsSchema, await readJson(request, "appendPredictions")), classes);
  try {
    return decodePredictions(await readBody(request));
  } catch (cause) {
    if (!(cause instanceof PredictionsFormatError)) throw cause;
    const { field, message: detail } = cause;
    throw new ProblemError("invalid", `${field}: ${detail}`, [{ field, detail }], { cause });
  }
}
