/** One image of a segmentation: what was told beside what is true, for who may see it. */
import { encode } from "fast-png";
import { connections } from "../../../db/connection.ts";
import type { Actor } from "../../access/actor.ts";
import { blobStore } from "../../blobs/blobs.ts";
import { decodeMask } from "../../datasets/mask-png.ts";
import { ProblemError } from "../../problem.ts";
import { STORED_HEAD_BYTES, storedMaskParts } from "../../wire/evaluations/predictions.ts";
import { locateEvaluation } from "../evaluations.ts";
import { requireComplete } from "../read-evaluated.ts";
import { requireSight } from "../sight.ts";
import { readSplitKeys } from "../split-keys.ts";
import { placeOfSplit } from "../truth.ts";
import { drawOverlay } from "./draw-overlay.ts";
import { isSealed } from "./report-page.ts";

/**
 * True mask, told mask and where they differ, as PNG (`drawOverlay`). Throws `forbidden` where masks are sealed or the actor
 * may not see the evaluation, `not-found` for what is no sample of it, or has no mask.
 */
export async function readOverlay(actor: Actor, runId: string, id: string, key: string): Promise<Uint8Array> {
  const record = await locateEvaluation(actor, runId, id, "evaluations.read");
  await requireSight(actor, record);
  if (record.form !== "mask") throw new ProblemError("not-found", "the evaluation has no masks");
  const place = await placeOfSplit(record);
  if (await isSealed(place)) throw new ProblemError("forbidden", "the masks of this split are sealed: none is shown");
  const { file } = await requireComplete(runId, id);
  const bytes = Buffer.from(key);
  const row = (await readSplitKeys(place)).placeOf(bytes, 0, bytes.length);
  if (row === -1)
    throw new ProblemError("not-found", `${JSON.stringify(key)} is no sample of the ${place.split} split`);
  const [sample] = await connections().sql<{ mask: Buffer; thumbnail: Buffer | null }[]>`
    select mask, thumbnail from dataset_samples where dataset_number = ${place.datasetNumber} and key = ${key}`;
  const [truth, told] = [await decodeMask(sample!.mask), await decodeMask(await readTold(file, row))];
  const { width, height, pixels } = drawOverlay(truth, told, sample!.thumbnail);
  return encode({ width, height, channels: 3, depth: 8, data: pixels });
}

/** One mask out of the packed predictions, of which no more is read than that. */
async function readTold(file: string, row: number): Promise<Uint8Array> {
  const parts = storedMaskParts(await readPart(file, 0, STORED_HEAD_BYTES));
  const ends = await readPart(file, parts.offsets + 4 * row, 8);
  const [from, to] = [ends.readUInt32LE(0), ends.readUInt32LE(4)];
  return readPart(file, parts.bytes + from, to - from);
}

async function readPart(file: string, first: number, length: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await blobStore().read(file, { first, last: first + length - 1 }))
    pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces);
}
