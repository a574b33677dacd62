/** What a batch of predictions has to be: each row is placed among the split's keys, and each number can be one. */
import { connections } from "../../db/connection.ts";
import { ProblemError } from "../problem.ts";
import type { PredictedColumns, Predictions } from "../wire/evaluations/predictions.ts";
import type { EvaluationRecord } from "./evaluations.ts";
import { NAMED_KEYS, type SplitKeys } from "./split-keys.ts";

/** A row of probabilities adds up to 1 within this: float32 columns of 10,000 classes are further off than float64. */
const SUM_TOLERANCE = 1e-3;

/** The place of each row in the order of the split's keys. Throws `invalid` that names rows which have none. */
export async function placesOf(
  batch: Predictions,
  keys: SplitKeys,
  { manifestNumber, split }: { manifestNumber: number; split: string },
): Promise<Int32Array> {
  const places = new Int32Array(batch.rows);
  if (!batch.keys) {
    const first = batch.first!;
    if (first + batch.rows > keys.length)
      throw refusal(
        "first",
        `rows ${first} to ${first + batch.rows - 1}; the ${split} split has ${keys.length} samples`,
      );
    return places.map((_, row) => first + row);
  }
  const { offsets, bytes } = batch.keys;
  const unknown: number[] = [];
  for (let row = 0; row < batch.rows; row++) {
    places[row] = keys.placeOf(bytes, offsets[row]!, offsets[row + 1]!);
    if (places[row] === -1) unknown.push(row);
  }
  if (unknown.length > 0) throw await unknownKeys(batch.keys, unknown, { manifestNumber, split });
  return places;
}

async function unknownKeys(
  { offsets, bytes }: { offsets: Uint32Array; bytes: Uint8Array },
  unknown: number[],
  { manifestNumber, split }: { manifestNumber: number; split: string },
): Promise<ProblemError> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const texts = unknown.map((row) => buffer.toString("utf8", offsets[row], offsets[row + 1]));
  const found = await connections().sql<{ key: string; split: string }[]>`
    select key, split from manifest_samples
    where manifest_number = ${manifestNumber} and key = any(${texts.filter((text) => !text.includes("\u0000"))}::text[])`;
  const splitOf = new Map(found.map((row) => [row.key, row.split]));
  const elsewhere = texts.filter((text) => splitOf.has(text));
  const nowhere = texts.filter((text) => !splitOf.has(text));
  const parts = [
    nowhere.length > 0 &&
      `${count(nowhere.length, "key is", "keys are")} in no split of the manifest: ${named(nowhere)}`,
    elsewhere.length > 0 &&
      `${count(elsewhere.length, "key belongs", "keys belong")} to another split: ${named(elsewhere, (key) => `${quoted(key)} (${splitOf.get(key)})`)}`,
  ];
  return refusal(
    "keys",
    `${parts.filter((part) => part !== false).join("; ")}. Only keys of the ${split} split are taken`,
  );
}

/** Throws `invalid` that names the field, how many rows are wrong, and the first of them, unless every row is a prediction. */
export function requireSound(
  batch: PredictedColumns & { rows: number },
  evaluation: EvaluationRecord,
  keyOf: (row: number) => string,
) {
  const { form, classes, scoresAre } = evaluation;
  if (batch.form !== form) throw refusal(fieldOf[batch.form], `the evaluation takes predictions of form ${form}`);
  const refuse = (field: string, wrong: number[], what: string) => {
    if (wrong.length === 0) return;
    const keys = wrong.slice(0, NAMED_KEYS).map(keyOf);
    throw refusal(
      field,
      `${count(wrong.length, "row has", "rows have")} ${what}: ${named(keys, quoted, wrong.length)}`,
    );
  };
  if (batch.form === "class")
    refuse(
      "classes",
      rowsWhere(batch.rows, (row) => !(batch.classes[row]! >= 0 && batch.classes[row]! < classes!.length)),
      "a class that the evaluation doesn't name",
    );
  if (batch.form === "value")
    refuse(
      "values",
      rowsWhere(batch.rows, (row) => !Number.isFinite(batch.values[row]!)),
      "NaN or an infinite value",
    );
  if (batch.form !== "scores") return;
  if (batch.scores.length !== classes!.length)
    throw refusal("scores", `${batch.scores.length} columns; the evaluation names ${classes!.length} classes`);
  const sums = new Float64Array(batch.rows);
  let outside = false;
  for (const column of batch.scores)
    for (let row = 0; row < batch.rows; row++) {
      const score = column[row]!;
      sums[row]! += score;
      outside ||= score < 0 || score > 1;
    }
  refuse(
    "scores",
    rowsWhere(batch.rows, (row) => !Number.isFinite(sums[row]!)),
    "NaN or infinite scores",
  );
  if (scoresAre !== "probabilities") return;
  if (outside)
    refuse(
      "scores",
      rowsWhere(batch.rows, (row) => batch.scores.some((column) => column[row]! < 0 || column[row]! > 1)),
      "probabilities outside 0–1 (are they logits? say scoresAre: logits)",
    );
  refuse(
    "scores",
    rowsWhere(batch.rows, (row) => Math.abs(sums[row]! - 1) > SUM_TOLERANCE),
    "probabilities that don't add up to 1 (several labels a sample, multi-label, can't be evaluated here)",
  );
}

const fieldOf = { class: "classes", scores: "scores", value: "values", mask: "masks" } as const;

function rowsWhere(rows: number, isWrong: (row: number) => boolean): number[] {
  const wrong: number[] = [];
  for (let row = 0; row < rows; row++) if (isWrong(row)) wrong.push(row);
  return wrong;
}

export const refusal = (field: string, detail: string, kind: "invalid" | "conflict" = "invalid"): ProblemError =>
  new ProblemError(kind, `${field}: ${detail}`, [{ field, detail }]);

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;
const quoted = (key: string): string => JSON.stringify(key.length > 80 ? `${key.slice(0, 80)}…` : key);

/** The first ten, and how many more there are. */
export function named(keys: string[], write: (key: string) => string = quoted, all = keys.length): string {
  const shown = keys.slice(0, NAMED_KEYS);
  const more = all - shown.length;
  return `${shown.map(write).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
