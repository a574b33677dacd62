/** The body of a request: its bytes, and what its route's schema makes of them. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { noteParsed } from "../parsed.ts";
import { ProblemError } from "../problem.ts";
import type { Route } from "../wire/base/route.ts";
import { BODY_BYTES_MAX } from "../wire/base/words.ts";
import type { Batch } from "../wire/points/batch.ts";
import { type RouteName, routes } from "../wire/routes.ts";
import { jsonOf, limitsOf } from "./parse-body.ts";
import { parseInThread } from "./threads.ts";

/** Up to this many bytes a body is parsed at once: to hand it over costs more. */
const AT_ONCE_BYTES = 32 * 1024;

/** The body of `route` as JSON, of whatever content type. Of a large one `parse` with the route's schema is done already. */
export async function readJson(request: Request, route: Exclude<RouteName, "appendMetrics">): Promise<unknown> {
  const bytes = await readBody(request, limitsOf(route).bytesMax);
  if (bytes.length <= AT_ONCE_BYTES) return jsonOf(route, bytes);
  return noteParsed((routes[route] as Route).request!, await parseInThread(route, bytes));
}

/** A batch sent as JSON: small ones as they came, large ones as columns. */
export async function readJsonBatch(request: Request): Promise<{ json: unknown } | { batch: Batch }> {
  const bytes = await readBody(request);
  if (bytes.length <= AT_ONCE_BYTES) return { json: jsonOf("appendMetrics", bytes) };
  return { batch: (await parseInThread("appendMetrics", bytes)) as Batch };
}

/** The body, decompressed, of at most `bytesMax` bytes. */
export async function readBody(request: Request, bytesMax = BODY_BYTES_MAX): Promise<Uint8Array> {
  const encoding = encodingOf(request);
  const announced = Number(request.headers.get("content-length") ?? Number.NaN);
  if (announced > bytesMax) throw tooLarge(bytesMax);
  // HTTP holds a body to the length that was announced, and in one piece it is read with half the work
  const body = Number.isNaN(announced)
    ? await readPieces(request, bytesMax)
    : new Uint8Array(await request.arrayBuffer());
  if (encoding === "identity") return body;
  return promisify(gunzip)(body, { maxOutputLength: bytesMax }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(bytesMax);
    throw new ProblemError("invalid", "the body is not gzip, though content-encoding says so", undefined, { cause });
  });
}

/** How a body is compressed. Throws `unsupported-type`. */
export function encodingOf(request: Request): "identity" | "gzip" {
  const encoding = request.headers.get("content-encoding")?.toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "gzip") return encoding;
  throw new ProblemError("unsupported-type", `content-encoding is ${encoding}; send gzip or none`);
}

async function readPieces(request: Request, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > bytesMax) throw tooLarge(bytesMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

const tooLarge = (bytesMax: number) =>
  new ProblemError("too-large", `the body has more than ${bytesMax} bytes, decompressed`);
