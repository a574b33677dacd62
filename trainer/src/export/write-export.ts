/** An export on its way to disk: under another name until it is whole, so that a name that is there is a whole export. */
import { createWriteStream } from "node:fs";
import { access, rename, rm } from "node:fs/promises";
import path from "node:path";
import { finished } from "node:stream/promises";
import type { ExportLineOf } from "../../../lib/wire/exports.ts";
import { type Line, type Part, readExport } from "./exported-lines.ts";
import { MlflowStore } from "./mlflow-store.ts";
import { ParquetFiles } from "./parquet-files.ts";

export const exportFormats = ["jsonl", "parquet", "mlflow"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export type Written = {
  out: string;
  quarantined: "included" | "left out";
  /** Keys that the format can't hold as they are. */
  renamed: { where: string; key: string; as: string }[];
} & Omit<ExportLineOf<"end">, "kind">;

/** Something is there already under the name. */
export class IsThere extends Error {}

/** Writes a file (jsonl) or a folder. Throws `IsThere` before anything is written, and leaves nothing where it fails. */
export async function writeExport(
  bytes: AsyncIterable<Uint8Array>,
  format: ExportFormat,
  out: string,
  told: (runs: number) => void,
): Promise<Written> {
  const target = path.resolve(out);
  if (
    await access(target).then(
      () => true,
      () => false,
    )
  )
    throw new IsThere(`${out} is there already, and stays as it is; name another with --out`);
  const partial = `${target}.part-${process.pid}`;
  try {
    const written = await write(bytes, format, partial, target, told);
    await rename(partial, target);
    return { out: target, ...written };
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

type Sink = { take: (line: Line) => Promise<void>; finish?: () => Promise<void>; renamed?: Written["renamed"] };

async function write(
  bytes: AsyncIterable<Uint8Array>,
  format: ExportFormat,
  partial: string,
  target: string,
  told: (runs: number) => void,
): Promise<Omit<Written, "out">> {
  const file = format === "jsonl" ? createWriteStream(partial, { flags: "wx" }) : null;
  let sink: Sink = { take: async () => undefined };
  let quarantined: Written["quarantined"] = "left out";
  let end: ExportLineOf<"end"> | null = null;
  let runs = 0;
  for await (const part of readExport(file ? copying(bytes, file) : bytes)) {
    if ("head" in part) {
      quarantined = part.head.quarantined;
      if (format === "mlflow") sink = await MlflowStore.begin(partial, target, part);
      if (format === "parquet") sink = await ParquetFiles.begin(partial);
    } else if (part.kind === "end") end = part;
    else {
      await sink.take(part);
      if (isRun(part)) told(++runs);
    }
  }
  if (file) {
    file.end();
    await finished(file);
  }
  await sink.finish?.();
  const { kind: _, ...counts } = end!;
  return { quarantined, renamed: sink.renamed ?? [], ...counts };
}

const isRun = (part: Part): boolean => "kind" in part && part.kind === "run";

/** The same bytes, each written to the file before the next is asked for. */
async function* copying(
  bytes: AsyncIterable<Uint8Array>,
  file: ReturnType<typeof createWriteStream>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    await new Promise<void>((resolve, reject) => {
      file.write(piece, (error) => (error ? reject(error) : resolve()));
    });
    yield piece;
  }
}
