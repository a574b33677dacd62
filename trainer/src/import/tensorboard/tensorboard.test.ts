import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { seriesKey } from "../../../../lib/wire/points/series-name.ts";
import type { ImportedRun, LeftOut } from "../imported.ts";
import { surveyOf } from "../survey.ts";
import { maskedCrc } from "./records.ts";
import { readTensorboard } from "./tensorboard.ts";

const logs = path.join(import.meta.dirname, "../fixtures/tensorboard");
const folder = mkdtempSync(path.join(tmpdir(), "holdout-tensorboard-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(from: string): Promise<{ runs: Map<string, ImportedRun>; leftOut: LeftOut[] }> {
  const runs = new Map<string, ImportedRun>();
  const leftOut: LeftOut[] = [];
  for await (const found of readTensorboard(from)) {
    if (found.run) runs.set(found.run.name, found.run);
    leftOut.push(...found.leftOut);
  }
  return { runs, leftOut };
}
const countsOf = (run: ImportedRun | undefined) =>
  Object.fromEntries((run?.series ?? []).map((one) => [seriesKey(one), one.count]));

/** A copy of one run's folder, whose one event file `change` gets. */
function copyOf(run: string, change: (file: string) => void): string {
  const copy = mkdtempSync(path.join(folder, "copy-"));
  cpSync(path.join(logs, run), path.join(copy, run), { recursive: true });
  change(path.join(copy, run, readdirSync(path.join(copy, run))[0]!));
  return copy;
}

test("runs, their series and their hyperparameters are those that TensorBoard's own reader counts", async () => {
  const { runs, leftOut } = await read(logs);
  expect(Object.fromEntries([...runs].map(([name, run]) => [name, countsOf(run)]))).toEqual({
    fit: { "train/epoch_loss": 3, "validation/epoch_loss": 3, "test/epoch_loss": 1 },
    // a restart at step 6 took back what was logged from there on
    restarted: { "-/train/loss": 12, "-/odd": 1 },
    session: { "-/accuracy": 1 },
    tuned: { "-/loss": 5, "-/parts/a": 5, "-/parts/b": 5, "-/hparam/accuracy": 1 },
  });
  expect(runs.get("tuned")).toMatchObject({
    config: { lr: 0.01, optimizer: "adam", nesterov: true },
    end: { status: "finished" },
  });
  expect(runs.get("session")).toMatchObject({
    config: { units: 16, dropout: 0.5, activation: "relu" },
    end: { status: "failed" },
    startedAt: 1767603600000,
    facts: { "tensorboard ended": "2026-01-05T09:00:05.000Z" },
  });
  const loss = runs
    .get("restarted")!
    .series.find(({ metric }) => metric === "train/loss")!
    .columns();
  expect([...loss.steps]).toEqual([...Array(12).keys()]);
  expect([loss.values[5], loss.values[6]]).toEqual([1 / 6, 2 / 7].map(Math.fround));
  expect(loss.times[6]).toBe(1767603706000);
  const told = leftOut.map(({ unit, count, where, why }) => [unit, count, where, why.split(/[;,:]/)[0]]);
  expect(told).toEqual(
    expect.arrayContaining([
      ["point", 4, "restarted: train/loss", "before a restart"],
      ["point", 1, "restarted: loss/validation", "before a restart"],
      ["point", 1, "restarted: odd", "a step below 0"],
      ["other", 1, "restarted", "values of the plugin text"],
      ["other", 1, "restarted", "histograms"],
    ]),
  );
  expect(told).toHaveLength(5);
});

test("a torn end loses its record alone; a damaged record itself; a damaged length all behind it", async () => {
  const whole = await surveyOf(readTensorboard, path.join(logs, "tuned/parts"));
  expect(whole.read).toMatchObject({ runs: 2, points: 10 });
  const torn = await read(copyOf("fit/train", (file) => truncateSync(file, readFileSync(file).length - 5)));
  expect(countsOf(torn.runs.values().next().value)).toEqual({ "train/epoch_loss": 2 });
  expect(torn.leftOut).toMatchObject([
    { unit: "other", why: expect.stringMatching(/^ends within a record: the last \d+ bytes/) },
  ]);
  const flipped = await read(copyOf("session", (file) => flip(file, readFileSync(file).indexOf("accuracy"))));
  expect(flipped.runs.get("session")).toMatchObject({ series: [], config: { units: 16 }, end: { status: "failed" } });
  expect(flipped.leftOut).toMatchObject([{ unit: "other", why: expect.stringContaining("is damaged") }]);
  const unreadable = await read(copyOf("session", (file) => flip(file, 0)));
  expect(unreadable.runs.size).toBe(0);
  expect(unreadable.leftOut).toMatchObject([
    { unit: "other", why: expect.stringMatching(/^damaged at byte 0: the \d+ bytes/) },
    { unit: "run", count: 1 },
  ]);
});

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at]! ^= 1;
  writeFileSync(file, bytes);
}

test("the sum is CRC-32C, masked", () => {
  // RFC 3720, B.4: of 32 zeros 0x8A9136AA
  const unmasked = (sum: number) => {
    const rotated = (sum - 0xa282ead8) >>> 0;
    return ((rotated << 15) | (rotated >>> 17)) >>> 0;
  };
  expect(unmasked(maskedCrc(new Uint8Array(32)))).toBe(0x8a9136aa);
});

test("a folder without event files is said to be none", async () => {
  await expect(read(mkdtempSync(path.join(folder, "empty-")))).rejects.toThrow("no event files");
});

test("pictures are files of their run, a file a picture, and are read again when they are sent", async () => {
  const { runs, leftOut } = await read(path.join(import.meta.dirname, "../fixtures/tensorboard-images"));
  const pictures = async (run: ImportedRun) =>
    Promise.all(
      run.files.map(async ({ path: at, file, sizeBytes }) => {
        const bytes = Buffer.from(await (file as () => Promise<Uint8Array>)());
        // a PNG ends with its chunk IEND
        return [at, bytes.length === sizeBytes && bytes.subarray(1, 4).toString(), bytes.subarray(-8, -4).toString()];
      }),
    );
  expect(await pictures(runs.get("drawn")!)).toEqual([
    ["images/samples/digit/0.png", "PNG", "IEND"],
    ["images/samples/digit/1.png", "PNG", "IEND"],
  ]);
  expect(await pictures(runs.get("batch")!)).toEqual([
    ["images/grid/7.png", "PNG", "IEND"],
    ["images/grid/7-2.png", "PNG", "IEND"],
    ["images/grid/7-3.png", "PNG", "IEND"],
  ]);
  expect(leftOut).toEqual([]);
});
