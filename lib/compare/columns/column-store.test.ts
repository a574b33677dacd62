import { sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { expect, test } from "vitest";
import { connections } from "../../../db/connection.ts";
import { systemActor } from "../../access/actor.ts";
import { appendBatch } from "../../metrics/append.ts";
import { refreshSummaries } from "../../metrics/compact.ts";
import { deleteRuns } from "../../runs/bulk.ts";
import { finishRun } from "../../runs/status.ts";
import { batchOf, newProject, newRun, newToken, prepareWorkspace } from "../../test-workspace.ts";
import type { Config } from "../../wire/base/config.ts";
import { type RunColumns, runColumnsSchema } from "../../wire/run-columns.ts";
import { getRunColumns, readRunColumns } from "./column-store.ts";

prepareWorkspace();

const odd = '学习率 "x", y.z/é';

async function threeRuns() {
  const project = await newProject();
  const ids: string[] = [];
  const configs: Config[] = [
    { [odd]: 0.1, width: 32, mixed: 1, same: 1, note: "n".repeat(400), flag: true },
    { [odd]: 0.001, width: 64, mixed: "one", same: 1, note: `${"n".repeat(399)}m`, flag: false },
    { width: 8, mixed: null, same: 1, flag: false },
  ];
  for (const [at, config] of configs.entries()) {
    const { run, writer } = await newRun(project, { name: `run ${at}`, config, seed: at });
    ids.push(run.id);
    const loss = [[3, 1, 2], [Number.NaN], [Number.POSITIVE_INFINITY]][at]!;
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [...loss.keys()], { loss }));
    await appendBatch(systemActor, run.id, batchOf(writer, 2, "test", [70], { loss: [0.123] }));
    await appendBatch(systemActor, run.id, batchOf(writer, 3, null, [70], { test_acc: [0.123] }));
    await refreshSummaries(run.id);
  }
  await finishRun(systemActor, ids[1]!, { status: "failed", failure: { reason: "diverged", message: "NaN" } });
  return { project, ids };
}

const valuesIn = (columns: RunColumns, name: string) => {
  const column = columns.columns.find((one) => one.name === name);
  if (column?.kind !== "category") return column?.values;
  return column.codes.map((code) => (code === null ? null : column.names[code]));
};

test("columns hold a place for each run: numbers, words, both, none, NaN and names of any alphabet", async () => {
  const { project, ids } = await threeRuns();
  const names = [odd, "width", "mixed", "note", "flag", "nowhere"].map((key) => `config.${key}`);
  const asked = [
    ...names,
    "validation/loss.last",
    "validation/loss.min",
    "-/test_acc.last",
    "seed",
    "status",
    "lastStep",
    "duration",
  ];
  const found = await readRunColumns(systemActor, project, { runs: ids }, { asked });
  expect(runColumnsSchema.parse(found)).toEqual(found);
  expect(found.runs).toEqual({ id: ids, name: ["run 0", "run 1", "run 2"], status: ["running", "failed", "running"] });
  expect(found.columns.map(({ name }) => name)).toEqual(asked);
  expect(valuesIn(found, `config.${odd}`)).toEqual([0.1, 0.001, null]);
  expect(valuesIn(found, "config.width")).toEqual([32, 64, 8]);
  expect(valuesIn(found, "config.mixed")).toEqual(["1", "one", null]);
  expect(valuesIn(found, "config.flag")).toEqual(["true", "false", "false"]);
  expect(valuesIn(found, "config.nowhere")).toEqual([null, null, null]);
  const notes = valuesIn(found, "config.note")!;
  expect(new Set<unknown>(notes).size).toBe(3);
  expect(valuesIn(found, "validation/loss.last")).toEqual([2, "NaN", "Infinity"]);
  expect(valuesIn(found, "validation/loss.min")).toEqual([1, null, null]);
  expect(valuesIn(found, "-/test_acc.last")).toEqual([null, null, null]);
  expect(valuesIn(found, "seed")).toEqual([0, 1, 2]);
  expect(valuesIn(found, "status")).toEqual(["running", "failed", "running"]);
  expect(valuesIn(found, "lastStep")).toEqual([2, 0, 0]);
  expect(JSON.stringify(found)).not.toContain("0.123");
});

