import { readBody, readJsonBatch } from "@/lib/bodies/read-body.ts";
import { appendBatch } from "@/lib/metrics/append.ts";
import { ProblemError, parse } from "@/lib/problem.ts";
import {
  BATCH_CONTENT_TYPE,
  type Batch,
  BatchFormatError,
  batchFromJson,
  batchSchema,
  decodeBatch,
} from "@/lib/wire/points/batch.ts";
import { handle } from "../../../../_handler.ts";
import { answerPoints } from "../../../../_points.ts";

type Params = { run: string };

export const POST = handle<Params>(async ({ actor, params, request }) =>
  appendBatch(actor, params.run, await readBatch(request)),
);

async function readBatch(request: Request): Promise<Batch> {
  const contentType = request.headers.get("content-type")?.split(";", 1)[0]?.trim();
  if (contentType !== BATCH_CONTENT_TYPE) {
    const read = await readJsonBatch(request);
    return "batch" in read ? read.batch : batchFromJson(parse(batchSchema, read.json));
  }
  try {
    return decodeBatch(await readBody(request));
  } catch (cause) {
    if (!(cause instanceof BatchFormatError)) throw cause;
    const { field, message: detail } = cause;
    throw new ProblemError("invalid", `${field}: ${detail}`, [{ field, detail }], { cause });
  }
}

export const GET = handle<Params>(({ params, ...asked }) => answerPoints(asked, { runs: [params.run] }));
