import { readBody, readJson } from "@/lib/bodies/read-body.ts";
import type { EvaluationRecord } from "@/lib/evaluations/evaluations.ts";
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
import { handle } from "../../../../../../_handler.ts";

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
