/** What the routes of MLflow's protocol share: who may ask from where, and an answer or an error in its shape. */
import { readBody } from "@/lib/bodies/read-body.ts";
import { noteFullDisk } from "@/lib/health.ts";
import { currentRequest, logError } from "@/lib/log.ts";
import { answerCall } from "@/lib/mlflow/answer.ts";
import { asMlflowError, invalidValue, type MlflowError } from "@/lib/mlflow/words/errors.ts";
import { foreignRequest } from "@/lib/request-origin.ts";
import { decodeParams, type Params } from "./_params.ts";

const headers = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

export type MlflowRequest = { request: Request; parts: string[]; query: URLSearchParams; authorization: string | null };

/** A handler of the protocol: `answer` returns an object or a response, and what it throws is an error in its shape. */
export function mlflow(answer: (asked: MlflowRequest) => Promise<Response | object>) {
  return async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    try {
      const foreign = foreignRequest(request);
      if (foreign)
        return Response.json(
          { error_code: "BAD_REQUEST", message: foreign.detail },
          { status: foreign.status, headers },
        );
      const params = Object.values(decodeParams(request.url, (await context.params) ?? {})).flat();
      const query = new URL(request.url).searchParams;
      const authorization = request.headers.get("authorization");
      const answered = await answer({ request, parts: params, query, authorization });
      return answered instanceof Response ? answered : Response.json(answered, { headers });
    } catch (error) {
      return refuse(asMlflowError(error), request);
    }
  };
}

function refuse(error: MlflowError, request: Request): Response {
  noteFullDisk(error);
  if (error.status >= 500 && error.cause)
    logError(`${request.method} ${currentRequest()?.route ?? new URL(request.url).pathname}`, error.cause);
  return Response.json(error, { status: error.status, headers });
}

/** Bodies are of a thousand metrics at most, and of long texts. */
const BODY_BYTES_MAX = 8 * 2 ** 20;

/** A call of the table in lib/mlflow. */
export const call = mlflow(({ request, ...asked }) =>
  answerCall({
    ...asked,
    method: request.method,
    contentType: request.headers.get("content-type"),
    body: () => readBody(request, BODY_BYTES_MAX),
  }),
);

/** The address of a file or folder, from the parts behind `artifacts/`. */
export function addressOf(parts: string[]): string {
  if (parts.some((part) => part.includes("/") || part.includes("\\"))) throw invalidValue("Invalid path");
  return parts.join("/");
}
