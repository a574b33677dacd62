/**
 * Imported runs that are sent many at once: the server stores what it hasn't of them in one act. A run that can't go so, or
 * that the server has otherwise, goes by the calls of a run, which say what is wrong with it.
 */
import { readFile } from "node:fs/promises";
import { isHopeless, Refused } from "../../../lib/sending/answers.ts";
import { expected } from "../../../lib/sending/writer-calls.ts";
import {
  encodeImport,
  IMPORT_CONTENT_TYPE,
  IMPORT_PARTS_MAX,
  IMPORT_RUNS_MAX,
  type ImportedAnswer,
  importedSchema,
  importHeaderOf,
  importsRoutes,
  type OutgoingRun,
} from "../../../lib/wire/imports.ts";
import { ask } from "../client/ask.ts";
import type { Target } from "../client/http.ts";
import { batchesOf } from "./batches.ts";
import {
  contentTypeOf,
  creationOf,
  type Delivered,
  deliverFilesOf,
  deliverRun,
  endOf,
  nothingOf,
  originalOf,
  type Project,
  pointsIn,
} from "./deliver.ts";
import { factsOf } from "./facts.ts";
import { type ImportedFile, type ImportedRun, runIdOf, writerIdOf } from "./imported.ts";
import { firstPart } from "./top-up.ts";

/** A run with more points than these goes alone: by the calls of a run it is sent a piece at a time. */
const POINTS_MAX = 150_000;
/** Files beyond these bytes are sent by themselves, behind their run. */
const FILE_BYTES_MAX = 64 * 1024;
const FILES_BYTES_MAX = 1024 * 1024;
/** What a run may add to a header, and all of a parcel. */
const HEADER_BYTES_MAX = 128 * 1024;
const HEADERS_BYTES_MAX = 512 * 1024;
/** A parcel is sent once it has so many bytes: with two on their way the import holds some 50 MB. */
const BYTES_MAX = 4 * 1024 * 1024;
/** The server stores all of a parcel before it answers. */
const TIMEOUT_MS = 60_000;
/** Runs of one parcel that go alone after all. */
const ALONE_AT_ONCE = 8;

/** A run as it is sent with others; `apart`: files of it that aren't in there. */
export type PackedRun = {
  run: ImportedRun;
  sent: OutgoingRun;
  bytes: number;
  headerBytes: number;
  apart: ImportedFile[];
};

/** Null: it goes alone. Looks and records come before a run's points, each by its own right. */
export async function packRun(run: ImportedRun, project: Project): Promise<PackedRun | null> {
  const goesAlone = (run.looks?.length ?? 0) > 0 || (run.records?.length ?? 0) > 0 || pointsIn(run) > POINTS_MAX;
  if (goesAlone) return null;
  const id = runIdOf(run, project.id);
  const writer = writerIdOf(id, run);
  const batches = [...batchesOf(writer, run.series)].map(({ bytes }) => bytes());
  const { packed, apart } = await packFiles(run);
  const sent: OutgoingRun = {
    run: { ...creationOf(run), id, manifest: run.manifest ?? null },
    writer: { writer, environment: factsOf(Object.entries(run.facts)) },
    tags: run.marks?.tags ?? [],
    color: run.marks?.color ?? null,
    end: endOf(run, writer),
    batches,
    files: packed,
  };
  const headerBytes = Buffer.byteLength(JSON.stringify(importHeaderOf(sent)));
  const parts = [...batches, ...packed.map(({ content }) => content)];
  if (headerBytes > HEADER_BYTES_MAX || parts.length > IMPORT_PARTS_MAX) return null;
  return { run, sent, headerBytes, apart, bytes: parts.reduce((sum, part) => sum + part.length, headerBytes) };
}

