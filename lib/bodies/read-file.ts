/** The file that a request's body is, as a stream: it is never held in memory. */
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { createGunzip } from "node:zlib";
import { ProblemError } from "../problem.ts";
import { encodingOf } from "./read-body.ts";

/**
 * The file, decompressed where `content-encoding` is gzip; null where there is no body. Who reads it counts its bytes.
 * Throws `unsupported-type` for another encoding; the stream fails with `invalid` where the body is no gzip.
 */
export function readFileOf(request: Request): Readable | null {
  const encoding = encodingOf(request);
  if (!request.body) return null;
  const body = Readable.fromWeb(request.body as ReadableStream);
  return encoding === "gzip" ? Readable.from(unzipped(body), { objectMode: false }) : body;
}

async function* unzipped(body: Readable): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  body.on("error", (error) => gunzip.destroy(error)).pipe(gunzip);
  try {
    yield* gunzip;
  } catch (cause) {
    if (!(cause as NodeJS.ErrnoException).code?.startsWith("Z_")) throw cause;
    throw new ProblemError("invalid", "the body is not gzip, though content-encoding says so", undefined, { cause });
  } finally {
    body.destroy();
    gunzip.destroy();
  }
}
