/** The runs table as CSV: every run that matches, page by page, so that any number of them needs little memory. */
import { inArray } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { type CsvCell, csvRows, listCell, toCsv } from "../csv.ts";
import { plainCell } from "../runs/long-text.ts";
import { fromWireFloat, type WireFloat } from "../wire/base/words.ts";
import { standingWords } from "../words/verdicts.ts";
import { parseColumn } from "./columns.ts";
import { type Column, columnName, type RunColumn, shownName } from "./language/column-name.ts";
import { type RunRow, type RunsQuery, readRunsPage } from "./rows.ts";

const PAGE = 500;

/**
 * Pieces of CSV: a header, then a line a run with its id and the asked columns, in the asked order. What the checks say of
 * a manifest stands behind it. Durations are in seconds. Throws as `readRunsPage` does, before the first piece where the query is at fault.
 */
export async function* exportRuns(
  actor: Actor,
  projectId: string,
  query: Omit<RunsQuery, "after" | "size" | "whole">,
): AsyncGenerator<string, void> {
  const columns = query.columns.map((name) => parseColumn(name, "column"));
  let after: string | null = null;
  do {
    const page = await readRunsPage(actor, projectId, { ...query, after, size: PAGE, whole: true });
    const notes = columns.some(isNotes) ? await readNotes(page.rows.map(({ id }) => id)) : new Map<string, string>();
    const lines = page.rows.map((row) => [row.id, ...columns.flatMap((column) => cellsOf(row, column, notes))]);
    yield after === null ? toCsv(["id", ...columns.flatMap(headsOf)], lines) : csvRows(lines);
    after = page.next;
  } while (after !== null);
}

const isNotes = (column: Column): boolean => column.kind === "run" && column.name === "notes";
const isManifest = (column: Column): boolean => column.kind === "run" && column.name === "manifest";

function headsOf(column: Column): string[] {
  if (isManifest(column)) return ["manifest", "manifest verdict"];
  const name = shownName(columnName(column));
  return [name === "duration" ? "duration (seconds)" : name];
}

const cellsOf = (row: RunRow, column: Column, notes: Map<string, string>): CsvCell[] =>
  isManifest(column)
    ? [row.manifest?.id ?? "uncited", row.manifest && standingWords(row.manifest)]
    : [cellOf(row, column, notes)];

async function readNotes(ids: string[]): Promise<Map<string, string>> {
  const columns = { id: runs.id, notes: runs.notes };
  const rows = await connections().db.select(columns).from(runs).where(inArray(runs.id, ids));
  return new Map(rows.map(({ id, notes }) => [id, notes]));
}

function cellOf(row: RunRow, column: Column, notes: Map<string, string>): CsvCell {
  if (column.kind === "run") return runCells[column.name](row, notes);
  const value = plainCell(row.values[columnName(column)] ?? null);
  // `-Infinity` is a number here, and no text that a spreadsheet would take for a formula
  return column.kind === "metric" && value !== null ? fromWireFloat(value as WireFloat) : value;
}

const runCells: Record<RunColumn, (row: RunRow, notes: Map<string, string>) => CsvCell> = {
  created: (row) => row.createdAt,
  name: (row) => row.name,
  status: (row) => row.status,
  started: (row) => row.startedAt,
  ended: (row) => row.endedAt,
  duration: (row) => (row.durationMs === null ? null : row.durationMs / 1000),
  seed: (row) => row.seed,
  manifest: (row) => row.manifest?.id ?? "uncited",
  tags: (row) => (row.tags.length > 0 ? listCell(row.tags) : null),
  notes: (row, notes) => notes.get(row.id) ?? null,
  replicates: (row) => plainCell(row.values.replicates ?? null),
};
