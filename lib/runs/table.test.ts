import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { appendBatch } from "../metrics/append.ts";
import { refreshSummaries } from "../metrics/compact.ts";
import { declareMetrics } from "../metrics/declarations.ts";
import { batchOf, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import type { Project } from "../wire.ts";
import { flattenConfig } from "./flatten.ts";
import { readRunsTable } from "./table.ts";

prepareWorkspace();

async function projectWithRuns(): Promise<Project> {
  const project = await newProject("Table");
  await declareMetrics(systemActor, project.id, { metrics: [{ name: "accuracy", direction: "max" }] });
  const rows = [
    { name: "b", learningRate: 0.1, accuracy: [0.5, 0.9, 0.7] },
    { name: "a", learningRate: 0.001, accuracy: [0.8, 0.85, Number.NaN] },
    { name: "c", learningRate: 10, accuracy: [0.1] },
  ];
  for (const { name, learningRate, accuracy } of rows) {
    const config = { optimizer: { learningRate }, family: "cnn" };
    const { run, writer } = await newRun(project, { name, config });
    const steps = accuracy.map((_, index) => index);
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", steps, { accuracy }));
    await appendBatch(systemActor, run.id, batchOf(writer, 2, null, [0], { test_acc: [0.99], speed: [1] }));
    await refreshSummaries(run.id);
  }
  return project;
}

const names = async (project: Project, view: object) =>
  (await readRunsTable(systemActor, project.id, view)).rows.map((row) => row.name);

test("the table sorts by config, by last and by best, numbers as numbers and NaN last", async () => {
  const project = await projectWithRuns();
  expect(await names(project, {})).toEqual(["c", "a", "b"]);
  expect(await names(project, { sort: "", q: "" })).toEqual(["c", "a", "b"]);
  expect(await names(project, { sort: "name" })).toEqual(["a", "b", "c"]);
  expect(await names(project, { sort: "config.optimizer.learningRate" })).toEqual(["a", "b", "c"]);
  expect(await names(project, { sort: "-config.optimizer.learningRate" })).toEqual(["c", "b", "a"]);
  expect(await names(project, { sort: "-metric.validation/accuracy.best" })).toEqual(["b", "a", "c"]);
  expect(await names(project, { sort: "-metric.validation/accuracy.last" })).toEqual(["b", "c", "a"]);
});

test("words are looked for in name, status and config, all of them", async () => {
  const project = await projectWithRuns();
  expect(await names(project, { q: "cnn 0.001" })).toEqual(["a"]);
  expect(await names(project, { q: "100%" })).toEqual([]);
});

test("a test metric is in no column and can't be sorted by", async () => {
  const project = await projectWithRuns();
  const table = await readRunsTable(systemActor, project.id, { sort: "-metric.-/test_acc.last" });
  expect(table.metricColumns.map((column) => column.metric)).toEqual(["accuracy", "speed"]);
  expect(JSON.stringify(table)).not.toContain("0.99");
  expect(table.rows.map((row) => row.name)).toEqual(["c", "a", "b"]);
});

test("best is there where a direction is declared, and nowhere else", async () => {
  const project = await projectWithRuns();
  const { rows } = await readRunsTable(systemActor, project.id, { sort: "name" });
  expect(rows[0]?.summaries["validation/accuracy"]).toEqual({
    last: null,
    lastIsNonFinite: "NaN",
    min: 0.8,
    max: 0.85,
    best: 0.85,
  });
  expect(rows[0]?.summaries["-/speed"]).toMatchObject({ last: 1, best: null });
});

test.each(["nothing", "metric.validation/accuracy.median", "metric.test/accuracy.last", "metric.-/speed.best"])(
  "a sort by %s is refused by name",
  async (sort) => {
    const project = await projectWithRuns();
    const reading = readRunsTable(systemActor, project.id, { sort });
    await expect(reading).rejects.toMatchObject({ status: 400, errors: [{ field: "sort" }] });
  },
);

test("config keys that differ come first, and nested keys are joined by dots", async () => {
  const project = await projectWithRuns();
  const { configKeys } = await readRunsTable(systemActor, project.id, {});
  expect(configKeys).toEqual(["optimizer.learningRate", "family"]);
  expect(flattenConfig({ a: { b: { c: 1 }, d: [1, 2] }, e: {}, f: null })).toEqual({
    "a.b.c": 1,
    "a.d": "[1,2]",
    e: "{}",
    f: null,
  });
});
