/** What Neptune's exporter writes: Parquet, a row an attribute's value, one file or more a run. */
import { stat } from "node:fs/promises";
import path from "node:path";
import type { Found } from "../imported.ts";
import { openTable, type Row } from "../table/rows.ts";
import { filesBelow } from "../walk.ts";
import { NeptuneRun } from "./run.ts";

const PART = /^(.*?)_?part_(\d+)\.parquet$/;
/** Without these a Parquet file is another's. */
const needed = ["run_id", "attribute_path", "attribute_type"];

export async function* readNeptune(folder: string): AsyncGenerator<Found> {
  const parts = partsOf((await filesBelow(folder)).files);
  if (parts.length === 0)
    throw new Error(`${folder}: no export of Neptune; its files are called RUN_part_0.parquet, in a folder a project`);
  for (const files of parts) yield* readParts(folder, files);
}

/** Files of one run, or of one project where the exporter was an early one; the parts in the order of their numbers. */
function partsOf(files: string[]): string[][] {
  const groups = new Map<string, [number, string][]>();
  for (const file of files) {
    const [, prefix, number] = PART.exec(path.posix.basename(file)) ?? [];
    if (prefix === undefined) continue;
    const key = `${path.posix.dirname(file)}/${prefix}`;
    groups.set(key, [...(groups.get(key) ?? []), [Number(number), file]]);
  }
  return [...groups.values()].map((group) => group.sort(([a], [b]) => a - b).map(([, file]) => file));
}

async function* readParts(root: string, files: string[]): AsyncGenerator<Found> {
  const runs = new Map<string, NeptuneRun>();
  for (const file of files) {
    const { names, rows } = openTable(path.join(root, file));
    const missing = () => needed.filter((name) => !names.includes(name));
    for await (const row of rows) {
      const why = row.fault ?? (missing().length > 0 ? `it has no column ${missing().join(", ")}` : null);
      if (why !== null) {
        yield { run: null, leftOut: [{ unit: "other", count: 1, where: file, why }] };
        break;
      }
      take(runs, names, row as Row & { fault: null }, file);
    }
  }
  for (const run of runs.values()) yield run.found(await filesOf(root, run));
}

function take(runs: Map<string, NeptuneRun>, names: string[], row: Row & { fault: null }, file: string): void {
  const cells = Object.fromEntries(names.map((name, at) => [name, row.cells[at]]));
  const [project, id] = [String(cells.project_id ?? ""), String(cells.run_id ?? "")];
  const key = `${project}\0${id}`;
  const run = runs.get(key) ?? new NeptuneRun(project, id, file);
  runs.set(key, run);
  run.add(cells);
}

/** Where the exporter put files, below the folder of the import alone. */
async function filesOf(root: string, { files }: NeptuneRun): Promise<Map<string, { file: string; sizeBytes: number }>> {
  const found = new Map<string, { file: string; sizeBytes: number }>();
  for (const [name, at] of files)
    for (const within of ["files", "."]) {
      const file = path.resolve(root, within, at);
      const isBelow = file.startsWith(path.resolve(root) + path.sep);
      const known = isBelow ? await stat(file).catch(() => null) : null;
      if (!known?.isFile()) continue;
      found.set(name, { file, sizeBytes: known.size });
      break;
    }
  return found;
}
