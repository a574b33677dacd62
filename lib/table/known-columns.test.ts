import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { appendBatch } from "../metrics/append.ts";
import { refreshSummaries } from "../metrics/compact.ts";
import { batchOf, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { findColumns, listColumns } from "./known-columns.ts";

prepareWorkspace();

test("beyond the names that are listed, columns are found by words, and those that are asked for by name are known", async () => {
  const project = await newProject();
  const layers = Object.fromEntries(Array.from({ length: 2100 }, (_, index) => [`layer${index + 1000}`, index]));
  const { run, writer } = await newRun(project, { config: { layers, zeta: { "lr%": "warm" } } });
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [0], { zeal: [1] }));

  await refreshSummaries(run.id);

  const listed = await listColumns(systemActor, project.id);
  expect(listed).toMatchObject({ isCut: true, config: { length: 2000 } });
  expect(listed.config.some(({ key }) => key === "zeta.lr%")).toBe(false);

  const named = await listColumns(systemActor, project.id, [
    "config.zeta.lr%",
    "config.nowhere",
    "validation/zeal.max",
  ]);
  expect(named.config.at(-1)).toEqual({ key: "zeta.lr%", type: "text" });
  expect(named.metrics).toHaveLength(1);

  const found = async (words: string) => {
    const { config, metrics } = await findColumns(systemActor, project.id, words);
    return [...config.map(({ key }) => key), ...metrics.map(({ metric }) => metric)];
  };
  expect(await found("ZETA config")).toEqual(["zeta.lr%"]);
  expect(await found("r%")).toEqual(["zeta.lr%"]);
  expect(await found("zeal validation max")).toEqual(["zeal"]);
  expect(await found("layer309")).toHaveLength(10);
  expect(await found("layer")).toHaveLength(200);
  expect(await found("nothing at all")).toEqual([]);
});
