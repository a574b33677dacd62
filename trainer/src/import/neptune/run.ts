/** One run of an export of Neptune, as the values of its attributes come. */
import type { Json } from "../../../../lib/wire/base/config.ts";
import { artifactPathSchema } from "../../../../lib/wire/base/text.ts";
import { seriesOfKey } from "../../../../lib/wire/points/key-rule.ts";
import { configOf, factsOf, nameOf, notesOf, timeWords } from "../facts.ts";
import type { Found, ImportedFile, ImportedRun, LeftOut } from "../imported.ts";
import { numberIn } from "../python.ts";
import { Intake } from "../series.ts";
import { isMeasured } from "../table/guess.ts";
import { timeOf } from "../table/times.ts";

type Cells = Record<string, Json | undefined>;

/** Attributes that Neptune itself sets stand here. */
const SYSTEM = "sys/";
const columns: Record<string, string> = {
  float: "float_value",
  int: "int_value",
  string: "string_value",
  bool: "bool_value",
  datetime: "datetime_value",
  string_set: "string_set_value",
};

export class NeptuneRun {
  /** Paths within the export's folder of files, by the attribute. */
  readonly files = new Map<string, string>();
  readonly #intake = new Intake(seriesOfKey);
  readonly #system = new Map<string, Json>();
  readonly #config: [string, Json][] = [];
  /** What was measured once, and not as a series. */
  readonly #measured: [string, number][] = [];
  readonly #others = new Map<string, number>();
  #lastStep = 0;
  #firstAt: number | null = null;
  #lastAt: number | null = null;

  constructor(
    readonly project: string,
    readonly id: string,
    readonly place: string,
  ) {}

  add(cells: Cells): void {
    const key = String(cells.attribute_path ?? "");
    const kind = String(cells.attribute_type ?? "");
    const value = cells[columns[kind] ?? ""];
    if (kind === "float_series") this.#addPoint(key, cells);
    else if (kind === "file" || kind === "artifact") this.#addFile(key, cells.file_value);
    else if (columns[kind] === undefined) this.#others.set(kind, (this.#others.get(kind) ?? 0) + 1);
    else if (value === undefined || value === null) return;
    else if (key.startsWith(SYSTEM)) this.#system.set(key.slice(SYSTEM.length), value);
    else if ((kind === "float" || kind === "int") && isMeasured(key))
      this.#measured.push([key, numberIn(value) ?? Number.NaN]);
    else this.#config.push([key, value]);
  }

  found(files: ReadonlyMap<string, { file: string; sizeBytes: number }>): Found {
    const started = timeOf(this.#system.get("creation_time")) ?? this.#firstAt;
    for (const [key, value] of this.#measured)
      this.#intake.add(key, this.#lastStep, this.#lastAt ?? started ?? 0, value);
    const { series, leftOut } = this.#intake.taken(this.place);
    const config = configOf(this.#config, this.place);
    const stored = this.#filesOf(files);
    const others = [...this.#others].map(
      ([kind, count]): LeftOut => ({ unit: "other", count, where: this.place, why: `values of ${kind}: not imported` }),
    );
    const run: ImportedRun = {
      kind: "neptune",
      sourceId: [this.project, this.id].filter(Boolean).join("/"),
      name: nameOf(this.#words("name"), this.id),
      notes: notesOf(this.#words("description")),
      config: config.config,
      facts: factsOf([
        ["neptune run", this.id],
        ["neptune project", this.project],
        ["neptune user", this.#words("owner")],
        ["neptune started", timeWords(started)],
        ["neptune last point", timeWords(this.#lastAt)],
        ["neptune end", this.#system.has("failed") ? null : "not said; shown as finished"],
        ...[...this.#system.keys()].sort().map((key) => [`neptune ${SYSTEM}${key}`, this.#words(key)] as const),
      ]),
      code: null,
      isDeleted: this.#system.get("trashed") === true,
      startedAt: started,
      ran: { startedAt: started, endedAt: this.#lastAt },
      end: endOf(this.#system.get("failed") === true),
      series,
      files: stored.files,
      original: {
        project: this.project,
        run: this.id,
        system: Object.fromEntries(this.#system),
        config: Object.fromEntries(this.#config),
      },
    };
    return { run, leftOut: [...leftOut, ...config.leftOut, ...stored.leftOut, ...others] };
  }

  /** A step may be a fraction there; here it is refused by name. */
  #addPoint(key: string, cells: Cells): void {
    const step = numberIn(cells.step) ?? Number.NaN;
    const time = timeOf(cells.timestamp) ?? 0;
    this.#firstAt = Math.min(this.#firstAt ?? time, time);
    const value = numberIn(cells.float_value);
    if (Number.isInteger(step)) this.#lastStep = Math.max(this.#lastStep, step);
    this.#lastAt = Math.max(this.#lastAt ?? 0, time);
    this.#intake.add(key, step, time, value ?? Number.NaN);
  }

  #addFile(key: string, value: Json | undefined): void {
    const at = typeof value === "string" ? value : (value as { path?: Json } | null)?.path;
    if (typeof at === "string") this.files.set(key, at);
    else this.#others.set("file", (this.#others.get("file") ?? 0) + 1);
  }

  #filesOf(stored: ReadonlyMap<string, { file: string; sizeBytes: number }>): {
    files: ImportedFile[];
    leftOut: LeftOut[];
  } {
    const files: ImportedFile[] = [];
    const leftOut: LeftOut[] = [];
    for (const [key, at] of this.files) {
      const known = stored.get(key);
      const ending = /\.[A-Za-z0-9]+$/.exec(at)?.[0] ?? "";
      const name = key.endsWith(ending) ? key : key + ending;
      const fault = artifactPathSchema.safeParse(name).error?.issues[0]?.message;
      if (known && fault === undefined) files.push({ path: name, ...known });
      else {
        const why =
          fault === undefined ? "it isn't in the export's folder" : `its path can't be a file's here: ${fault}`;
        leftOut.push({ unit: "file", count: 1, where: `${this.place}: ${key}`, why });
      }
    }
    return { files, leftOut };
  }

  #words(key: string): string {
    const value = this.#system.get(key);
    if (value === undefined || value === null) return "";
    return typeof value === "string" ? value : Array.isArray(value) ? value.join(", ") : JSON.stringify(value);
  }
}

const endOf = (isFailed: boolean): ImportedRun["end"] =>
  isFailed
    ? { status: "failed", failure: { reason: "other", message: "Neptune has it as failed and doesn't say why" } }
    : { status: "finished" };
