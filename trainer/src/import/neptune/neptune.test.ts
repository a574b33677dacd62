import { cpSync, mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { seriesKey } from "../../../../lib/wire/points/series-name.ts";
import type { ImportedRun } from "../imported.ts";
import { readNeptune } from "./neptune.ts";

const fixtures = path.join(import.meta.dirname, "../fixtures/neptune");
const folder = mkdtempSync(path.join(tmpdir(), "holdout-neptune-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(place: string) {
  const runs: ImportedRun[] = [];
  const left: string[] = [];
  for await (const { run, leftOut } of readNeptune(place)) {
    if (run) runs.push(run);
    left.push(...leftOut.map(({ unit, count, why }) => `${count} ${unit}: ${why}`));
  }
  return { runs, left };
}
const countsOf = ({ series }: ImportedRun) => Object.fromEntries(series.map((one) => [seriesKey(one), one.count]));

test("an export's runs come with series, config, files and what Neptune said of them", async () => {
  const { runs, left } = await read(fixtures);
  expect(runs.map((run) => [run.name, countsOf(run), run.end?.status])).toEqual([
    // what was measured once is a point, so that a test number is quarantined as any
    ["first", { "-/loss": 12, "validation/loss": 2, "test/accuracy": 1 }, "finished"],
    ["DIG-2", { "-/loss": 1 }, "failed"],
  ]);
  const [first] = runs;
  expect([...first!.series[0]!.columns().steps]).toEqual([...Array(12).keys()]);
  expect(first).toMatchObject({
    notes: "The first **try**.",
    config: {
      "parameters/lr": 1e-5,
      "parameters/layers": 3,
      "parameters/optimizer": "adam",
      "parameters/nesterov": true,
    },
    startedAt: 1767603600000,
    facts: { "neptune user": "ada", "neptune sys/tags": "vision, try" },
    files: [{ path: "notes.txt", sizeBytes: 14 }],
  });
  expect(left.sort()).toEqual([
    "1 file: it isn't in the export's folder",
    "1 other: values of histogram_series: not imported",
    "1 other: values of string_series: not imported",
    "1 point: its step is no integer from 0 to 2^53-1",
  ]);
});

test("a damaged part is named, and the other parts come in", async () => {
  const copy = path.join(folder, "damaged");
  cpSync(fixtures, copy, { recursive: true });
  truncateSync(path.join(copy, "data/lab_digits/DIG-1_part_1.parquet"), 2000);
  const { runs, left } = await read(copy);
  expect(runs.map((run) => countsOf(run)["-/loss"])).toEqual([10, 1]);
  expect(left).toContainEqual(expect.stringMatching(/^1 other: can't be read from here on: the file is no Parquet/));
  await expect(read(path.join(folder, "nowhere"))).rejects.toThrow("no export of Neptune");
});
