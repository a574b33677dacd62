import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, expect, test } from "vitest";
import { seriesKey } from "../../../../lib/wire/points/series-name.ts";
import type { ImportedRun } from "../imported.ts";
import { surveyOf } from "../survey.ts";
import { openTableSource } from "./table.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdout-table-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(name: string, content: string | Uint8Array, ...map: string[]) {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  const { source, mapping } = await openTableSource(file, map);
  const runs: ImportedRun[] = [];
  const left: string[] = [];
  for await (const found of source(file)) {
    if (found.run) runs.push(found.run);
    left.push(...found.leftOut.map(({ unit, count, where, why }) => `${count} ${unit}, ${where}: ${why.slice(0, 24)}`));
  }
  const { read: counts } = await surveyOf(source, file);
  const roles = mapping.columns.map(({ role }) => role);
  return { runs, left, roles, counts };
}
const pointsOf = ({ series }: ImportedRun): Record<string, [number, number][]> =>
  Object.fromEntries(
    series.map((one) => {
      const { steps, values } = one.columns();
      return [seriesKey(one), [...steps].map((step, at): [number, number] => [step, values[at]!])];
    }),
  );

test("a row a step: each metric is a column, and what can't be a point is counted", async () => {
  const rows =
    "run,step,loss,val_acc,lr\na,0,0.5,0.1,0.1\na,1,0.4,,0.1\nb,0,NaN,0.2,0.2\nb,1,oops,0.3,0.2\nb,-1,3,,0.2\ntorn,row\n";
  const { runs, left, roles, counts } = await read("wide.csv", rows);
  expect(roles).toEqual(["run", "step", "metric", "metric", "config"]);
  expect(runs.map((run) => [run.name, run.config, pointsOf(run)])).toEqual([
    [
      "a",
      { lr: 0.1 },
      {
        "-/loss": [
          [0, 0.5],
          [1, 0.4],
        ],
        "validation/acc": [[0, 0.1]],
      },
    ],
    [
      "b",
      { lr: 0.2 },
      {
        "-/loss": [[0, Number.NaN]],
        "validation/acc": [
          [0, 0.2],
          [1, 0.3],
        ],
      },
    ],
  ]);
  expect(left).toEqual([
    "1 point, wide.csv: b: loss: no number: a text, a lis",
    "1 point, wide.csv: b: loss: a step below 0; ours are",
    "1 other, wide.csv:7: a row: a row that has an",
  ]);
  expect(counts).toMatchObject({ runs: 2, points: 8 });
});

test("a row a point, as Aim writes them: a column names the metric, another its split", async () => {
  const rows = [
    ",run.hash,run.hparams.lr,metric.name,metric.context.subset,idx,step,value,time",
    "0,abc,0.1,loss,train,0,0,1.0,1767603600.5",
    "1,def,0.2,loss,odd,0,7,1.5,1767603602",
    "--,--,--,--,--,--,--,--,--",
    "2,abc,0.1,loss,val,0,1,0.5,1767603601.5",
  ];
  const { runs } = await read("aim.csv", rows.join("\n"));
  // its rows don't stand together, and are one run
  expect(runs.map((run) => [run.name, run.config, run.startedAt, pointsOf(run)])).toEqual([
    ["abc", { "hparams.lr": 0.1 }, 1767603600500, { "train/loss": [[0, 1]], "validation/loss": [[1, 0.5]] }],
    ["def", { "hparams.lr": 0.2 }, 1767603602000, { "-/odd/loss": [[7, 1.5]] }],
  ]);
});

test("W&B's chart: three columns a run, whose names hold the sign between run and metric", async () => {
  const names = ["big - run - loss", "other - loss"].flatMap((name) => [name, `${name}__MIN`, `${name}__MAX`]);
  const header = ["Step", ...names].map((name) => `"${name}"`).join(",");
  const { runs } = await read("chart.csv", `${header}\n"0","1","1","1","2","2","2"\n"5","0.5","0.4","0.6","","",""\n`);
  expect(runs.map((run) => [run.name, pointsOf(run)])).toEqual([
    [
      "big - run",
      {
        "-/loss": [
          [0, 1],
          [5, 0.5],
        ],
      },
    ],
    ["other", { "-/loss": [[0, 2]] }],
  ]);
});

