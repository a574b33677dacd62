import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { seriesKey } from "../../../../lib/wire/points/series-name.ts";
import type { ImportedRun, LeftOut } from "../imported.ts";
import { surveyOf } from "../survey.ts";
import { readMlflow } from "./mlflow.ts";

const fixtures = path.join(import.meta.dirname, "../fixtures");
const folder = mkdtempSync(path.join(tmpdir(), "holdout-mlflow-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(store: string): Promise<{ runs: Map<string, ImportedRun>; leftOut: LeftOut[] }> {
  const runs = new Map<string, ImportedRun>();
  const leftOut: LeftOut[] = [];
  for await (const found of readMlflow(store)) {
    if (found.run) runs.set(found.run.name, found.run);
    leftOut.push(...found.leftOut);
  }
  return { runs, leftOut };
}
const countsOf = ({ series }: ImportedRun) => Object.fromEntries(series.map((one) => [seriesKey(one), one.count]));

test.each(["mlflow-2", "mlflow-3", "mlflow-2-sqlite", "mlflow-3-sqlite"])(
  "every run of %s comes with what its writer says of it",
  async (name) => {
    const { runs, leftOut } = await read(path.join(fixtures, name));
    expect([...runs].map(([run, { isDeleted, end }]) => [run, isDeleted, end?.status]).sort()).toEqual([
      ["first", false, "finished"],
      ["gone", true, "finished"],
      ["of a deleted experiment", true, undefined],
      ["second", false, "failed"],
      ["with data", false, "finished"],
    ]);
    const first = runs.get("first")!;
    expect(countsOf(first)).toEqual({
      "-/before": 1,
      "-/loss": 30,
      "-/odd": 2,
      "-/twice": 1,
      "test/acc": 3,
      "validation/acc": 3,
    });
    const points = (metric: string) => [...first.series.find((one) => one.metric === metric)!.columns().values];
    expect(points("odd")).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
    expect(first).toMatchObject({
      config: { epochs: 3, layers: "[64, 10]", lr: 1e-5, "optim/name": "adam", empty: "" },
      notes: "The first **try**.",
      startedAt: 1767603600000,
      code: { commit: "0123456789abcdef0123456789abcdef01234567", command: "train.py" },
      files: [{ path: "reports/notes.txt", sizeBytes: 14 }],
      facts: {
        "mlflow run": first.sourceId,
        "mlflow user": "ada",
        "mlflow started": "2026-01-05T09:00:00.000Z",
        "mlflow ended": "2026-01-05T09:01:00.000Z",
        "mlflow tag team": "vision",
      },
      original: { params: { lr: "1e-05" } },
    });
    expect(runs.get("with data")?.facts["mlflow dataset digits"]).toMatch(/^[0-9a-f]+, training$/);
    const told = leftOut.map(({ unit, count, why }) => [unit, count, why.split(/[;:(]/)[0]!.trim()].join(" "));
    expect(told.sort()).toEqual([
      ...(name.startsWith("mlflow-3") ? ["other 1 logged models aren't imported"] : []),
      "point 1 a step below 0",
      // tables keep one of two that are alike
      ...(name.endsWith("sqlite") ? [] : ["point 1 written twice"]),
    ]);
  },
);

test("what is damaged is named, and the rest comes in", async () => {
  const store = path.join(folder, "damaged");
  cpSync(path.join(fixtures, "mlflow-3"), store, { recursive: true });
  const { runs } = await read(store);
  const experiment = readdirSync(store).find((name) => /^\d{5,}$/.test(name))!;
  const place = (run: string, ...parts: string[]) => path.join(store, experiment, runs.get(run)!.sourceId, ...parts);
  truncateSync(place("second", "meta.yaml"), 0);
  writeFileSync(place("gone", "meta.yaml"), "run_name: [open\nstatus: 3");
  writeFileSync(
    place("first", "metrics", "loss"),
    "1767603600000 0.5 0\n17676036 zero 1\n1767603600001 0.25 1 digits abc\n1767603600002 1e-0",
  );
  writeFileSync(place("first", "metrics", "old"), "1767603600000 0.5\n");
  symlinkSync("/etc/hostname", place("first", "artifacts", "host"));
  const before = await surveyOf(readMlflow, path.join(fixtures, "mlflow-3"));
  const { runs: after, leftOut } = await read(store);
  expect([...after.keys()].sort()).toEqual(["first", "of a deleted experiment", "with data"]);
  expect(countsOf(after.get("first")!)).toMatchObject({ "-/loss": 2, "-/old": 1 });
  const named = (run: string) => leftOut.filter(({ where }) => where.includes(runs.get(run)!.sourceId));
  expect(named("second").map(({ unit, count }) => [unit, count])).toEqual([
    ["run", 1],
    ["point", 1],
  ]);
  expect(named("gone")[0]).toMatchObject({ unit: "run", why: expect.stringContaining("meta.yaml is damaged") });
  expect(named("first")).toContainEqual(
    expect.objectContaining({ unit: "point", count: 2, why: expect.stringContaining("damaged") }),
  );
  expect(named("first")).toContainEqual(expect.objectContaining({ unit: "file", why: "a link, which isn't followed" }));
  // a line is a point, whether it can be read or not
  const { read: counts } = await surveyOf(readMlflow, store);
  expect(counts).toMatchObject({
    runs: before.read.runs,
    points: before.read.points - 30 + 4 + 1,
    files: before.read.files + 1,
  });
});

test("a database is read as it is: nothing is written beside it, and one with changes that wait is refused", async () => {
  const store = path.join(folder, "live");
  cpSync(path.join(fixtures, "mlflow-3-sqlite"), store, { recursive: true });
  for await (const _ of readMlflow(path.join(store, "mlflow.db")))
    expect(readdirSync(store)).toEqual(["mlflow.db", "mlruns"]);
  writeFileSync(path.join(store, "mlflow.db-wal"), "a transaction");
  await expect(read(store)).rejects.toThrow("mlflow.db-wal holds changes that the file itself hasn't");
  writeFileSync(path.join(store, "mlflow.db"), "no database");
  await expect(read(store)).rejects.toThrow("no SQLite file");
});

test("a folder that is no file store is said to be none", async () => {
  await expect(read(folder)).rejects.toThrow("no MLflow file store");
});
