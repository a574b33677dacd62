/** A batch of predictions, as JSON and in its binary form. */
import { z } from "zod";
import { label } from "../base/text.ts";
import { floatSchema, fromWireFloat } from "../base/words.ts";
import { checksumOf } from "../binary/checksum.ts";
import { readHeader, readPrefix } from "../binary/frame.ts";

/** Most rows in one batch. */
export const PREDICTION_ROWS_MAX = 200_000;
/** Highest number of a batch. */
export const PREDICTION_BATCHES_MAX = 100_000;

const rowsOf = <Item extends z.ZodType>(item: Item) => z.array(item).min(1).max(PREDICTION_ROWS_MAX);

/**
 * A batch as JSON. `first`: of the rows' places in the order of the keys' bytes, from 0; or else `keys`, one a row. And
 * one of: `classes`, labels; `scores`, a column of numbers for each class; `values`; `masks`, PNG files in Base64, of
 * which each pixel is the index of a class.
 */
export const predictionsSchema = z
  .object({
    sequence: z.int().min(1).max(PREDICTION_BATCHES_MAX),
    first: z.int().min(0).nullable().default(null),
    keys: rowsOf(label(500)).nullable().default(null),
    classes: rowsOf(label(300)).optional(),
    scores: z.array(rowsOf(floatSchema)).min(1).optional(),
    values: rowsOf(floatSchema).optional(),
    masks: rowsOf(z.base64()).optional(),
  })
  .superRefine((batch, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
    if ((batch.first === null) === (batch.keys === null))
      refuse("keys", "a key for each row, or `first` where the evaluation knows the digest of its keys");
    const columns = [...(batch.scores ?? []), batch.classes, batch.values, batch.masks].filter(
      (one) => one !== undefined,
    );
    const forms = [batch.scores, batch.classes, batch.values, batch.masks].filter((one) => one !== undefined);
    if (forms.length !== 1) return refuse("body", "one of classes, scores, values, masks");
    const rows = batch.keys?.length ?? columns[0]!.length;
    for (const column of columns)
      if (column.length !== rows) return refuse("body", `${column.length} predictions for ${rows} rows; one for each`);
  })
  .meta({
    id: "Predictions",
    examples: [
      { sequence: 1, keys: ["test/0", "test/1"], classes: ["cat", "dog"] },
      {
        sequence: 2,
        first: 0,
        scores: [
          [0.9, 0.2],
          [0.1, 0.8],
        ],
      },
    ],
  });
export type PredictionsJson = z.input<typeof predictionsSchema>;

export const predictionsAnswerSchema = z
  .object({
    stored: z.boolean(),
    duplicate: z.boolean(),
    received: z.int().meta({ description: "rows that came so far, of all batches" }),
    samples: z.int().meta({ description: "of the split" }),
  })
  .meta({ id: "PredictionsAnswer", examples: [{ stored: true, duplicate: false, received: 100, samples: 150 }] });
export type PredictionsAnswer = z.infer<typeof predictionsAnswerSchema>;

/** What is predicted, in columns as long as there are rows. Classes are indexes into the evaluation's. */
export type PredictedColumns =
  | { form: "class"; classes: Int32Array }
  | { form: "scores"; scores: Float32Array[] }
  | { form: "value"; values: Float64Array }
  | { form: "mask"; masks: Packed };

/** Pieces of bytes one after the other: piece `i` is `bytes[offsets[i]]` to before `offsets[i + 1]`. */
export type Packed = { offsets: Uint32Array; bytes: Uint8Array };

export type Predictions = {
  sequence: number;
  rows: number;
  /** Place of the first row in the order of the keys; the others follow. Null: each row says its key. */
  first: number | null;
  /** UTF-8, one a row; null where `first` says the places. */
  keys: Packed | null;
} & PredictedColumns;

export const PREDICTIONS_CONTENT_TYPE = "application/vnd.holdout.predictions";

/** "HPR1", little-endian. */
const MAGIC = 0x31525048;
/** Magic, length of the header, checksum. */
const PREFIX_BYTES = 16;
const HEADER_BYTES_MAX = 10_000;

const headerSchema = z.object({
  sequence: z.int().min(1).max(PREDICTION_BATCHES_MAX),
  rows: z.int().min(1).max(PREDICTION_ROWS_MAX),
  first: z.int().min(0).nullable(),
  form: z.enum(["class", "scores", "value", "mask"]),
  columns: z.int().min(1).max(100_000).meta({ description: "scores: how many classes; else 1" }),
});

/** A binary batch that can't be read: `field` is the part, the message what is wrong with it. */
export class PredictionsFormatError extends Error {
  constructor(
    readonly field: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "PredictionsFormatError";
  }
}

const padded = (bytes: number) => Math.ceil(bytes / 8) * 8;

