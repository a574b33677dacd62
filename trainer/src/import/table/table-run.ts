/** One run of a table, as its rows come. */
import type { Json } from "../../../../lib/wire/base/config.ts";
import type { Split } from "../../../../lib/wire/base/words.ts";
import { seriesOfKey } from "../../../../lib/wire/points/key-rule.ts";
import type { SeriesName } from "../../../../lib/wire/points/series-name.ts";
import { configOf, factsOf, nameOf, notesOf, timeWords, valueOfText } from "../facts.ts";
import type { Found, ImportedRun, LeftOut } from "../imported.ts";
import { numberIn } from "../python.ts";
import { Intake } from "../series.ts";

import type { Column, Mapping, Role } from "./mapping.ts";
import { isEmpty } from "./rows.ts";
import { timeOf } from "./times.ts";

const splits: Record<string, Split> = {
  train: "train",
  training: "train",
  validation: "validation",
  valid: "validation",
  val: "validation",
  eval: "validation",
  test: "test",
  testing: "test",
};
/** Between a split's word and a metric's name in the key of a series: in no name of one line. */
const SPLIT_END = "\n";
const OTHER_VALUES = "differs in a later row of its run (the first value stands)";

type Cells = (Json | undefined)[];

export class TableRun {
  readonly #intake = new Intake(seriesOf);
  readonly #said = new Map<number, Json>();
  readonly #differing = new Map<number, number>();
  #rows = 0;
  #firstAt: number | null = null;
  #lastAt: number | null = null;

  constructor(
    readonly mapping: Mapping,
    /** Where the first column of each role stands. */
    readonly places: ReadonlyMap<Role, number>,
    readonly key: string,
    readonly title: string,
    readonly place: string,
  ) {}

