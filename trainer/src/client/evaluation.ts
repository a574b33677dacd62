/**
 * The client that has a checkpoint evaluated: predictions go out in numbered batches, each repeated until the server has
 * acknowledged it, and come back as a report. Nothing that stands here says what is true of a sample.
 */
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { Refused } from "../../../lib/sending/answers.ts";
import {
  type Evaluation,
  type EvaluationCreate,
  evaluationCreateSchema,
  evaluationSchema,
} from "../../../lib/wire/evaluations/evaluations.ts";
import {
  encodePredictions,
  keysText,
  PREDICTION_ROWS_MAX,
  PREDICTIONS_CONTENT_TYPE,
  type PredictedColumns,
  type PredictionsAnswer,
  pack,
  packTexts,
  predictionsAnswerSchema,
} from "../../../lib/wire/evaluations/predictions.ts";
import { ask } from "./ask.ts";
import { type ServerOptions, targetOf } from "./client.ts";
import { json, type Target } from "./http.ts";

export type EvaluationOptions = ServerOptions &
  Omit<EvaluationCreate, "id" | "keysDigest"> & {
    /**
     * A UUID of version 7; default: a fresh one. An evaluation that broke off goes on under its id: add the same rows from
     * the first on. What the server has already it stores once, and rows that differ from it are refused.
     */
    id?: string;
    /**
     * All keys of the split, in the order in which their rows will come. Where that is the order of their UTF-8 bytes, rows
     * travel without their keys, which is faster. Left out: each batch of rows says its keys.
     */
    keys?: string[];
    /** Ends what is under way. */
    signal?: AbortSignal;
  };

/** What is predicted of some samples: one entry for each, in every column. */
export type PredictedRows = { keys?: string[] } & (
  | { classes: string[] }
  /** A column for each class, in the order of the evaluation's `classes`. */
  | { scores: Float32Array[] }
  | { values: Float64Array }
  /** PNG files of one channel: each pixel is the index of a class (`encodeMask` makes one). */
  | { masks: Uint8Array[] }
);

export type CompleteOptions = {
  /** Hears how far the report is, 0–1. */
  onProgress?: (share: number) => void;
  /** How long to wait for the report, in milliseconds; default 15 minutes. */
  timeoutMs?: number;
};

export type EvaluationHandle = {
  readonly id: string;
  /** As it was when it was opened: how many samples the split has, and which checkpoint it is of. */
  readonly opened: Evaluation;
  /** Resolves once the server has stored the rows, or had them already. Rejects with its words where it refuses them. */
  add(rows: PredictedRows): Promise<PredictionsAnswer>;
  /** Says that all rows came, and waits for the report. Rejects where rows are missing, or the report can't be made. */
  complete(options?: CompleteOptions): Promise<Evaluation>;
};

/** A batch of so many bytes is on its way for a second or less, and a lost one costs no more. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** A batch is stored after its rows are found and judged: of a slow server that takes a while. */
const ANSWER_MS = 120_000;
const REPORT_AGAIN_MS = 250;
const REPORT_WAIT_MS = 15 * 60_000;

/**
 * Opens a split of a run's manifest for a checkpoint's predictions; on the test split that is a look, which counts from here
 * on. Throws a TypeError that names the field of what isn't valid, `Refused` with the server's words where it says no.
 */
export async function openEvaluation(runId: string, options: EvaluationOptions): Promise<EvaluationHandle> {
  const { url, token, keys, signal, id, ...given } = options;
  const target = targetOf({ url, token });
  const isOrdered = keys !== undefined && areInOrder(keys);
  const keysDigest = isOrdered ? createHash("sha256").update(keysText(keys)).digest("hex") : null;
  const body = { ...given, id: id ?? uuidv7(), keysDigest };
  const checked = evaluationCreateSchema.safeParse(body);
  const issue = checked.error?.issues[0];
  if (issue) throw new TypeError(`openEvaluation: ${[...issue.path, issue.message].map(String).join(": ")}`);
  const place = `/api/v1/runs/${runId}/evaluations`;
  const there = id === undefined ? null : await findEvaluation(target, `${place}/${id}`, signal);
  if (there) requireSameKind(there, body);
  const request = { method: "POST", path: place, ...json(body), signal, timeoutMs: ANSWER_MS } as const;
  const opened = there ?? evaluationSchema.parse(await ask(target, request));
  const sending = { target, path: `${place}/${body.id}`, classes: opened.classes ?? [], keys, isOrdered, signal };
  const rows = new RowSender(sending);
  return {
    id: body.id,
    opened,
    add: (some) => rows.add(some),
    complete: (how) => complete(target, sending.path, how ?? {}, signal),
  };
}

