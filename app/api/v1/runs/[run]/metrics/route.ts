import { z } from "zod";
import { appendBatch } from "@/lib/metrics/append.ts";
import { pointsTag, readPoints } from "@/lib/metrics/series.ts";
import { ProblemError, parse } from "@/lib/problem.ts";
import {
  BATCH_CONTENT_TYPE,
  type Batch,
  BatchFormatError,
  batchFromJson,
  batchSchema,
  decodeBatch,
  routes,
} from "@/lib/wire.ts";
import { handle, readBody, readJson } from "../../../../_handler.ts";

type Params = { run: string };

export const POST = handle<Params>(async ({ actor, params, request }) =>
  appendBatch(actor, params.run, await readBatch(request)),
);

async function readBatch(request: Request): Promise<Batch> {
  const contentType = request.headers.get("content-type")?.split(";", 1)[0]?.trim();
  if (contentType !== BATCH_CONTENT_TYPE) return batchFromJson(parse(batchSchema, await readJson(request)));
  try {
    return decodeBatch(await readBody(request));
  } catch (cause) {
    if (!(cause instanceof BatchFormatError)) throw cause;
    const { field, message: detail } = cause;
    throw new ProblemError("invalid", `${field}: ${detail}`, [{ field, detail }], { cause });
  }
}

const [series, from, to, px] = routes.getPoints.query;
const wantedSchema = z.object({
  series: z.array(series.schema).min(1, "name at least one series, such as series=train/loss").max(100),
  from: from.schema.optional(),
  to: to.schema.optional(),
  px: px.schema.default(1000),
});

export const GET = handle<Params>(async ({ actor, params, query, request }) => {
  const wanted = parse(wantedSchema, { ...Object.fromEntries(query), series: query.getAll("series") });
  const tag = `"${await pointsTag(actor, params.run, wanted)}"`;
  const headers = { etag: tag, "cache-control": "private, no-cache" };
  if (request.headers.get("if-none-match") === tag) return new Response(null, { status: 304, headers });
  return Response.json(await readPoints(actor, params.run, wanted), { headers });
});
