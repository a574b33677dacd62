/** A file of samples in the data folder, while it is read. */
import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { invalid, ProblemError } from "../problem.ts";
import { TableError } from "../wire/alike/table-columns.ts";

export const uploadFormats = ["csv", "tsv", "jsonl", "parquet"] as const;
export type UploadFormat = (typeof uploadFormats)[number];

export function requireFormat(format: string): UploadFormat {
  const found = uploadFormats.find((one) => one === format);
  if (!found) throw invalid("format", `${JSON.stringify(format)} is none of ${uploadFormats.join(", ")}`);
  return found;
}

/** A request's body; null: it is empty. */
export type FileBody = Readable | globalThis.ReadableStream | null;

/** Does `work` with the file that the body is, which goes afterwards. What is wrong with the file is an `invalid` problem. */
export async function withStaged<Answer>(
  body: FileBody,
  bytes: number,
  work: (file: string) => Promise<Answer>,
): Promise<Answer> {
  if (!body) throw invalid("body", "is empty; the file is its body");
  const file = path.resolve(process.env.HOLDOUT_DATA_DIR ?? ".holdout", "blobs", "staging", randomUUID());
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    await pipeline(
      body instanceof Readable ? body : Readable.fromWeb(body as ReadableStream),
      atMost(bytes),
      createWriteStream(file, { flags: "wx", mode: 0o600 }),
    );
    return await work(file);
  } catch (error) {
    throw asProblem(error);
  } finally {
    await rm(file, { force: true });
  }
}

const placed = ({ at, detail }: TableError): string => (at ? `row ${at.row}: ${detail}` : detail);

export const asProblem = (error: unknown): unknown =>
  error instanceof TableError
    ? new ProblemError("invalid", error.message, [{ field: error.field, detail: placed(error) }], { cause: error })
    : error;

function atMost(bytes: number): Transform {
  let length = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      length += chunk.length;
      if (length <= bytes) done(null, chunk);
      else
        done(
          new ProblemError(
            "too-large",
            `the file has more than ${bytes} bytes; add it in several files, or as samples`,
          ),
        );
    },
  });
}
