/** Reads an export of Holdout line by line: any number of runs needs the memory of one line. */
import { z } from "zod";
import {
  EXPORT_FORMAT,
  type ExportLine,
  type ExportLineOf,
  exportLineSchema,
  type ImportedRecord,
  recordKinds,
} from "../../../lib/wire/exports.ts";

/** A file that is no export, is of a later format, or was cut off or changed. */
export class NoExport extends Error {}

export type Line = Exclude<ExportLine, { kind: "holdout" | "project" | "end" }>;
export type Head = { head: ExportLineOf<"holdout">; project: ExportLineOf<"project"> };
/** What stands at the beginning, then the lines of runs, then what stands at the end. */
export type Part = Head | Line | ExportLineOf<"end">;

/** Throws `NoExport` with the number of the line. What a line's kind isn't known of is passed over: a later version wrote it. */
export async function* readExport(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  const counts = { runs: 0, looks: 0, records: 0, series: 0, points: 0 };
  let head: ExportLineOf<"holdout"> | null = null;
  let number = 0;
  let end: ExportLineOf<"end"> | null = null;
  for await (const text of textLines(bytes)) {
    number++;
    if (end) throw new NoExport(`line ${number}: nothing comes after the line of kind end`);
    const line = lineOf(text, number);
    if (line === null) continue;
    if (number === 1) head = headOf(line);
    else if (line.kind === "project") yield { head: head!, project: line };
    else if (line.kind === "end") end = line;
    else if (line.kind !== "holdout") {
      count(counts, line);
      yield line;
    }
  }
  if (end === null)
    throw new NoExport(`cut off after line ${number}: its last line, of kind end, is missing; export it again`);
  for (const what of ["runs", "looks", "records", "series", "points"] as const)
    if (end[what] !== counts[what])
      throw new NoExport(`its last line says ${end[what]} ${what}, and it has ${counts[what]}`);
  yield end;
}

type Counted = Record<"runs" | "looks" | "records" | "series" | "points", number>;

/** Whether it is an override, an evaluation or a claim, as an import sends it. */
export const isRecord = (line: Line): line is Extract<Line, ImportedRecord> =>
  (recordKinds as readonly string[]).includes(line.kind);

function count(counts: Counted, line: Line): void {
  if (line.kind === "run") counts.runs++;
  else if (isRecord(line)) counts.records++;
  else if (line.kind === "look") counts.looks++;
  else if (line.kind === "series") counts.series++;
  else counts.points += line.steps.length;
}

function headOf(line: ExportLine): ExportLineOf<"holdout"> {
  if (line.kind === "holdout") return line;
  throw new NoExport("no export of Holdout: its first line isn't of kind holdout");
}

const anyLine = z.looseObject({ kind: z.string() });
const known = new Set<string>(exportLineSchema.options.map((option) => option.shape.kind.value));

/** Null: of a kind that isn't known. */
function lineOf(text: string, number: number): ExportLine | null {
  const value = parsed(text, number);
  const any = anyLine.safeParse(value).data;
  if (number === 1 && any?.kind === "holdout" && any.format !== EXPORT_FORMAT)
    throw new NoExport(`its format is ${JSON.stringify(any.format)}; this version reads format ${EXPORT_FORMAT}`);
  if (number > 1 && any && !known.has(any.kind)) return null;
  const { data, error } = exportLineSchema.safeParse(value);
  if (data) return data;
  if (number === 1) throw new NoExport("no export of Holdout: its first line isn't of kind holdout");
  const [issue] = error.issues;
  throw new NoExport(`line ${number}: ${issue!.path.join(".") || "kind"}: ${issue!.message}`);
}

function parsed(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = number === 1 ? "no export of Holdout: " : "";
    throw new NoExport(`${why}line ${number} is no JSON, or was cut off`, { cause });
  }
}

/** Lines as texts. One that no line feed ends is one, too. */
async function* textLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let parts: string[] = [];
  for await (const piece of bytes) {
    const lines = decoder.decode(piece, { stream: true }).split("\n");
    const last = lines.pop()!;
    for (const line of lines) {
      yield parts.join("") + line;
      parts = [];
    }
    if (last !== "") parts.push(last);
  }
  const rest = parts.join("") + decoder.decode();
  if (rest !== "") yield rest;
}
