/** Samples from a file: CSV, JSONL or Parquet, staged in the data folder, read apart and added a batch at a time. */
import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { invalid, ProblemError } from "../problem.ts";
import { READ_LIMITS, readSamplesApart } from "../tables/read-samples.ts";
import { parseAnswers, plainOptions, TableError, type TableOptions } from "../wire/alike/table-columns.ts";
import { UPLOAD_BYTES_MAX } from "../wire/base/words.ts";
import type { DatasetUploaded } from "../wire/datasets.ts";
import { addSamples, requireDataset } from "./datasets.ts";

export const uploadFormats = ["csv", "jsonl", "parquet"] as const;
type UploadFormat = (typeof uploadFormats)[number];
/** As the address has them; `""` and null say nothing. */
export type UploadQuery = { format: string } & Partial<Record<"target" | "columns" | "blanks", string | null>>;

/**
 * Adds the samples of a file to a dataset. A row has `key`, and `content_hash`, `text`, or feature columns that are
 * hashed; `label`, `group`, `time`, `split`, `sealed`, `byte_hash` may stand beside. Batches before the row that is wrong
 * stay added: the same file, mended, may be sent again.
 */
export async function uploadSamples(
  actor: Actor,
  datasetId: string,
  query: UploadQuery,
  body: Readable | globalThis.ReadableStream | null,
  limits = { ...READ_LIMITS, bytes: UPLOAD_BYTES_MAX },
): Promise<DatasetUploaded> {
  authorise(actor, "manifests.register");
  const { format } = query;
  if (!uploadFormats.includes(format as UploadFormat))
    throw invalid("format", `${JSON.stringify(format)} is none of ${uploadFormats.join(", ")}`);
  if (!body) throw invalid("body", "is empty; the file is its body");
  await requireDataset(actor, datasetId);
  const options = asked(() => optionsOf(query));
  const file = path.resolve(process.env.HOLDOUT_DATA_DIR ?? ".holdout", "blobs", "staging", randomUUID());
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    await pipeline(
      body instanceof Readable ? body : Readable.fromWeb(body as ReadableStream),
      atMost(limits.bytes),
      createWriteStream(file, { flags: "wx", mode: 0o600 }),
    );
    const total: DatasetUploaded = { added: 0, there: 0, remarks: [] };
    for await (const part of readSamplesApart(file, format as UploadFormat, options, limits)) {
      if (part.kind === "table") {
        total.remarks = part.remarks;
        continue;
      }
      const { added, there } = await addSamples(actor, datasetId, part.samples);
      total.added += added;
      total.there += there;
    }
    return total;
  } catch (error) {
    throw asProblem(error);
  } finally {
    await rm(file, { force: true });
  }
}

const placed = ({ at, detail }: TableError): string => (at ? `row ${at.row}: ${detail}` : detail);

const asProblem = (error: unknown): unknown =>
  error instanceof TableError
    ? new ProblemError("invalid", error.message, [{ field: error.field, detail: placed(error) }], { cause: error })
    : error;

function asked<Answer>(ask: () => Answer): Answer {
  try {
    return ask();
  } catch (error) {
    throw asProblem(error);
  }
}

function optionsOf({ target, columns, blanks }: UploadQuery): TableOptions {
  if (blanks && blanks !== "trim") throw new TableError("blanks", `${JSON.stringify(blanks)} is given; trim is right`);
  return { ...plainOptions, target: target || null, columns: parseAnswers(columns ?? ""), trim: blanks === "trim" };
}

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
