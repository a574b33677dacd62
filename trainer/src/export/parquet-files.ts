/** An export as eight Parquet files: runs, config, summaries, looks, evaluations, claims, overrides, points. A row group is in memory, and no more. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { fromWireFloat } from "../../../lib/wire/base/words.ts";
import type { ExportLineOf } from "../../../lib/wire/exports.ts";
import type { Line } from "./exported-lines.ts";
import { flatConfig } from "./flat-config.ts";

type Type = "STRING" | "DOUBLE" | "INT64" | "BOOLEAN";
type Cell = string | number | bigint | boolean | null;

const ROWS_A_GROUP = 100_000;
/** Of tables whose texts may be long. */
const TEXT_ROWS_A_GROUP = 2_000;

/** Columns by name with their types; every column may hold null. */
const tables = {
  runs: {
    id: "STRING",
    name: "STRING",
    status: "STRING",
    user: "STRING",
    seed: "INT64",
    manifest: "STRING",
    createdAt: "STRING",
    startedAt: "STRING",
    endedAt: "STRING",
    attempts: "INT64",
    pointsLost: "INT64",
    tags: "STRING",
    notes: "STRING",
    failure: "STRING",
    environment: "STRING",
    code: "STRING",
  },
  config: { run: "STRING", key: "STRING", number: "DOUBLE", text: "STRING" },
  summaries: {
    run: "STRING",
    split: "STRING",
    metric: "STRING",
    direction: "STRING",
    unit: "STRING",
    quarantine: "STRING",
    count: "INT64",
    nonFiniteCount: "INT64",
    overwrittenCount: "INT64",
    stepLast: "INT64",
    last: "DOUBLE",
    min: "DOUBLE",
    minStep: "INT64",
    max: "DOUBLE",
    maxStep: "INT64",
    mean: "DOUBLE",
  },
  looks: {
    run: "STRING",
    id: "STRING",
    at: "STRING",
    actor: "STRING",
    look: "STRING",
    purpose: "STRING",
    reason: "STRING",
    testDigest: "STRING",
    confirmation: "STRING",
  },
  evaluations: {
    run: "STRING",
    id: "STRING",
    project: "STRING",
    by: "STRING",
    at: "STRING",
    checkpoint: "STRING",
    manifest: "STRING",
    split: "STRING",
    splitDigest: "STRING",
    samples: "INT64",
    task: "STRING",
    form: "STRING",
    purpose: "STRING",
    reason: "STRING",
    look: "STRING",
    predictions: "STRING",
    report: "STRING",
  },
  claims: {
    run: "STRING",
    id: "STRING",
    project: "STRING",
    by: "STRING",
    at: "STRING",
    manifest: "STRING",
    number: "INT64",
    checkpoint: "STRING",
    rule: "STRING",
    evidence: "STRING",
    standing: "STRING",
    written: "STRING",
    candidates: "INT64",
    reason: "STRING",
    replaced: "STRING",
    comparedWith: "STRING",
    signOffs: "STRING",
    words: "STRING",
  },
  overrides: { id: "STRING", project: "STRING", by: "STRING", at: "STRING", manifest: "STRING", reason: "STRING" },
  points: { run: "STRING", split: "STRING", metric: "STRING", step: "INT64", time: "DOUBLE", value: "DOUBLE" },
} as const satisfies Record<string, Record<string, Type>>;

type Name = keyof typeof tables;

/** Takes an export's lines in their order; `finish` writes what is left. */
export class ParquetFiles {
  readonly #tables: Record<Name, Table>;

  private constructor(folder: string) {
    const table = (name: Name) =>
      new Table(path.join(folder, `${name}.parquet`), tables[name], name === "runs" ? TEXT_ROWS_A_GROUP : ROWS_A_GROUP);
    this.#tables = Object.fromEntries(Object.keys(tables).map((name) => [name, table(name as Name)])) as never;
  }

  static async begin(folder: string): Promise<ParquetFiles> {
    await mkdir(folder, { recursive: true });
    return new ParquetFiles(folder);
  }

  async take(line: Line): Promise<void> {
    if (line.kind === "run") await this.#takeRun(line);
    else if (line.kind === "series") await this.#tables.summaries.add(summaryOf(line));
    else if (line.kind !== "points") await this.#tables[`${line.kind}s`].add(withJson(line));
    else
      for (const [at, step] of line.steps.entries())
        await this.#tables.points.add({ ...line, step, time: line.times[at]!, value: fromWireFloat(line.values[at]!) });
  }

  async #takeRun(run: ExportLineOf<"run">): Promise<void> {
    const { tags, failure, environment, code } = run;
    const json = { tags: JSON.stringify(tags), environment: JSON.stringify(environment) };
    const orNull = { failure: failure && JSON.stringify(failure), code: code && JSON.stringify(code) };
    await this.#tables.runs.add({ ...run, ...json, ...orNull });
    for (const [key, value] of flatConfig(run.config)) {
      const isNumber = typeof value === "number";
      const text = isNumber || value === null ? null : String(value);
      await this.#tables.config.add({ run: run.id, key, number: isNumber ? value : null, text });
    }
  }

  async finish(): Promise<void> {
    for (const table of Object.values(this.#tables)) await table.finish();
  }
}

/** Lists and objects as JSON. */
const withJson = (line: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(line).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null ? JSON.stringify(value) : value,
    ]),
  );

function summaryOf({ summary, ...line }: ExportLineOf<"series">): Record<string, unknown> {
  return { ...line, ...summary, last: summary && fromWireFloat(summary.last) };
}

/** One file. Rows may have more fields than there are columns. */
class Table {
  readonly #bytes;
  readonly #columns: { name: string; type: Type; data: Cell[] }[];
  readonly #writer: ParquetWriter;
  #rows = 0;

  constructor(
    file: string,
    columns: Record<string, Type>,
    readonly rowsMax: number,
  ) {
    this.#bytes = fileWriter(file);
    this.#columns = Object.entries(columns).map(([name, type]) => ({ name, type, data: [] }));
    const schema = schemaFromColumnData({ columnData: this.#columns.map((one) => ({ ...one, nullable: true })) });
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema });
  }

  async add(row: Record<string, unknown>): Promise<void> {
    for (const { name, type, data } of this.#columns) {
      const value = (row[name] ?? null) as Cell;
      data.push(type === "INT64" && typeof value === "number" ? BigInt(value) : value);
    }
    if (++this.#rows === this.rowsMax) await this.#flush();
  }

  async #flush(): Promise<void> {
    await this.#writer.write({ columnData: this.#columns.map(({ name, data }) => ({ name, data })) });
    for (const column of this.#columns) column.data = [];
    this.#rows = 0;
  }

  async finish(): Promise<void> {
    if (this.#rows > 0) await this.#flush();
    await this.#writer.finish();
  }
}
