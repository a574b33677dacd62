/** What a table's target asks for: classes to be told, or a number. One odd cell never decides it. */
import type { Task } from "./data.ts";

type Row = { line: number; values: Record<string, unknown> };

/** In fewer rows, values that hardly repeat may well be classes. */
const FEW_ROWS = 20;
/** `1,5` and `1.234,5`: numbers to their writer, though no number here. */
const COMMAS = /^\s*[-+]?\d[\d.']*,\d+\s*$/;

/**
 * Classification of `label`; else regression where cells are numbers. Throws, naming a cell, where only some are numbers, or all
 * are meant to be; and where classes would hardly repeat: there the person says which is meant.
 */
export function taskOf(file: string, target: string, rows: Row[], isNumber: (value: unknown) => boolean): Task {
  const cellOf = ({ values }: Row) => values[target] ?? null;
  const numbers = rows.filter((row) => isNumber(cellOf(row))).length;
  const different = new Set(rows.map((row) => String(cellOf(row)))).size;
  const areMany = rows.length >= FEW_ROWS && different > rows.length / 2;
  const bad = rows.find((row) => !isNumber(cellOf(row)));
  if (bad === undefined && target !== "label") return "regression";
  if (bad === undefined && areMany)
    throw new Error(
      `${file}: ${target} has ${different} different numbers in ${rows.length} rows; --task regression is right where they ` +
        "are numbers to be told, --task classification where each of them is a class",
    );
  const isMeant = target !== "label" && (numbers > 0 || areMany || COMMAS.test(String(cellOf(bad!))));
  if (!isMeant) return "classification";
  throw new Error(
    `${file}, line ${bad!.line}: ${target} is ${JSON.stringify(cellOf(bad!))}, and a number in ${numbers} of ${rows.length} ` +
      "rows; a number such as 1.5 in each row is right, or --task classification where they are classes",
  );
}