test("W&B's history as JSON lines, with Python's NaN; and its table of runs, whose names stand twice", async () => {
  const history = await read(
    "history.jsonl",
    '{"_step": 0, "_timestamp": 1767603600.5, "_runtime": 1, "loss": NaN, "a": {"b": 1}, "img": {"_type": "image-file"}}\n' +
      '{"_step": 4, "_timestamp": 1767603601.5, "_runtime": 2, "loss": -Infinity, "test/acc": 0.5, "a": {"b": 2}}\n{"_step": 5, "lo',
  );
  expect(history.runs.map((run) => [run.name, pointsOf(run)])).toEqual([
    [
      "history",
      {
        "-/loss": [
          [0, Number.NaN],
          [4, Number.NEGATIVE_INFINITY],
        ],
        "-/a.b": [
          [0, 1],
          [4, 2],
        ],
        "test/acc": [[4, 0.5]],
      },
    ],
  ]);
  expect(history.left).toContain("1 other, history.jsonl:3: a row: a line that is no");
  const { runs } = await read(
    "runs.csv",
    "Name,State,User,Created,Runtime,lr,optimizer,val/acc,_step\nr,finished,ada,2026-01-05T09:00:00Z,5,0.1,adam,0.9,20\nr,crashed,ada,2026-01-05T10:00:00Z,5,0.2,sgd,0.8,30\n",
  );
  expect(runs.map((run) => [run.name, run.config, run.end?.status, run.startedAt, pointsOf(run)])).toEqual([
    ["r", { lr: 0.1, optimizer: "adam" }, "finished", 1767603600000, { "validation/acc": [[20, 0.9]] }],
    ["r", { lr: 0.2, optimizer: "sgd" }, "failed", 1767607200000, { "validation/acc": [[20 + 10, 0.8]] }],
  ]);
  expect(new Set(runs.map(({ sourceId }) => sourceId)).size).toBe(2);
});

test("what was guessed is corrected by words and by a file; what can't be is refused by name", async () => {
  const rows = "trial,it,a=b,lr\n1,10,0.5,0.1\n1,20,0.25,0.2\n";
  writeFileSync(path.join(folder, "map.yaml"), "trial: nothing\nit: step\n");
  const { runs, left } = await read(
    "map.csv",
    rows,
    `@${path.join(folder, "map.yaml")}`,
    "a=b=metric:val_acc",
    "lr=config:rate",
  );
  expect(runs.map((run) => [run.name, run.config, pointsOf(run)])).toEqual([
    [
      "map",
      { rate: 0.1 },
      {
        "validation/acc": [
          [10, 0.5],
          [20, 0.25],
        ],
      },
    ],
  ]);
  expect(left).toEqual([
    "2 other, map.csv: trial: cells of a column: left ",
    "1 other, map.csv: map: lr: differs in a later row o",
  ]);
  await expect(read("map.csv", rows, "missing=metric")).rejects.toThrow(
    'no such column; there are "trial", "it", "a=b", "lr"',
  );
  await expect(read("map.csv", rows, "it=metrics")).rejects.toThrow("--map it=metrics: expected COLUMN=ROLE");
  await expect(read("map.csv", rows, "it=step", "lr=step")).rejects.toThrow('"it" and "lr" are both the step');
  await expect(read("map.csv", rows, "lr=value")).rejects.toThrow("metric-name and value go together");
});

test("Parquet is read as the others", async () => {
  const content = parquetWriteBuffer({
    columnData: [
      { name: "step", data: [0, 1], type: "INT32" },
      { name: "loss", data: [0.5, 0.25], type: "DOUBLE" },
    ],
  });
  const { runs } = await read("points.parquet", new Uint8Array(content));
  expect(runs.map((run) => [run.name, pointsOf(run)])).toEqual([
    [
      "points",
      {
        "-/loss": [
          [0, 0.5],
          [1, 0.25],
        ],
      },
    ],
  ]);
});