async function findEvaluation(target: Target, path: string, signal?: AbortSignal): Promise<Evaluation | null> {
  try {
    return evaluationSchema.parse(await ask(target, { method: "GET", path, signal }));
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  }
}

type Kind = Pick<EvaluationCreate, "split" | "task" | "form" | "classes" | "scoresAre">;

/** What was measured beside the predictions may differ from attempt to attempt; what is predicted may not. */
function requireSameKind(there: Kind & { id: string }, given: Kind): void {
  const kindOf = ({ split, task, form, classes = null, scoresAre = null }: Kind) =>
    JSON.stringify({ split, task, form, classes, scoresAre });
  if (kindOf(there) !== kindOf(given))
    throw new TypeError(
      `openEvaluation: id: ${there.id} is an evaluation of ${kindOf(there)} already, not of ${kindOf(given)}`,
    );
}

/** Whether keys stand in the order of their UTF-8 bytes, each once. */
function areInOrder(keys: string[]): boolean {
  let before: Buffer | null = null;
  return keys.every((key) => {
    const bytes = Buffer.from(key);
    const follows = before === null || Buffer.compare(before, bytes) < 0;
    before = bytes;
    return follows;
  });
}

type Sending = {
  target: Target;
  path: string;
  classes: string[];
  keys: string[] | undefined;
  isOrdered: boolean;
  signal: AbortSignal | undefined;
};