/** The small files of a run, what its source says of it first. */
async function packFiles(run: ImportedRun): Promise<{ packed: OutgoingRun["files"]; apart: ImportedFile[] }> {
  const own = [originalOf(run), ...(run.end === null ? [firstPart(run.series)] : [])];
  const packed = own.map(({ path, content }) => ({ path, contentType: contentTypeOf(path), content }));
  const apart: ImportedFile[] = [];
  let bytes = 0;
  for (const file of run.files) {
    const fits = file.sizeBytes <= FILE_BYTES_MAX && bytes + file.sizeBytes <= FILES_BYTES_MAX;
    const content = fits && packed.length < IMPORT_PARTS_MAX / 2 ? await bytesOf(file) : null;
    if (content === null) apart.push(file);
    else {
      packed.push({ path: file.path, contentType: contentTypeOf(file.path), content });
      bytes += content.length;
    }
  }
  return { packed, apart };
}

/** Null where it is another file by now: sent by itself it says what is wrong. */
async function bytesOf({ file, sizeBytes }: ImportedFile): Promise<Uint8Array | null> {
  const content = typeof file === "function" ? await file() : file;
  if (typeof content !== "string") return content.length <= FILE_BYTES_MAX ? content : null;
  const read = await readFile(content).catch(() => null);
  return read?.length === sizeBytes ? read : null;
}

/** Runs that go together. */
export class Parcel {
  readonly runs: PackedRun[] = [];
  #bytes = 0;
  #headerBytes = 0;

  takes({ bytes, headerBytes }: PackedRun): boolean {
    if (this.runs.length === 0) return true;
    return (
      this.runs.length < IMPORT_RUNS_MAX &&
      this.#bytes + bytes <= BYTES_MAX &&
      this.#headerBytes + headerBytes <= HEADERS_BYTES_MAX
    );
  }

  add(packed: PackedRun): void {
    this.runs.push(packed);
    this.#bytes += packed.bytes;
    this.#headerBytes += packed.headerBytes;
  }

  get points(): number {
    return this.runs.reduce((sum, { run }) => sum + pointsIn(run), 0);
  }
}

/** Delivers runs together; `told` hears of each. Throws as `deliverRun` does. */
export async function deliverMany(
  target: Target,
  packed: PackedRun[],
  project: Project,
  told: (run: ImportedRun, delivered: Delivered) => void,
): Promise<void> {
  const answers = await sendMany(target, packed, project);
  const alone: ImportedRun[] = [];
  for (const [at, one] of packed.entries()) {
    const delivered = answers === null ? null : await deliveredOf(target, one, answers[at]!);
    if (delivered) told(one.run, delivered);
    else alone.push(one.run);
  }
  for (let at = 0; at < alone.length; at += ALONE_AT_ONCE)
    await Promise.all(
      alone.slice(at, at + ALONE_AT_ONCE).map(async (run) => told(run, await deliverRun(target, run, project))),
    );
}

/** Null where the server takes no such request, whatever is in it. */
async function sendMany(target: Target, packed: PackedRun[], { id }: Project): Promise<ImportedAnswer[] | null> {
  const { method, path } = importsRoutes.importRuns;
  const body = encodeImport(packed.map(({ sent }) => sent));
  const sent = { method, path: path.replace("{project}", id), body, contentType: IMPORT_CONTENT_TYPE };
  try {
    const answer = await ask(target, { ...sent, timeoutMs: TIMEOUT_MS });
    return expected(importedSchema.safeParse(answer)).runs;
  } catch (error) {
    const isUnknown = error instanceof Refused && [404, 405].includes(error.status);
    if (isHopeless(error) || isUnknown) return null;
    throw error;
  }
}

/** Null where the calls of a run have to see to it. */
async function deliveredOf(
  target: Target,
  { run, sent, apart }: PackedRun,
  { outcome, url, quarantined }: ImportedAnswer,
): Promise<Delivered | null> {
  const isThere = outcome === "there" && apart.length === 0;
  if (outcome !== "stored" && !isThere) return null;
  const delivered = nothingOf(sent.run.id);
  const part = outcome === "stored" ? "stored" : "there";
  delivered.url = url;
  delivered.runs[part] = 1;
  delivered.points[part] = pointsIn(run);
  delivered.files[part] = run.files.length - apart.length;
  delivered.quarantined = quarantined;
  await deliverFilesOf(target, run, apart, { id: sent.run.id, held: new Map() }, delivered);
  return delivered;
}
