/** MLflow's store in a SQLite file (`mlflow.db`): the same runs as in a folder, in tables. */
import path from "node:path";
import { seriesOfKey } from "../../../../lib/wire/points/key-rule.ts";
import type { Found, LeftOut } from "../imported.ts";
import { Intake } from "../series.ts";
import { runFilesBelow } from "../walk.ts";
import { type Meta, metaOf } from "./meta.ts";
import { readRegistryTables } from "./registry.ts";
import { runFrom, type StoredRun } from "./run.ts";
import { openSqlite, type Sqlite } from "./sqlite.ts";

export async function* readMlflowDatabase(file: string): AsyncGenerator<Found> {
  const store = await openSqlite(file);
  try {
    if (!store.has("runs") || !store.has("experiments"))
      throw new Error(`${file}: no MLflow store; expected the tables experiments, runs and metrics`);
    yield { run: null, ...readRegistryTables(store) };
    for (const row of store.rows("select * from experiments order by experiment_id")) {
      const meta = metaOf(row);
      const id = String(meta.experiment_id);
      const experiment = { id, name: String(meta.name), isDeleted: meta.lifecycle_stage === "deleted" };
      yield { run: null, leftOut: partsLeftOut(store, id) };
      for (const { run_uuid } of store.rows("select run_uuid from runs where experiment_id = ? order by run_uuid", id))
        yield await readRun(store, path.dirname(file), experiment, String(run_uuid));
    }
  } finally {
    store.close();
  }
}

async function readRun(store: Sqlite, root: string, experiment: StoredRun["experiment"], id: string): Promise<Found> {
  const place = `${experiment.id}/${id}`;
  const [row] = store.rows("select * from runs where run_uuid = ?", id);
  const { name, ...meta } = metaOf(row!);
  const points = pointsOf(store, id, place);
  const files = await filesOf(root, place);
  const inputs = inputsOf(store, id);
  const { run, leftOut } = runFrom({
    experiment,
    id,
    place,
    meta: { ...meta, run_name: name },
    params: keyed(store, "params", id),
    tags: keyed(store, "tags", id),
    inputs,
    outputs: [],
    datasets: datasetsOf(store, inputs),
    series: points.series,
    files: files.files,
  });
  return { run, leftOut: [...leftOut, ...points.leftOut, ...files.leftOut] };
}

function keyed(store: Sqlite, table: "params" | "tags", id: string): [string, string][] {
  const rows = store.rows(`select key, value from ${table} where run_uuid = ? order by key`, id);
  return Array.from(rows, ({ key, value }): [string, string] => [String(key), String(value ?? "")]);
}

/** In the order in which they were written. An infinity stands there as the largest double, and NaN by a flag. */
function pointsOf(store: Sqlite, id: string, place: string) {
  const intake = new Intake(seriesOfKey);
  const sql = "select key, value, timestamp, step, is_nan from metrics where run_uuid = ? order by rowid";
  for (const { key, value, timestamp, step, is_nan } of store.rows(sql, id))
    intake.add(String(key), Number(step), Number(timestamp), is_nan ? Number.NaN : unbounded(Number(value)));
  return intake.taken(`${place}/metrics`);
}

const unbounded = (value: number): number =>
  Math.abs(value) === Number.MAX_VALUE ? Math.sign(value) * Number.POSITIVE_INFINITY : value;

/** Where a store keeps files by default, beside it. What lies elsewhere isn't followed. */
async function filesOf(root: string, place: string): Promise<Awaited<ReturnType<typeof runFilesBelow>>> {
  for (const folder of ["mlruns", "mlartifacts"]) {
    const within = `${folder}/${place}/artifacts`;
    const found = await runFilesBelow(path.join(root, within), within);
    if (found.files.length + found.leftOut.length > 0) return found;
  }
  return { files: [], leftOut: [] };
}

/** Stores before version 2.4 have no datasets. */
function inputsOf(store: Sqlite, id: string): Meta[] {
  if (!store.has("inputs")) return [];
  const rows = store.rows("select * from inputs where destination_type = 'RUN' and destination_id = ?", id);
  return Array.from(rows, (row) => {
    const meta = metaOf(row);
    const tags = store.rows("select name, value from input_tags where input_uuid = ?", String(row.input_uuid));
    return { ...meta, tags: Object.fromEntries(Array.from(tags, ({ name, value }) => [String(name), String(value)])) };
  });
}

const datasetsOf = (store: Sqlite, inputs: Meta[]): Meta[] =>
  inputs.flatMap(({ source_type, source_id, tags }) => {
    if (source_type !== "DATASET") return [];
    const context = (tags as Meta)["mlflow.data.context"];
    return Array.from(store.rows("select * from datasets where dataset_uuid = ?", String(source_id)), (row) => ({
      ...metaOf(row),
      context,
    }));
  });

function partsLeftOut(store: Sqlite, id: string): LeftOut[] {
  const parts = [
    ["logged_models", "models", "logged models"],
    ["trace_info", "traces", "traces"],
  ] as const;
  return parts.flatMap(([table, part, what]): LeftOut[] => {
    if (!store.has(table)) return [];
    const [row] = store.rows(`select count(*) as count from ${table} where experiment_id = ?`, id);
    const count = Number(row!.count);
    return count > 0 ? [{ unit: "other", count, where: `${id}/${part}`, why: `${what} aren't imported` }] : [];
  });
}