/**
 * The binary form, little-endian: uint32 magic "HPR1", uint32 header length h, 8 bytes of checksum over all that follows,
 * h bytes of JSON `{sequence, rows, first, form, columns}` (padded with spaces to a multiple of 8). Then, where `first` is
 * null, the keys: rows + 1 uint32 offsets, and their UTF-8 bytes. Then what is predicted: int32 indexes of classes;
 * float32 scores, one column after the other; float64 values; or offsets and bytes of PNG files as of the keys. Each part
 * is padded with zeros to a multiple of 8.
 */
export function encodePredictions(batch: Predictions): Uint8Array<ArrayBuffer> {
  const pieces = [...predictionPieces(batch)];
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  const view = new DataView(out.buffer);
  for (const [index, sum] of checksumOf(out.subarray(PREFIX_BYTES)).entries()) view.setUint32(8 + 4 * index, sum, true);
  return out;
}

/** The same piece by piece, without a copy and with zeros for a checksum: as predictions are kept, by their SHA-256. */
export function* predictionPieces(batch: Predictions): Generator<Uint8Array> {
  const { sequence, rows, first, form } = batch;
  const columns = batch.form === "scores" ? batch.scores.length : 1;
  const json = new TextEncoder().encode(JSON.stringify({ sequence, rows, first, form, columns }));
  const head = new Uint8Array(PREFIX_BYTES + padded(json.length)).fill(0x20, PREFIX_BYTES);
  const view = new DataView(head.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, head.length - PREFIX_BYTES, true);
  head.set(json, PREFIX_BYTES);
  yield head;
  const parts = [...(batch.keys ? [[batch.keys.offsets], [batch.keys.bytes]] : []), ...partsOf(batch)];
  for (const columnsOfPart of parts) {
    let bytes = 0;
    for (const { buffer, byteOffset, byteLength } of columnsOfPart) {
      yield new Uint8Array(buffer, byteOffset, byteLength);
      bytes += byteLength;
    }
    yield new Uint8Array(padded(bytes) - bytes);
  }
}

type Column = Int32Array | Float32Array | Float64Array | Uint32Array | Uint8Array;

/** What is predicted, part by part: only the end of a part is padded. */
function partsOf(batch: PredictedColumns): Column[][] {
  if (batch.form === "class") return [[batch.classes]];
  if (batch.form === "scores") return [batch.scores];
  if (batch.form === "value") return [[batch.values]];
  return [[batch.masks.offsets], [batch.masks.bytes]];
}

/** Reads what `encodePredictions` writes. Columns are views of `bytes` where those begin at a multiple of 8. */
export function decodePredictions(bytes: Uint8Array): Predictions {
  requireChecksum(bytes);
  const { start, json } = openFrame(bytes);
  const header = headerSchema.safeParse(json);
  if (!header.success) {
    const [issue] = header.error.issues;
    throw new PredictionsFormatError(issue?.path.join(".") || "header", issue?.message ?? "is not valid", {
      cause: header.error,
    });
  }
  return readBody(bytes, start, header.data);
}

/** Reads what was kept of `predictionPieces`: of any size, judged when it came, and known by its SHA-256. */
export function decodeStoredPredictions(bytes: Uint8Array): Predictions {
  const { start, json } = openFrame(bytes);
  return readBody(bytes, start, json as z.infer<typeof headerSchema>);
}

/** As many first bytes of what was kept as tell where its parts are. */
export const STORED_HEAD_BYTES = PREFIX_BYTES + 512;

/** Where the offsets of masks and their bytes begin in what was kept of an evaluation, whose rows say no keys. */
export function storedMaskParts(head: Uint8Array): { offsets: number; bytes: number } {
  const start = PREFIX_BYTES + readPrefix(head).headerBytes;
  const { rows } = readHeader(head.subarray(PREFIX_BYTES, start)) as z.infer<typeof headerSchema>;
  return { offsets: start, bytes: start + padded(4 * (rows + 1)) };
}

function readBody(bytes: Uint8Array, start: number, header: z.infer<typeof headerSchema>): Predictions {
  const { sequence, rows, first, form, columns } = header;
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  const reader = partReader(aligned, start);
  const keys = first === null ? reader.packed("keys", rows) : null;
  const predicted = readColumns(reader, { form, rows, columns });
  reader.end();
  return { sequence, rows, first, keys, ...predicted };
}

function readColumns(
  reader: ReturnType<typeof partReader>,
  { form, rows, columns }: { form: Predictions["form"]; rows: number; columns: number },
): PredictedColumns {
  if (form === "class") return { form, classes: reader.column(Int32Array, rows) };
  if (form === "value") return { form, values: reader.column(Float64Array, rows) };
  if (form === "mask") return { form, masks: reader.packed("masks", rows) };
  const all = reader.column(Float32Array, rows * columns);
  return { form, scores: Array.from({ length: columns }, (_, at) => all.subarray(at * rows, (at + 1) * rows)) };
}

