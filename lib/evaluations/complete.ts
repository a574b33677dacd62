/** The end of receiving: predictions of every sample, packed in one file, or a refusal that names what is missing. */
import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { and, asc, eq } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { evaluationPredictions, evaluationReports, predictionBatches } from "../../db/schema/evaluations.ts";
import { blobs } from "../../db/schema/files.ts";
import type { Actor } from "../access/actor.ts";
import { blobStore, removeUnusedBlobs, shareBlobLock } from "../blobs/blobs.ts";
import { enqueueJob } from "../jobs/jobs.ts";
import { noticeRun } from "../live/notices.ts";
import { ProblemError } from "../problem.ts";
import { ARTIFACT_BYTES_MAX } from "../wire/base/words.ts";
import { DEFINITIONS_VERSION, type Evaluation } from "../wire/evaluations/evaluations.ts";
import { type PredictedColumns, type Predictions, pack, predictionPieces } from "../wire/evaluations/predictions.ts";
import {
  type EvaluationRecord,
  evaluationSubject,
  locateEvaluation,
  REPORT_JOB,
  requireEvaluation,
} from "./evaluations.ts";
import { named, placesOf, refusal } from "./prediction-rows.ts";
import { readPredictions } from "./read-evaluated.ts";
import { isComplete, lockPredictions } from "./receive.ts";
import { NAMED_KEYS, readSplitKeys, type SplitKeys } from "./split-keys.ts";
import { placeOfSplit } from "./truth.ts";

/** Masks of an evaluation, all of them: they are packed in memory once. */
const MASK_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Packs what came and asks for the report. May be repeated, which asks again for a report that failed, or that was made by
 * other definitions. Throws `conflict` with counts and the first ten keys where
 * predictions are missing, or one key has two different ones: send the missing ones, or open another evaluation.
 */
export async function completeEvaluation(actor: Actor, runId: string, id: string): Promise<Evaluation> {
  const evaluation = await locateEvaluation(actor, runId, id, "evaluations.create");
  const unused = await connections().db.transaction((tx) => storePacked(tx, evaluation));
  // a crash before this leaves them to the sweep
  await removeUnusedBlobs(undefined, unused);
  noticeRun(runId);
  return requireEvaluation(actor, runId, id);
}

/** Returns the batches' files, which nothing needs from then on. */
async function storePacked(tx: Executor, evaluation: EvaluationRecord): Promise<string[]> {
  const { runId, id } = evaluation;
  await lockPredictions(tx, id, "alone");
  if (await isComplete(tx, runId, id)) {
    await askForReport(tx, evaluation);
    return [];
  }
  const ofThis = and(eq(predictionBatches.runId, runId), eq(predictionBatches.evaluationId, id));
  const batches = await tx
    .select({ file: predictionBatches.file })
    .from(predictionBatches)
    .where(ofThis)
    .orderBy(asc(predictionBatches.sequence));
  const files = batches.map(({ file }) => file!);
  const packed = await packBatches(evaluation, files);
  const staged = await blobStore().stage(Readable.from(predictionPieces(packed)), ARTIFACT_BYTES_MAX);
  try {
    await shareBlobLock(tx);
    await staged.keep();
    const { sha256, sizeBytes } = staged;
    await tx.insert(blobs).values({ sha256, sizeBytes }).onConflictDoNothing();
    await tx.insert(evaluationPredictions).values({ runId, evaluationId: id, file: sha256 });
    await tx.update(predictionBatches).set({ file: null }).where(ofThis);
    await askForReport(tx, evaluation);
  } finally {
    await staged.discard();
  }
  return files;
}

/** Unless there is one by today's definitions. */
async function askForReport(tx: Executor, evaluation: EvaluationRecord): Promise<void> {
  const found = await tx
    .select({ version: evaluationReports.version })
    .from(evaluationReports)
    .where(
      and(
        eq(evaluationReports.runId, evaluation.runId),
        eq(evaluationReports.evaluationId, evaluation.id),
        eq(evaluationReports.version, DEFINITIONS_VERSION),
      ),
    );
  if (found.length === 0) await enqueueJob(tx, { kind: REPORT_JOB, subject: evaluationSubject(evaluation) });
}

