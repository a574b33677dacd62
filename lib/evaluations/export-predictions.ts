/** The predictions of an evaluation as a file. They hold no label, so that they may be taken where labels are sealed. */
import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import type { Actor } from "../access/actor.ts";
import { blobStore } from "../blobs/blobs.ts";
import { invalid } from "../problem.ts";
import type { Predictions } from "../wire/evaluations/predictions.ts";
import { locateEvaluation } from "./evaluations.ts";
import { readPredictions, requireComplete } from "./read-evaluated.ts";
import { readSplitKeys, type SplitKeys } from "./split-keys.ts";
import { placeOfSplit } from "./truth.ts";

/** `packed`: the file that the server keeps ("HPR1"), whose SHA-256 the evaluation says; it has no keys. */
export const predictionFormats = {
  csv: "text/csv; charset=utf-8",
  jsonl: "application/jsonl; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
  packed: "application/octet-stream",
} as const;
export type PredictionFormat = keyof typeof predictionFormats;

const ROWS_A_PIECE = 20_000;

/** Rows in the order of the keys' bytes, piece by piece. CSV is exact, for programs. Throws `not-found` before it is complete. */
export async function* exportPredictions(
  actor: Actor,
  { run, evaluation: id }: { run: string; evaluation: string },
  format: PredictionFormat,
): AsyncGenerator<Uint8Array> {
  const evaluation = await locateEvaluation(actor, run, id, "evaluations.read");
  const { file } = await requireComplete(run, id);
  if (format === "packed") {
    for await (const piece of await blobStore().read(file)) yield piece as Uint8Array;
    return;
  }
  const predictions = await readPredictions(file);
  if (predictions.form === "mask") throw invalid("format", "masks are PNG files: packed is the one format of them");
  const keys = await readSplitKeys(await placeOfSplit(evaluation));
  const columns = columnsOf(predictions, evaluation.classes ?? []);
  const pieces = Math.ceil(keys.length / ROWS_A_PIECE);
  const table = (piece: number) => columnsFrom(keys, columns, piece * ROWS_A_PIECE);
  if (format === "parquet") return yield* toParquet(pieces, table);
  if (format === "csv") yield Buffer.from(`${["key", ...columns.map(({ name }) => name)].map(csvCell).join(",")}\r\n`);
  for (let piece = 0; piece < pieces; piece++) yield Buffer.from(linesOf(table(piece), format));
}

type Column = { name: string; at: (row: number) => string | number };
type FilledColumn = { name: string; data: (string | number)[] };

/** What was answered, and the scores as they came where they came. */
function columnsOf(predictions: Exclude<Predictions, { form: "mask" }>, classes: string[]): Column[] {
  if (predictions.form === "class") return [{ name: "predicted", at: (row) => classes[predictions.classes[row]!]! }];
  if (predictions.form === "value") return [{ name: "predicted", at: (row) => predictions.values[row]! }];
  return predictions.scores.map((column, of) => ({ name: `score ${classes[of]!}`, at: (row) => column[row]! }));
}

function columnsFrom(keys: SplitKeys, columns: Column[], start: number): FilledColumn[] {
  const rows = Array.from({ length: Math.min(ROWS_A_PIECE, keys.length - start) }, (_, at) => start + at);
  return [
    { name: "key", data: rows.map((row) => keys.keyAt(row)) },
    ...columns.map(({ name, at }) => ({ name, data: rows.map(at) })),
  ];
}

function linesOf(table: FilledColumn[], format: "csv" | "jsonl"): string {
  const line = (row: number) =>
    format === "csv"
      ? `${table.map(({ data }) => csvCell(data[row]!)).join(",")}\r\n`
      : `${JSON.stringify(Object.fromEntries(table.map(({ name, data }) => [name, data[row]])))}\n`;
  return table[0]!.data.map((_, row) => line(row)).join("");
}

const csvCell = (value: string | number): string =>
  typeof value === "number" ? String(value) : /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

/** One row group a piece; what is written is handed on, so that memory holds one. */
async function* toParquet(pieces: number, table: (piece: number) => FilledColumn[]): AsyncGenerator<Uint8Array> {
  const typed = (piece: number) =>
    table(piece).map(({ name, data }) => ({
      name,
      data,
      type: typeof data[0] === "number" ? ("DOUBLE" as const) : ("STRING" as const),
    }));
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaFromColumnData({ columnData: typed(0) }) });
  const take = () => {
    const taken = new Uint8Array(bytes.buffer.slice(0, bytes.index));
    bytes.index = 0;
    return taken;
  };
  for (let piece = 0; piece < pieces; piece++) {
    await writer.write({ columnData: typed(piece) });
    yield take();
  }
  await writer.finish();
  yield take();
}
