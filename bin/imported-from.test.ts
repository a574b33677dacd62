/** Imported runs say where they came from. */
import path from "node:path";
import { expect, test } from "vitest";
import { importedFrom } from "../lib/runs/imported-from.ts";
import { readMlflow } from "../trainer/src/import/mlflow/mlflow.ts";
import { readTensorboard } from "../trainer/src/import/tensorboard/tensorboard.ts";
import { readWandb } from "../trainer/src/import/wandb/wandb.ts";

const fixtures = path.join(import.meta.dirname, "../trainer/src/import/fixtures");

test("a run that came from MLflow says which run it was there, whose, and when", async () => {
  const origins = [];
  for await (const { run } of readMlflow(path.join(fixtures, "mlflow-3")))
    if (run?.name === "first") origins.push([importedFrom(run.facts), run.sourceId]);
  expect(origins).toEqual([
    [
      {
        source: "MLflow",
        run: origins[0]![1],
        user: "ada",
        startedAt: "2026-01-05T09:00:00.000Z",
        endedAt: "2026-01-05T09:01:00.000Z",
        lastAt: null,
      },
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ],
  ]);
});

test.each([
  ["TensorBoard", readTensorboard, "tensorboard"],
  ["Weights & Biases", readWandb, "wandb"],
] as const)("every run of %s says where it comes from and when it began", async (source, read, folder) => {
  let runs = 0;
  for await (const { run } of read(path.join(fixtures, folder))) {
    if (run === null) continue;
    runs++;
    expect(importedFrom(run.facts)).toMatchObject({ source, startedAt: expect.stringMatching(/^20/) });
  }
  expect(runs).toBeGreaterThan(1);
});

test("a run that came by another Holdout names that one; a run of nowhere else names none", () => {
  const environment = { "holdout run": "a", "mlflow run": "b", "holdout started": "yesterday" };
  expect(importedFrom(environment)).toMatchObject({ source: "another Holdout", run: "a", startedAt: null });
  expect(importedFrom({ node: "v22", "mlflow user": "ada" })).toBeNull();
});