function openFrame(bytes: Uint8Array): { start: number; json: unknown } {
  if (bytes.length < PREFIX_BYTES || bytes.length % 8 !== 0)
    throw new PredictionsFormatError(
      "body",
      `${bytes.length} bytes; a batch has a multiple of 8, at least ${PREFIX_BYTES}`,
    );
  const { magic, headerBytes } = readPrefix(bytes);
  if (magic !== MAGIC) throw new PredictionsFormatError("body", 'does not begin with "HPR1"');
  const start = PREFIX_BYTES + headerBytes;
  if (headerBytes > HEADER_BYTES_MAX || start > bytes.length || start % 8 !== 0)
    throw new PredictionsFormatError(
      "header",
      `its length ${headerBytes} does not fit a body of ${bytes.length} bytes`,
    );
  try {
    return { start, json: readHeader(bytes.subarray(PREFIX_BYTES, start)) };
  } catch (cause) {
    throw new PredictionsFormatError("header", "is not JSON", { cause });
  }
}

function requireChecksum(bytes: Uint8Array): void {
  if (bytes.length < PREFIX_BYTES || bytes.length % 8 !== 0) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) return;
  if (checksumOf(bytes.subarray(PREFIX_BYTES)).some((sum, at) => sum !== view.getUint32(8 + 4 * at, true)))
    throw new PredictionsFormatError("body", "its checksum is another: bits were changed on the way; send it again");
}

type ColumnType<Values> = {
  new (buffer: ArrayBufferLike, offset: number, length: number): Values;
  BYTES_PER_ELEMENT: number;
};

/** Reads one part after the other. Throws where the body is too short, or not at its end. */
function partReader(bytes: Uint8Array, start: number) {
  let at = start;
  const take = (length: number): number => {
    const from = at;
    at += padded(length);
    if (at > bytes.length)
      throw new PredictionsFormatError("body", `${bytes.length} bytes; its header describes at least ${at}`);
    return bytes.byteOffset + from;
  };
  const column = <Values>(type: ColumnType<Values>, length: number): Values =>
    new type(bytes.buffer, take(length * type.BYTES_PER_ELEMENT), length);
  return {
    column,
    packed(field: string, rows: number): Packed {
      const offsets = column(Uint32Array, rows + 1);
      if (offsets[0] !== 0 || offsets.some((offset, row) => row > 0 && offset < offsets[row - 1]!))
        throw new PredictionsFormatError(field, "offsets begin with 0 and never fall");
      return { offsets, bytes: column(Uint8Array, offsets[rows]!) };
    },
    end(): void {
      if (at !== bytes.length)
        throw new PredictionsFormatError("body", `${bytes.length} bytes; its header describes ${at}`);
    },
  };
}

/** Texts or files as one run of bytes. */
export function pack(pieces: Uint8Array[]): Packed {
  const offsets = new Uint32Array(pieces.length + 1);
  for (const [at, piece] of pieces.entries()) offsets[at + 1] = offsets[at]! + piece.length;
  const bytes = new Uint8Array(offsets.at(-1)!);
  for (const [at, piece] of pieces.entries()) bytes.set(piece, offsets[at]);
  return { offsets, bytes };
}

export const packTexts = (texts: string[]): Packed => {
  const encoder = new TextEncoder();
  return pack(texts.map((text) => encoder.encode(text)));
};

/**
 * A parsed JSON batch as columns. `classes` are the evaluation's labels; a label that is none of them becomes −1, which
 * whoever stores the batch refuses by name.
 */
export function predictionsFromJson(json: z.infer<typeof predictionsSchema>, classes: string[] | null): Predictions {
  const { sequence, first } = json;
  const rows = json.keys?.length ?? (json.classes ?? json.scores?.[0] ?? json.values ?? json.masks)!.length;
  const keys = json.keys && packTexts(json.keys);
  const base = { sequence, rows, first, keys };
  if (json.classes) {
    const indexes = new Map(classes?.map((name, index) => [name, index]));
    return { ...base, form: "class", classes: Int32Array.from(json.classes, (name) => indexes.get(name) ?? -1) };
  }
  if (json.scores)
    return { ...base, form: "scores", scores: json.scores.map((column) => Float32Array.from(column, fromWireFloat)) };
  if (json.values) return { ...base, form: "value", values: Float64Array.from(json.values, fromWireFloat) };
  return { ...base, form: "mask", masks: pack(json.masks!.map(bytesOfBase64)) };
}

const bytesOfBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** What `keysDigest` is the SHA-256 of: keys in the order of their UTF-8 bytes, each followed by a line feed. */
export const keysText = (keys: string[]): string => keys.map((key) => `${key}\n`).join("");
