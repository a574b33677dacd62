/** Samples from a file: CSV, JSONL or Parquet, read as a stream of rows and added a batch at a time. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { parse as parseCsv } from "csv-parse";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { ProblemError } from "../problem.ts";
import { featuresText } from "../wire/row-features.ts";
import { type DatasetSamples, sealedIn, sealedWords, splitIn, splits, timeIn } from "../wire.ts";
import { addSamples } from "./datasets.ts";

export const uploadFormats = ["csv", "jsonl", "parquet"] as const;
type UploadFormat = (typeof uploadFormats)[number];
type Row = Record<string, unknown>;

const ROWS_A_BATCH = 10_000;
/** Columns that say what a sample is; the others are its features, and are hashed as its content. */
const known = ["key", "label", "group", "time", "split", "sealed", "byte_hash", "content_hash", "text"] as const;

/**
 * Adds the samples of a file to a dataset. A row has `key`, and `content_hash`, `text`, or feature columns that are
 * hashed; `label`, `group`, `time`, `split`, `sealed`, `byte_hash` may stand beside. Batches before the row that is wrong
 * stay added: the same file, mended, may be sent again.
 */
export async function uploadSamples(
  actor: Actor,
  datasetId: string,
  format: string,
  body: globalThis.ReadableStream | null,
): Promise<{ added: number; there: number }> {
  authorise(actor, "manifests.register");
  if (!uploadFormats.includes(format as UploadFormat))
    throw invalid("format", `${JSON.stringify(format)} is none of ${uploadFormats.join(", ")}`);
  if (!body) throw invalid("body", "is empty; the file is its body");
  const folder = await mkdtemp(path.join(tmpdir(), "holdout-upload-"));
  try {
    const file = path.join(folder, "samples");
    await pipeline(Readable.fromWeb(body as ReadableStream), createWriteStream(file));
    const total = { added: 0, there: 0 };
    for await (const samples of toBatches(readRows(format as UploadFormat, file))) {
      const { added, there } = await addSamples(actor, datasetId, samples);
      total.added += added;
      total.there += there;
    }
    return total;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const invalid = (field: string, detail: string): ProblemError =>
  new ProblemError("invalid", `${field}: ${detail}`, [{ field, detail }]);

function readRows(format: UploadFormat, file: string): AsyncGenerator<Row> {
  if (format === "csv") return readCsv(file);
  return format === "jsonl" ? readJsonLines(file) : readParquet(file);
}

async function* readCsv(file: string): AsyncGenerator<Row> {
  const parser = createReadStream(file).pipe(parseCsv({ columns: true, bom: true, skip_empty_lines: true }));
  try {
    for await (const row of parser as AsyncIterable<Row>) yield row;
  } catch (cause) {
    throw new ProblemError("invalid", `the file is no CSV: ${(cause as Error).message}`, undefined, { cause });
  }
}

async function* readJsonLines(file: string): AsyncGenerator<Row> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === "") continue;
    let row: unknown;
    try {
      row = JSON.parse(quoteLong(text));
    } catch (cause) {
      throw new ProblemError("invalid", `line ${line} is not JSON: ${(cause as Error).message}`, undefined, { cause });
    }
    if (typeof row !== "object" || row === null || Array.isArray(row))
      throw invalid(`line ${line}`, `${text.slice(0, 40)} is no object; one JSON object a line is right`);
    yield row as Row;
  }
}

/** Quotes the integers that a double can't hold: their digits are kept. */
const quoteLong = (json: string): string =>
  /\d{16}/.test(json)
    ? json.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
        isLong(token) ? `"${token}"` : token,
      )
    : json;

const isLong = (text: string): boolean => /^[+-]?\d+$/.test(text) && !Number.isSafeInteger(Number(text));

async function* readParquet(file: string): AsyncGenerator<Row> {
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer).catch((cause: Error) => {
    throw new ProblemError("invalid", `the file is no Parquet: ${cause.message}`, undefined, { cause });
  });
  const rows = Number(metadata.num_rows);
  for (let start = 0; start < rows; start += ROWS_A_BATCH)
    yield* await parquetReadObjects({
      ...{ file: buffer, metadata, compressors },
      ...{ rowStart: start, rowEnd: Math.min(rows, start + ROWS_A_BATCH) },
    });
}

