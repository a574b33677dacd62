/**
 * Tables of points: CSV, JSON lines or Parquet, a row a step (each metric a column) or a row a point (a column names the
 * metric), or a row a run. What each column is a mapping says.
 */
import path from "node:path";
import type { Json } from "../../../../lib/wire/base/config.ts";
import type { Found, LeftOut, Source } from "../imported.ts";
import { Reasons } from "../survey.ts";
import { guessMapping } from "./guess.ts";
import { type Column, corrected, correctionsOf, type Mapping, type Role } from "./mapping.ts";
import { isBlank, isEmpty, openTable, type Row } from "./rows.ts";
import { TableRun } from "./table-run.ts";

/** Names of runs may stand twice: without a column that tells runs apart, each row that has a name is one. */
export const isRowARun = ({ columns }: Mapping): boolean =>
  !columns.some(({ role }) => role === "run") && columns.some(({ role }) => role === "name");

/** Guesses what the columns of a file are, and takes what somebody says of them for more. Throws `Miscalled`. */
export async function openTableSource(
  file: string,
  map: readonly string[],
): Promise<{ source: Source; mapping: Mapping }> {
  const corrections = correctionsOf(map);
  const [run] = [...corrections].find(([, { role }]) => role === "run") ?? [];
  const mapping = corrected(await guessMapping(file, run ?? null), corrections);
  return { source: tableSource(mapping), mapping };
}

/** Reads the file of a mapping as it says. */
const tableSource = (mapping: Mapping): Source =>
  async function* (file) {
    const left = mapping.columns.flatMap((column) => columnLeftOut(file, column));
    yield { run: null, leftOut: left };
    yield* new TableReading(file, mapping).all();
  };

/** A column that comes in nowhere is named, with what stands in it. */
function columnLeftOut(file: string, { name, role, why, present }: Column): LeftOut[] {
  if (role !== "nothing" || present === 0) return [];
  return [
    { unit: "other", count: present, where: `${path.basename(file)}: ${name}`, why: `cells of a column: ${why}` },
  ];
}

class TableReading {
  readonly #place: string;
  readonly #file: string;
  readonly #mapping: Mapping;
  readonly #runs = new Map<string, TableRun>();
  readonly #faults = new Reasons();
  readonly #places: ReadonlyMap<Role, number>;
  readonly #runAt: number;
  readonly #isRowARun: boolean;
  /** Whether a row says something beside what columns of one run do. */
  readonly #isOfRun: boolean;
  /** Columns of one run's points, by the run's name. */
  readonly #curves: Map<string, number[]>;

  constructor(file: string, mapping: Mapping) {
    this.#file = file;
    this.#place = path.basename(file);
    this.#mapping = mapping;
    this.#places = new Map(mapping.columns.map(({ role }, at): [Role, number] => [role, at]).reverse());
    this.#runAt = this.#places.get("run") ?? -1;
    this.#isRowARun = isRowARun(mapping);
    this.#isOfRun = mapping.columns.some(({ role, run }) => run === "" && ofRun.includes(role));
    this.#curves = new Map();
    for (const [at, { role, run }] of mapping.columns.entries())
      if (role === "metric" && run !== "") this.#curves.set(run, [...(this.#curves.get(run) ?? []), at]);
  }

  async *all(): AsyncGenerator<Found> {
    const { rows } = openTable(this.#file);
    let last: string | null = null;
    for await (const row of rows) {
      const key = this.#take(row);
      const isNext = key !== null && last !== null && key !== last;
      if (isNext && (this.#isRowARun || (this.#mapping.isGrouped && this.#curves.size === 0))) yield this.#end(last!);
      last = key ?? last;
    }
    for (const key of [...this.#runs.keys()]) yield this.#end(key);
    const leftOut = this.#faults
      .all()
      .flatMap(({ unit, count, where, why }) => ({ unit, count, where: where[0]!, why }));
    if (leftOut.length > 0) yield { run: null, leftOut };
  }

  #end(key: string): Found {
    const run = this.#runs.get(key)!;
    this.#runs.delete(key);
    return run.found();
  }

  /** Which run the row is of; null where it is of none, or of several. */
  #take(row: Row): string | null {
    const where = `${this.#place}:${row.line}`;
    const skip = (why: string): null => {
      this.#faults.add({ unit: "other", count: 1, where, why });
      return null;
    };
    if (row.fault !== null) return skip(`a row: ${row.fault}`);
    if (isBlank(row.cells)) return skip("a row that holds nothing");
    for (const [run, columns] of this.#curves)
      if (columns.some((at) => !isEmpty(row.cells[at]))) this.#runOf(run, run).addRow(row.cells, columns);
    if (this.#curves.size > 0 && !this.#isOfRun) return null;
    const key = this.#keyOf(row);
    if (key === null) return skip("a row whose column of runs is empty");
    this.#runOf(key, this.#runAt < 0 ? "" : key).addRow(row.cells, null);
    return key;
  }

  #keyOf({ line, cells }: Row & { cells: (Json | undefined)[] }): string | null {
    if (this.#isRowARun) return `row ${line}`;
    if (this.#runAt < 0) return this.#mapping.title;
    const cell = cells[this.#runAt];
    return isEmpty(cell) ? null : String(typeof cell === "object" ? JSON.stringify(cell) : cell);
  }

  #runOf(key: string, name: string): TableRun {
    const run =
      this.#runs.get(key) ?? new TableRun(this.#mapping, this.#places, key, name || this.#mapping.title, this.#place);
    this.#runs.set(key, run);
    return run;
  }
}

/** Roles by which a row says something of a run that it names. */
const ofRun: Role[] = ["run", "name", "metric", "value", "config", "fact", "status", "notes"];