  /** `curves`: the columns of this run alone, where each run has its own; null: all that belong to no one. */
  addRow(cells: Cells, curves: number[] | null): void {
    const { columns } = this.mapping;
    const step = this.places.has("step") ? numberIn(this.#cellAs("step", cells)) : this.#rows;
    const time = timeOf(this.#cellAs("time", cells));
    this.#rows++;
    if (time !== null) {
      this.#firstAt = Math.min(this.#firstAt ?? time, time);
      this.#lastAt = Math.max(this.#lastAt ?? time, time);
    }
    const at = { step: step ?? Number.NaN, time: time ?? timeOf(this.#cellAs("started", cells)) ?? 0 };
    const before = this.#before(cells);
    for (const place of curves ?? columns.keys()) {
      const column = columns[place]!;
      const cell = cells[place];
      if (isEmpty(cell) || (curves === null && column.run !== "")) continue;
      if (column.role === "metric") this.#point(before + column.as, at, cell!);
      else if (column.role === "value") this.#point(before + textOf(this.#cellAs("metric-name", cells)), at, cell!);
      else if (keptRoles.includes(column.role)) this.#keep(place, cell!);
    }
  }

  found(): Found {
    const { series, leftOut: refused } = this.#intake.taken(`${this.place}: ${this.title}`);
    const leftOut = refused.map((one) => ({ ...one, where: one.where.replace(SPLIT_END, "/") }));
    const config = configOf(this.#entries("config"), `${this.place}: ${this.title}`);
    const started = timeOf(this.#first("started")) ?? this.#firstAt;
    const ended = timeOf(this.#first("ended")) ?? this.#lastAt;
    const status = textOf(this.#first("status"));
    const run: ImportedRun = {
      kind: "table",
      sourceId: `${this.mapping.title}/${this.key}`,
      name: nameOf(textOf(this.#first("name")) || this.title, this.title),
      notes: notesOf(textOf(this.#first("notes"))),
      config: config.config,
      facts: factsOf([
        ["table run", this.key],
        ["table file", this.place],
        ["table started", timeWords(started)],
        ["table ended", timeWords(ended)],
        ["table status", status || "not said; shown as finished"],
        ...this.#entries("fact").map(([name, value]) => [`table ${name}`, textOf(value)] as const),
      ]),
      code: null,
      isDeleted: false,
      startedAt: started,
      ran: { startedAt: started, endedAt: ended },
      end: endOf(status),
      series,
      files: [],
      original: { file: this.place, run: this.key, rows: this.#rows, ...this.#original() },
    };
    const differing = [...this.#differing].map(
      ([place, count]): LeftOut => ({
        unit: "other",
        count,
        where: `${this.place}: ${this.title}: ${this.mapping.columns[place]!.name}`,
        why: OTHER_VALUES,
      }),
    );
    return { run, leftOut: [...leftOut, ...config.leftOut, ...differing] };
  }

  #point(key: string, { step, time }: { step: number; time: number }, cell: Json): void {
    const value = numberIn(cell);
    if (value === null) this.#intake.refuse(key, "no number: a text, a list or true or false");
    else this.#intake.add(key, step, time, value);
  }

  /** What stands before a metric's name: the split's word, then the prefixes. */
  #before(cells: Cells): string {
    if (!this.places.has("split") && !this.places.has("prefix")) return "";
    const parts = this.mapping.columns.flatMap(({ role }, at) =>
      role === "prefix" && !isEmpty(cells[at]) ? [`${textOf(cells[at])}/`] : [],
    );
    const split = textOf(this.#cellAs("split", cells));
    return (split === "" ? "" : `${split}${SPLIT_END}`) + parts.join("");
  }

  #keep(place: number, cell: Json): void {
    const first = this.#said.get(place);
    if (first === undefined) this.#said.set(place, cell);
    else if (JSON.stringify(first) !== JSON.stringify(cell))
      this.#differing.set(place, (this.#differing.get(place) ?? 0) + 1);
  }

  #entries(role: Role): [string, Json][] {
    return [...this.#said].flatMap(([place, value]): [string, Json][] => {
      const column = this.mapping.columns[place]!;
      return column.role === role ? [[column.as, typeof value === "string" ? valueOfText(value) : value]] : [];
    });
  }

  #first(role: Role): Json | undefined {
    return this.#said.get(this.places.get(role) ?? -1);
  }

  #cellAs(role: Role, cells: Cells): Json | undefined {
    const place = this.places.get(role);
    return place === undefined ? undefined : cells[place];
  }

  /** Every cell that says something of the run, by its column. */
  #original(): { cells: Record<string, Json>; columns: Record<string, string> } {
    const { columns } = this.mapping;
    return {
      cells: Object.fromEntries([...this.#said].map(([place, value]) => [columns[place]!.name, value])),
      columns: Object.fromEntries(columns.map(({ name, role }: Column) => [name, role])),
    };
  }
}

/** Roles whose first cell counts for the run. */
const keptRoles: Role[] = ["name", "config", "fact", "status", "notes", "started", "ended"];

const textOf = (cell: Json | undefined): string =>
  typeof cell === "string" ? cell : isEmpty(cell) ? "" : JSON.stringify(cell);

/** A split that is none of ours is a part of the name. */
function seriesOf(key: string): SeriesName {
  const [word = "", metric] = key.split(SPLIT_END);
  if (metric === undefined) return seriesOfKey(key);
  const split = splits[word.trim().toLowerCase()];
  return split === undefined ? { split: null, metric: `${word}/${metric}` } : { split, metric };
}

/** Tables seldom say that a run ended: one that says nothing is taken as finished. */
function endOf(status: string): ImportedRun["end"] {
  const failure = {
    reason: "other",
    message: `the table has it as ${status.slice(0, 100)} and doesn't say why`,
  } as const;
  if (/^(failed|failure|error|crashed)$/i.test(status)) return { status: "failed", failure };
  if (/^(killed|aborted|stopped|canceled|cancelled)$/i.test(status)) return { status: "killed", failure };
  return /^(running|active|pending|queued|scheduled)$/i.test(status) ? null : { status: "finished" };
}
