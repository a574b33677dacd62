/** The samples of a manifest: browsed page by page, shown as thumbnails, and exported whole. Sealed labels are in none. */

import { encode } from "fast-png";
import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { ProblemError } from "../problem.ts";
import { THUMBNAIL_SIDE } from "../wire/alike/thumbnail.ts";
import { type Split, splits } from "../wire/base/words.ts";
import { requireManifest } from "./manifests.ts";

export type Sample = {
  key: string;
  split: Split;
  label: string | null;
  group: string | null;
  time: Date | null;
  byteHash: string | null;
  contentHash: string;
};
export type ShownSample = Sample & { sealed: boolean; hasThumbnail: boolean; text: string | null };
export type SampleFilter = {
  split?: string;
  label?: string;
  group?: string;
  /** Part of the key. */
  key?: string;
  /** Key of the last sample of the page before. */
  after?: string;
};

const SAMPLES_A_PAGE = 100;

/** A page of samples in the order of their keys' bytes, and whether more follow. */
export async function listSamples(
  actor: Actor,
  projectNamed: string,
  manifestId: string,
  filter: SampleFilter,
): Promise<{ samples: ShownSample[]; more: boolean }> {
  const { number, datasetNumber } = await requireManifest(actor, projectNamed, manifestId);
  const { sql } = connections();
  if (filter.split && !splits.includes(filter.split as Split))
    throw new ProblemError("invalid", `split: ${JSON.stringify(filter.split)} is none of ${splits.join(", ")}`);
  const rows = await sql<ShownSample[]>`
    select m.key, m.split, m.label, m."group", m."time", encode(m.byte_hash, 'hex') as "byteHash",
      encode(m.content_hash, 'hex') as "contentHash", coalesce(d.sealed, false) as sealed,
      d.thumbnail is not null as "hasThumbnail", left(d."text", 300) as "text"
    from manifest_samples m
    left join dataset_samples d on d.dataset_number = ${datasetNumber} and d.key = m.key
    where m.manifest_number = ${number} and m.key > ${filter.after ?? ""}
      ${filter.split ? sql`and m.split = ${filter.split}` : sql``}
      ${filter.label ? sql`and m.label = ${filter.label}` : sql``}
      ${filter.group ? sql`and m."group" = ${filter.group}` : sql``}
      ${filter.key ? sql`and position(${filter.key} in m.key) > 0` : sql``}
    order by m.key limit ${SAMPLES_A_PAGE + 1}`;
  return { samples: rows.slice(0, SAMPLES_A_PAGE), more: rows.length > SAMPLES_A_PAGE };
}

/** Which of these samples have a thumbnail. */
export async function listThumbnailed(
  actor: Actor,
  projectNamed: string,
  manifestId: string,
  keys: string[],
): Promise<string[]> {
  const { datasetNumber } = await requireManifest(actor, projectNamed, manifestId);
  return [...(await findThumbnailed(datasetNumber, keys))];
}

/** The same of a dataset's samples. Asks nobody whether they may. */
export async function findThumbnailed(datasetNumber: number, keys: string[]): Promise<Set<string>> {
  const rows = await connections().sql<{ key: string }[]>`
    select key from dataset_samples
    where dataset_number = ${datasetNumber} and key = any(${keys}::text[]) and thumbnail is not null`;
  return new Set(rows.map(({ key }) => key));
}

/** The thumbnail of a sample as PNG; null where it has none. */
export async function readThumbnail(
  actor: Actor,
  projectNamed: string | undefined,
  manifestId: string,
  key: string,
): Promise<Uint8Array | null> {
  const { number, datasetNumber } = await requireManifest(actor, projectNamed, manifestId);
  const [row] = await connections().sql<{ thumbnail: Buffer | null }[]>`
    select d.thumbnail from manifest_samples m
    join dataset_samples d on d.dataset_number = ${datasetNumber} and d.key = m.key
    where m.manifest_number = ${number} and m.key = ${key}`;
  if (!row?.thumbnail) return null;
  const channels = row.thumbnail.length === THUMBNAIL_SIDE ** 2 ? 1 : 3;
  return encode({
    width: THUMBNAIL_SIDE,
    height: THUMBNAIL_SIDE,
    data: new Uint8Array(row.thumbnail),
    channels,
    depth: 8,
  });
}

const ROWS_A_PIECE = 20_000;
export const exportFormats = {
  csv: "text/csv; charset=utf-8",
  jsonl: "application/jsonl; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
} as const;
export type ExportFormat = keyof typeof exportFormats;

/** The manifest as a file, piece by piece. CSV is exact, for programs: nothing stands before a text that begins with `=`. */
export async function* exportManifest(
  actor: Actor,
  projectNamed: string | undefined,
  manifestId: string,
  format: ExportFormat,
): AsyncGenerator<Uint8Array> {
  const { number } = await requireManifest(actor, projectNamed, manifestId);
  const pages = readPages(number);
  if (format === "parquet") yield* toParquet(pages);
  else {
    if (format === "csv") yield Buffer.from(`${columns.join(",")}\r\n`);
    for await (const page of pages)
      yield Buffer.from(page.map(format === "csv" ? csvLine : (row) => `${JSON.stringify(toPlain(row))}\n`).join(""));
  }
}

const columns = ["key", "split", "label", "group", "time", "byte_hash", "content_hash"] as const;
const toPlain = (row: Sample) => ({
  key: row.key,
  split: row.split,
  label: row.label,
  group: row.group,
  time: row.time?.toISOString() ?? null,
  byte_hash: row.byteHash,
  content_hash: row.contentHash,
});
const csvLine = (row: Sample): string => `${columns.map((name) => csvCell(toPlain(row)[name])).join(",")}\r\n`;
const csvCell = (value: string | null): string =>
  value === null ? "" : value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

async function* readPages(number: number): AsyncGenerator<Sample[]> {
  for (let after = ""; ; ) {
    const rows = await connections().sql<Sample[]>`
      select key, split, label, "group", "time", encode(byte_hash, 'hex') as "byteHash",
        encode(content_hash, 'hex') as "contentHash"
      from manifest_samples where manifest_number = ${number} and key > ${after} order by key limit ${ROWS_A_PIECE}`;
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_A_PIECE) return;
    after = rows.at(-1)!.key;
  }
}

/** One row group a page; what is written is handed on, so that memory holds one page. */
async function* toParquet(pages: AsyncGenerator<Sample[]>): AsyncGenerator<Uint8Array> {
  const columnsOf = (rows: ReturnType<typeof toPlain>[]) =>
    columns.map((name) => ({ name, data: rows.map((row) => row[name]), type: "STRING" as const, nullable: true }));
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaFromColumnData({ columnData: columnsOf([]) }) });
  const take = () => {
    const taken = new Uint8Array(bytes.buffer.slice(0, bytes.index));
    bytes.index = 0;
    return taken;
  };
  for await (const page of pages) {
    await writer.write({ columnData: columnsOf(page.map(toPlain)) });
    yield take();
  }
  await writer.finish();
  yield take();
}

/** The runs of the project that cite a manifest, the newest first, at most 100. */
export async function listCitingRuns(actor: Actor, projectNamed: string, manifestId: string) {
  const { project } = await requireManifest(actor, projectNamed, manifestId);
  return connections().sql<{ id: string; name: string; status: string; createdAt: Date }[]>`
    select id, name, status, created_at as "createdAt" from runs
    where project_id = ${project.id} and manifest_id = ${manifestId} and deleted_at is null
    order by id desc limit 100`;
}