/** Numbers batches by what was added, and by nothing else: whoever adds the same again sends the same again. */
class RowSender {
  readonly #sending: Sending;
  readonly #indexes: Map<string, number>;
  #sequence = 0;
  #rows = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(sending: Sending) {
    this.#sending = sending;
    this.#indexes = new Map(sending.classes.map((name, index) => [name, index]));
  }

  /** One after the other: the next goes out once the server has the one before. */
  add(rows: PredictedRows): Promise<PredictionsAnswer> {
    const added = this.#last.then(() => this.#send(rows));
    this.#last = added.catch(() => {});
    return added;
  }

  async #send(given: PredictedRows): Promise<PredictionsAnswer> {
    const columns = columnsOf(given, this.#indexes);
    const count = rowsOf(columns);
    const keys = this.#keysOf(given, count);
    let answer: PredictionsAnswer | null = null;
    for (const [from, to] of cuts(count, rowBytesOf(columns, keys)))
      answer = await this.#sendBatch(sliced(columns, from, to), to - from, keys?.slice(from, to) ?? null);
    if (!answer) throw new TypeError("add: no row is given; one at least is right");
    return answer;
  }

  #keysOf({ keys: said }: PredictedRows, count: number): string[] | null {
    const { keys: all, isOrdered } = this.#sending;
    const keys = said ?? all?.slice(this.#rows, this.#rows + count);
    if (!keys) throw new TypeError("add: keys: none are given, neither here nor when the evaluation was opened");
    if (keys.length !== count) throw new TypeError(`add: ${count} predictions for ${keys.length} keys; one for each`);
    if (said && all && said.some((key, at) => key !== all[this.#rows + at]))
      throw new TypeError("add: keys: they aren't the next of those that the evaluation was opened with");
    return isOrdered ? null : keys;
  }

  async #sendBatch(columns: PredictedColumns, rows: number, keys: string[] | null): Promise<PredictionsAnswer> {
    const { target, path, signal } = this.#sending;
    const place = keys ? { first: null, keys: packTexts(keys) } : { first: this.#rows, keys: null };
    const body = encodePredictions({ sequence: this.#sequence + 1, rows, ...place, ...columns });
    const sent = { method: "POST", path: `${path}/predictions`, body, contentType: PREDICTIONS_CONTENT_TYPE } as const;
    const answer = predictionsAnswerSchema.parse(await ask(target, { ...sent, signal, timeoutMs: ANSWER_MS }));
    this.#sequence++;
    this.#rows += rows;
    return answer;
  }
}

function columnsOf(given: PredictedRows, indexes: Map<string, number>): PredictedColumns {
  if ("scores" in given) return { form: "scores", scores: given.scores };
  if ("values" in given) return { form: "value", values: given.values };
  if ("masks" in given) return { form: "mask", masks: pack(given.masks) };
  const other = given.classes.find((name) => !indexes.has(name));
  if (other !== undefined)
    throw new TypeError(
      `add: classes: ${JSON.stringify(other)} is none of the evaluation's (${[...indexes.keys()].slice(0, 10).join(", ")})`,
    );
  return { form: "class", classes: Int32Array.from(given.classes, (name) => indexes.get(name)!) };
}

function rowsOf(columns: PredictedColumns): number {
  if (columns.form === "class") return columns.classes.length;
  if (columns.form === "value") return columns.values.length;
  if (columns.form === "mask") return columns.masks.offsets.length - 1;
  return columns.scores[0]?.length ?? 0;
}

/** Bytes that a row takes in a batch. */
function rowBytesOf(columns: PredictedColumns, keys: string[] | null): (row: number) => number {
  const keyBytes = (row: number) => (keys ? Buffer.byteLength(keys[row]!) + 4 : 0);
  if (columns.form === "mask") {
    const { offsets } = columns.masks;
    return (row) => offsets[row + 1]! - offsets[row]! + 4 + keyBytes(row);
  }
  const own = columns.form === "scores" ? 4 * columns.scores.length : 8;
  return (row) => own + keyBytes(row);
}

/** From and to of each batch, so that none has more bytes than `BATCH_BYTES` unless one row alone has. */
function* cuts(rows: number, bytesOf: (row: number) => number): Generator<[from: number, to: number]> {
  let [from, bytes] = [0, 0];
  for (let row = 0; row < rows; row++) {
    if (row > from && (bytes + bytesOf(row) > BATCH_BYTES || row - from === PREDICTION_ROWS_MAX)) {
      yield [from, row];
      [from, bytes] = [row, 0];
    }
    bytes += bytesOf(row);
  }
  if (rows > from) yield [from, rows];
}

function sliced(columns: PredictedColumns, from: number, to: number): PredictedColumns {
  if (columns.form === "class") return { form: "class", classes: columns.classes.subarray(from, to) };
  if (columns.form === "value") return { form: "value", values: columns.values.subarray(from, to) };
  if (columns.form === "scores")
    return { form: "scores", scores: columns.scores.map((column) => column.subarray(from, to)) };
  const { offsets, bytes } = columns.masks;
  const start = offsets[from]!;
  const masks = {
    offsets: offsets.subarray(from, to + 1).map((offset) => offset - start),
    bytes: bytes.subarray(start, offsets[to]),
  };
  return { form: "mask", masks };
}

async function complete(
  target: Target,
  path: string,
  { onProgress, timeoutMs = REPORT_WAIT_MS }: CompleteOptions,
  signal?: AbortSignal,
): Promise<Evaluation> {
  const giveUpAt = Date.now() + timeoutMs;
  const request = { method: "POST", path: `${path}/complete`, ...json({}), signal, timeoutMs: ANSWER_MS } as const;
  let evaluation = evaluationSchema.parse(await ask(target, request));
  while (evaluation.status === "computing") {
    onProgress?.(evaluation.progress ?? 0);
    if (Date.now() > giveUpAt)
      throw new Error(
        `the report of evaluation ${evaluation.id} isn't there after ${timeoutMs / 1000} s; it goes on without us`,
      );
    await pause(REPORT_AGAIN_MS, undefined, { signal });
    evaluation = evaluationSchema.parse(await ask(target, { method: "GET", path, signal }));
  }
  if (evaluation.status === "failed")
    throw new Error(`the report of evaluation ${evaluation.id} can't be made: ${evaluation.failure}`);
  onProgress?.(1);
  return evaluation;
}