/** All predictions in the order of the keys' bytes. */
async function packBatches(evaluation: EvaluationRecord, files: string[]): Promise<Predictions> {
  const split = await placeOfSplit(evaluation);
  const keys = await readSplitKeys(split);
  const columns = emptyColumns(evaluation, keys.length);
  const isThere = new Uint8Array(keys.length);
  const doubled = new Set<number>();
  let maskBytes = 0;
  for (const file of files) {
    const batch = await readPredictions(file);
    const places = await placesOf(batch, keys, split);
    if (batch.form === "mask") maskBytes += batch.masks.bytes.length;
    if (maskBytes > MASK_BYTES_MAX)
      throw refusal(
        "masks",
        `${maskBytes} bytes of PNG in all; at most ${MASK_BYTES_MAX}. Draw them in indexed PNG of fewer bits`,
        "conflict",
      );
    const place = placing(columns, batch);
    for (let row = 0; row < batch.rows; row++) {
      const at = places[row]!;
      if (isThere[at] === 0) place.put(at, row);
      else if (!place.isSame(at, row)) doubled.add(at);
      isThere[at] = 1;
    }
    await turn();
  }
  requireEvery(keys, isThere, doubled);
  const packed = columns.form === "mask" ? { form: columns.form, masks: pack(columns.pieces) } : columns;
  return { sequence: 1, rows: keys.length, first: 0, keys: null, ...packed };
}

type Filling = Exclude<PredictedColumns, { form: "mask" }> | { form: "mask"; pieces: Uint8Array[] };

function emptyColumns({ form, classes }: EvaluationRecord, rows: number): Filling {
  if (form === "class") return { form, classes: new Int32Array(rows) };
  if (form === "value") return { form, values: new Float64Array(rows) };
  if (form === "mask") return { form, pieces: new Array(rows) };
  return { form, scores: classes!.map(() => new Float32Array(rows)) };
}

/** How a row of a batch goes to its place, and whether it is what stands there already. */
function placing(into: Filling, batch: Predictions) {
  if (into.form === "class" && batch.form === "class") return placingIn(into.classes, batch.classes);
  if (into.form === "value" && batch.form === "value") return placingIn(into.values, batch.values);
  if (into.form === "scores" && batch.form === "scores") {
    const columns = into.scores.map((column, index) => placingIn(column, batch.scores[index]!));
    return {
      put: (at: number, row: number) => {
        for (const column of columns) column.put(at, row);
      },
      isSame: (at: number, row: number) => columns.every((column) => column.isSame(at, row)),
    };
  }
  if (into.form !== "mask" || batch.form !== "mask") throw new Error("a batch of another form was stored");
  const { offsets, bytes } = batch.masks;
  const pieceOf = (row: number) => bytes.subarray(offsets[row], offsets[row + 1]);
  return {
    put: (at: number, row: number) => {
      into.pieces[at] = pieceOf(row);
    },
    isSame: (at: number, row: number) => Buffer.compare(into.pieces[at]!, pieceOf(row)) === 0,
  };
}

const placingIn = (into: Int32Array | Float32Array | Float64Array, from: ArrayLike<number>) => ({
  put: (at: number, row: number) => {
    into[at] = from[row]!;
  },
  isSame: (at: number, row: number) => Object.is(into[at], from[row]),
});

function requireEvery(keys: SplitKeys, isThere: Uint8Array, doubled: Set<number>): void {
  const missing: number[] = [];
  let count = 0;
  for (let at = 0; at < isThere.length; at++) {
    if (isThere[at] === 1) continue;
    count++;
    if (missing.length < NAMED_KEYS) missing.push(at);
  }
  const errors = [];
  if (count > 0)
    errors.push({
      field: "keys",
      detail: `predictions of ${count} of ${isThere.length} samples are missing: ${named(
        missing.map((at) => keys.keyAt(at)),
        undefined,
        count,
      )}`,
    });
  if (doubled.size > 0)
    errors.push({
      field: "keys",
      detail: `${doubled.size} ${doubled.size === 1 ? "sample has" : "samples have"} two different predictions: ${named(
        [...doubled].slice(0, NAMED_KEYS).map((at) => keys.keyAt(at)),
        undefined,
        doubled.size,
      )}; open another evaluation and send each once`,
    });
  if (errors.length > 0)
    throw new ProblemError("conflict", errors.map(({ field, detail }) => `${field}: ${detail}`).join("; "), errors);
}
