/** The way in for predictions: a batch becomes one file and one row, stored once, and is acknowledged after the commit. */
import { Readable } from "node:stream";
import { and, eq, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { locks } from "../../db/locks.ts";
import { evaluationPredictions, predictionBatches } from "../../db/schema/evaluations.ts";
import { blobs } from "../../db/schema/files.ts";
import type { Actor } from "../access/actor.ts";
import { blobStore, removeUnusedBlobs, type StagedFile, shareBlobLock } from "../blobs/blobs.ts";
import { noticeRun } from "../live/notices.ts";
import { ProblemError } from "../problem.ts";
import { BODY_BYTES_MAX } from "../wire/base/words.ts";
import { type Predictions, type PredictionsAnswer, predictionPieces } from "../wire/evaluations/predictions.ts";
import { countReceived, type EvaluationRecord, locateEvaluation } from "./evaluations.ts";
import { requireMasks } from "./masks.ts";
import { placesOf, refusal, requireSound } from "./prediction-rows.ts";
import { readSplitKeys } from "./split-keys.ts";
import { placeOfSplit } from "./truth.ts";

/**
 * Stores a batch once: the same sequence again stores nothing and says so; with other predictions it is a `conflict`.
 * Throws `invalid` that names keys which aren't the split's and numbers which can't be predictions.
 */
export async function appendPredictions(
  actor: Actor,
  runId: string,
  id: string,
  batchOf: (evaluation: EvaluationRecord) => Predictions | Promise<Predictions>,
): Promise<PredictionsAnswer> {
  const evaluation = await locateEvaluation(actor, runId, id, "evaluations.create");
  const batch = await batchOf(evaluation);
  if ((batch.first === null) !== (evaluation.keysDigest === null))
    throw refusal(
      batch.first === null ? "keys" : "first",
      batch.first === null
        ? "the evaluation was opened with the digest of its keys: say the place of the first row"
        : "the evaluation was opened without keysDigest: send the key of each row",
    );
  const place = await placeOfSplit(evaluation);
  const keys = await readSplitKeys(place);
  const places = await placesOf(batch, keys, place);
  requireSound(batch, evaluation, (row) => keys.keyAt(places[row]!));
  if (batch.form === "mask") {
    const whose = Array.from(places, (at) => keys.keyAt(at));
    await requireMasks(batch.masks, { place, classes: evaluation.classes!.length }, whose);
  }
  const staged = await blobStore().stage(Readable.from(predictionPieces(batch)), 2 * BODY_BYTES_MAX);
  const isStored = await connections()
    .db.transaction((tx) => storeBatch(tx, evaluation, batch, staged))
    .finally(() => staged.discard());
  if (isStored) noticeRun(runId);
  return {
    stored: isStored,
    duplicate: !isStored,
    received: await countReceived(runId, id),
    samples: evaluation.samples,
  };
}

/** As often may every sample come, in whichever batches: what comes on and on would fill the disk. */
const REPEATS_MAX = 4;
/** Predictions that nobody completed go after so long; the evaluation stays open, and they may be sent again. */
const ABANDONED_DAYS = 7;

/** Drops the batches of evaluations to which none was added for a week. May be repeated. */
export async function dropAbandonedBatches(days = ABANDONED_DAYS): Promise<void> {
  const dropped = await connections().sql<{ file: string }[]>`
    delete from prediction_batches b
    where not exists (
        select from evaluation_predictions p where p.run_id = b.run_id and p.evaluation_id = b.evaluation_id)
      and not exists (
        select from prediction_batches later where later.run_id = b.run_id and later.evaluation_id = b.evaluation_id
          and later.created_at > now() - make_interval(days => ${days}::int))
    returning b.file`;
  if (dropped.length > 0)
    await removeUnusedBlobs(
      undefined,
      dropped.map(({ file }) => file),
    );
}

/** Whether the batch was new. */
async function storeBatch(
  tx: Executor,
  { runId, id, samples }: EvaluationRecord,
  { sequence, rows }: Predictions,
  staged: StagedFile,
): Promise<boolean> {
  await lockPredictions(tx, id, "shared");
  const where = and(
    eq(predictionBatches.runId, runId),
    eq(predictionBatches.evaluationId, id),
    eq(predictionBatches.sequence, sequence),
  );
  const [there] = await tx.select({ hash: predictionBatches.hash }).from(predictionBatches).where(where);
  const hash = Buffer.from(staged.sha256, "hex");
  if (there && hash.equals(Buffer.from(there.hash))) return false;
  if (there)
    throw refusal(
      "sequence",
      `${sequence} is stored already, with other predictions; number each batch once`,
      "conflict",
    );
  if (await isComplete(tx, runId, id))
    throw new ProblemError("conflict", "the evaluation is complete: no prediction is added");
  if ((await countReceived(runId, id)) + rows > REPEATS_MAX * samples)
    throw new ProblemError(
      "conflict",
      `more than ${REPEATS_MAX} predictions for each of ${samples} samples came; complete the evaluation, or open another`,
    );
  await shareBlobLock(tx);
  await staged.keep();
  const file = staged.sha256;
  await tx.insert(blobs).values({ sha256: file, sizeBytes: staged.sizeBytes }).onConflictDoNothing();
  const [stored] = await tx
    .insert(predictionBatches)
    .values({ runId, evaluationId: id, sequence, rows, hash, file })
    .onConflictDoNothing()
    .returning({ hash: predictionBatches.hash });
  // the same number came twice at once: what came first holds
  if (!stored)
    throw new ProblemError("unavailable", `sequence ${sequence} is being stored by another request; send it again`);
  return true;
}

export async function isComplete(tx: Executor, runId: string, id: string): Promise<boolean> {
  const found = await tx
    .select({ file: evaluationPredictions.file })
    .from(evaluationPredictions)
    .where(and(eq(evaluationPredictions.runId, runId), eq(evaluationPredictions.evaluationId, id)));
  return found.length > 0;
}

export async function lockPredictions(tx: Executor, id: string, mode: "shared" | "alone"): Promise<void> {
  const key = sql`hashtextextended(${id}::text, ${locks.predictions}::bigint)`;
  await tx.execute(
    mode === "shared" ? sql`select pg_advisory_xact_lock_shared(${key})` : sql`select pg_advisory_xact_lock(${key})`,
  );
}