async function* toBatches(rows: AsyncGenerator<Row>): AsyncGenerator<DatasetSamples> {
  let batch: Sample[] = [];
  let number = 0;
  for await (const row of rows) {
    batch.push(toSample(row, ++number));
    if (batch.length < ROWS_A_BATCH) continue;
    yield toColumns(batch);
    batch = [];
  }
  if (number === 0) throw invalid("body", "has no rows");
  if (batch.length > 0) yield toColumns(batch);
}

type Sample = ReturnType<typeof toSample>;

/** A column that no row of the batch has is none: rows that are there already aren't compared by it. */
const columnOf = <Value>(values: (Value | null)[]): (Value | null)[] | null =>
  values.some((value) => value !== null) ? values : null;

const toColumns = (batch: Sample[]): DatasetSamples => ({
  key: batch.map(({ key }) => key),
  label: columnOf(batch.map(({ label }) => label)),
  group: columnOf(batch.map(({ group }) => group)),
  time: columnOf(batch.map(({ time }) => time)),
  byteHash: columnOf(batch.map(({ byteHash }) => byteHash)),
  contentHash: batch.map(({ contentHash }) => contentHash),
  sealed: columnOf(batch.map(({ sealed }) => sealed))?.map((sealed) => sealed ?? false) ?? null,
  split: columnOf(batch.map(({ split }) => split)),
  text: columnOf(batch.map(({ text }) => text)),
  features: columnOf(batch.map(({ features }) => features)),
  ...{ thumbnail: null, imageHash: null },
});

function toSample(row: Row, number: number) {
  const at = (name: string) => `row ${number}, ${name}`;
  const key = textOf(row.key);
  if (key === null)
    throw invalid(at("key"), "is empty; each row needs one (columns: key, label, group, time, split …)");
  const text = textOf(row.text);
  const cells = featureNames(row).map((name): [string, string] => [name, canonical(row[name])]);
  return {
    key,
    text,
    features: cells.length > 0 ? featuresText(cells) : null,
    label: textOf(row.label),
    group: textOf(row.group),
    time: readCell(timeIn, row.time, at("time"), NO_TIME),
    byteHash: textOf(row.byte_hash),
    contentHash: textOf(row.content_hash) ?? (text === null ? hashFeatures(row, at("content_hash")) : hashText(text)),
    sealed: readCell(sealedIn, row.sealed, at("sealed"), NO_SEALED),
    split: readCell(splitIn, row.split, at("split"), NO_SPLIT),
  };
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  return value instanceof Date ? value.toISOString() : String(value);
}

/** What a cell says. Throws `invalid` where it can't be read. */
function readCell<Value>(
  read: (text: string | null) => Value | undefined,
  value: unknown,
  field: string,
  wrong: string,
): Value {
  const text = textOf(value);
  const said = read(text);
  if (said === undefined) throw invalid(field, `${JSON.stringify(text)} is ${wrong}`);
  return said;
}

const NO_TIME = "no time; ISO 8601 or seconds since 1970 are right";
const NO_SPLIT = `none of ${splits.join(", ")}`;
const NO_SEALED = `none of ${[...sealedWords.true, ...sealedWords.false].join(", ")}`;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hashText = (text: string): string => sha256(text.normalize("NFC"));

/**
 * SHA-256 of the row's features: `name=value` lines sorted by name, numbers in their shortest form, NaN as nothing, lists
 * and objects as JSON with sorted names and each value as such a text.
 */
function hashFeatures(row: Row, field: string): string {
  const names = featureNames(row);
  if (names.length === 0)
    throw invalid(field, "is missing; content_hash, text, or columns of features are right, to know copies by");
  return sha256(names.map((name) => `${name}=${canonical(row[name])}\n`).join(""));
}

const featureNames = (row: Row): string[] =>
  Object.keys(row)
    .filter((name) => !known.includes(name as (typeof known)[number]))
    .sort();

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(quoted).join(",")}]`;
  if (isObject(value)) {
    const entries = Object.keys(value).sort();
    return `{${entries.map((name) => `${JSON.stringify(name)}:${quoted(value[name])}`).join(",")}}`;
  }
  const text = textOf(value) ?? "";
  const trimmed = text.trim();
  if (/^(nan|null|none)$/i.test(trimmed)) return "";
  // a double can't tell integers of more than 53 bits apart
  if (isLong(trimmed)) return String(BigInt(trimmed.replace(/^\+/, "")));
  return trimmed !== "" && Number.isFinite(Number(text)) ? String(Number(text)) : text.normalize("NFC");
}

const quoted = (value: unknown): string => JSON.stringify(canonical(value));
const isObject = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
