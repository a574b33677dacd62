/** Predictions beside what is true, as the panels take them. */
import { and, eq } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { evaluationPredictions, evaluations } from "../../db/schema/evaluations.ts";
import { blobStore } from "../blobs/blobs.ts";
import { ProblemError } from "../problem.ts";
import { probabilitiesOf } from "../statistics/classification/temperature.ts";
import { decodeStoredPredictions, type Predictions } from "../wire/evaluations/predictions.ts";
import { rangesOf, readCuts } from "./cuts.ts";
import type { EvaluationRecord } from "./evaluations.ts";
import type { Cut, Evaluated } from "./measures/evaluated.ts";
import { readImages } from "./read-segmented.ts";
import { type Groups, placeOfSplit, readTruth } from "./truth.ts";

/** A complete evaluation and its predictions' file. Throws `not-found`. */
export async function requireComplete(
  runId: string,
  id: string,
): Promise<{ evaluation: EvaluationRecord; file: string }> {
  const [found] = await connections()
    .db.select({ evaluation: evaluations, file: evaluationPredictions.file })
    .from(evaluations)
    .innerJoin(
      evaluationPredictions,
      and(eq(evaluationPredictions.runId, evaluations.runId), eq(evaluationPredictions.evaluationId, evaluations.id)),
    )
    .where(and(eq(evaluations.runId, runId), eq(evaluations.id, id)));
  if (!found) throw new ProblemError("not-found", "the evaluation isn't complete");
  return found;
}

/** Predictions as they are kept, a batch or packed, checked against their hash. */
export async function readPredictions(file: string): Promise<Predictions> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await blobStore().read(file)) pieces.push(piece as Uint8Array);
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces.splice(0)) {
    whole.set(piece, at);
    at += piece.length;
  }
  return decodeStoredPredictions(whole);
}

/**
 * What the panels of an evaluation are made of. Asks nobody whether he may: for the job, and for readers who may. Masks take
 * a while, of which `told` hears the share that is done.
 */
export async function readEvaluated(
  evaluation: EvaluationRecord,
  file: string,
  told: (share: number) => Promise<void> = async () => {},
): Promise<Evaluated> {
  const { samples, classes } = evaluation;
  const place = await placeOfSplit(evaluation);
  const predictions = await readPredictions(file);
  const { cuts: columnCuts, leftOut } = await readCuts(place, samples);
  if (predictions.form === "mask") {
    const shape = { samples, classes: classes!.length };
    const { images, groups, ignoredClass } = await readImages(place, predictions.masks, shape, told);
    const size = rangesOf(
      "size",
      Float64Array.from(images, ({ width, height }) => width * height),
    );
    const cuts = [...cutsOf(groups), ...columnCuts, ...(size ? [size] : [])];
    const units = groups?.units ?? null;
    return { task: "segmentation", samples, units, cuts, leftOut, classes: classes!, ignoredClass, images };
  }
  if (predictions.form === "value") {
    const truth = new Float64Array(samples);
    const groups = await readTruth(place, samples, (label, at) => {
      truth[at] = Number(label);
    });
    return {
      task: "regression",
      samples,
      units: groups?.units ?? null,
      cuts: [...cutsOf(groups), ...columnCuts],
      leftOut,
      truth,
      predicted: predictions.values,
    };
  }
  const indexes = new Map(classes!.map((name, index) => [name, index]));
  const truth = new Int32Array(samples);
  const groups = await readTruth(place, samples, (label, at) => {
    truth[at] = indexes.get(label)!;
  });
  const cuts = [{ by: "label", slices: classes!, of: truth }, ...cutsOf(groups), ...columnCuts];
  const units = groups?.units ?? null;
  const base = { task: "classification" as const, samples, units, leftOut, classes: classes!, truth };
  if (predictions.form === "class")
    return { ...base, cuts, predicted: predictions.classes, probabilities: null, logits: null };
  const logits = evaluation.scoresAre === "logits" ? predictions.scores : null;
  const predicted = highest(predictions.scores, samples);
  const probabilities = logits ? probabilitiesOf(logits) : predictions.scores;
  return { ...base, cuts, predicted, probabilities, logits };
}

/** The first class of the highest score, row by row. */
function highest(scores: Float32Array[], samples: number): Int32Array {
  const predicted = new Int32Array(samples);
  const best = Float32Array.from(scores[0]!);
  for (const [index, column] of scores.entries())
    for (let row = 0; row < samples; row++)
      if (column[row]! > best[row]!) {
        best[row] = column[row]!;
        predicted[row] = index;
      }
  return predicted;
}

const cutsOf = (groups: Groups | null): Cut[] =>
  groups
    ? [{ by: "group", slices: groups.names, of: groups.units.map((unit) => (unit < groups.names.length ? unit : -1)) }]
    : [];