test("where nobody names columns, they are the objective and the keys that differ, without names and notes", async () => {
  const { project, ids } = await threeRuns();
  const found = await getRunColumns(systemActor, project.slug, { runs: null, filter: "" }, null);
  expect(found.runs.id).toEqual([...ids].reverse());
  expect(found.columns.map(({ name }) => name)).toEqual([
    "validation/loss.last",
    "duration",
    "config.flag",
    "config.width",
    "config.mixed",
    "config.note",
    `config.${odd}`,
  ]);
  expect(found.offered).toEqual(expect.arrayContaining(["config.note", "validation/loss.min", "lastStep"]));
  expect(found.offered.filter((name) => name.startsWith("test/"))).toEqual([]);
});

test("what a link names and isn't there is said, and what can't be a column is refused by its name", async () => {
  const { project, ids } = await threeRuns();
  const foreign = await threeRuns();
  await deleteRuns(systemActor, project.id, { ids: [ids[2]!] });
  const unknown = uuidv7();
  const asked = [ids[0]!, unknown, "no id", foreign.ids[0]!, ids[2]!];
  const found = await readRunColumns(
    systemActor,
    project,
    { runs: asked },
    { asked: ["seed"], also: ["what", "status"] },
  );
  expect(found.runs.id).toEqual([ids[0]]);
  expect(found.leftOut.map(({ reason }) => reason)).toEqual(["unknown", "unknown", "foreign", "deleted"]);
  expect(found.columns.map(({ name }) => name)).toEqual(["seed", "status"]);
  const none = await readRunColumns(systemActor, project, { runs: [] }, { asked: null });
  expect(none.runs.id).toEqual([]);
  const bad = (column: string) => readRunColumns(systemActor, project, { runs: ids }, { asked: [column] });
  await expect(bad("test/loss.last")).rejects.toThrow(/column: there is no column "test\/loss.last"/);
  await expect(bad("tags")).rejects.toThrow(/column: tags has no place here/);
  const many = Array.from({ length: 65 }, (_, at) => `config.${at}`);
  await expect(readRunColumns(systemActor, project, { runs: ids }, { asked: many })).rejects.toThrow(/at most 64/);
  const { actor } = await newToken(await newProject("Elsewhere"), "admin");
  await expect(readRunColumns(actor, project, { runs: ids }, { asked: null })).rejects.toThrow();
});

test("of more than two thousand runs the first by the table's order are read, and how many more there are is said", async () => {
  const { project } = await threeRuns();
  const { run } = await newRun(project, { name: "pattern", config: { width: 1 } });
  const { db } = connections();
  await db.execute(sql`
    insert into runs select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'name', 'run ' || i))).*
    from runs r, generate_series(1, 2100) i where r.id = ${run.id}`);
  await db.execute(sql`
    insert into run_values (run_id, project_id, key, number)
    select r.id, r.project_id, 'key' || k, random() from runs r, generate_series(1, 20) k where r.name like 'run %' and r.project_id = ${project.id}`);
  const found = await readRunColumns(systemActor, project, { runs: null, filter: "", sort: "name" }, { asked: null });
  expect(found.runs.id).toHaveLength(2_000);
  expect(new Set(found.runs.id).size).toBe(2_000);
  expect(found.beyond).toBe(104);
  expect(found.runs.name.slice(0, 2)).toEqual(["pattern", "run 0"]);
  const also = await readRunColumns(
    systemActor,
    project,
    { runs: null, filter: "", sort: "name" },
    { asked: null, also: [found.columns[4]!.name, "config.key9"] },
  );
  expect(also.columns.map(({ name }) => name)).toEqual([...found.columns.map(({ name }) => name), "config.key9"]);
  const keys = found.columns.filter(({ name }) => name.startsWith("config."));
  expect(keys).toHaveLength(12);
  expect(
    new Set(keys.map((column) => (column.kind === "number" ? column.values.length : column.codes.length))),
  ).toEqual(new Set([2_000]));
});
