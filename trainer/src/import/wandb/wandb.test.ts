import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { seriesKey } from "../../../../lib/wire/points/series-name.ts";
import type { ImportedRun } from "../imported.ts";
import { surveyOf } from "../survey.ts";
import { wandbRecordsOf } from "./records.ts";
import { readWandb } from "./wandb.ts";

const fixtures = path.join(import.meta.dirname, "../fixtures/wandb");
const folder = mkdtempSync(path.join(tmpdir(), "holdout-wandb-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(place: string) {
  const runs = new Map<string, ImportedRun>();
  const left: string[] = [];
  for await (const { run, leftOut } of readWandb(place)) {
    if (run) runs.set(run.name, run);
    left.push(...leftOut.map(({ unit, count, where, why }) => `${count} ${unit}, ${path.basename(where)}: ${why}`));
  }
  return { runs, left };
}
const countsOf = ({ series }: ImportedRun): Record<string, number> =>
  Object.fromEntries(series.map((one) => [seriesKey(one), one.count]));

/** A copy of the longer run, and the path of its file. */
function copyOf(name: string): { copy: string; log: string } {
  const copy = path.join(folder, name);
  const [first = ""] = readdirSync(fixtures);
  cpSync(path.join(fixtures, first), path.join(copy, first), { recursive: true });
  return { copy, log: path.join(copy, first, "run-aaaa1111.wandb") };
}

test("offline runs come with what W&B's own reader counts in them", async () => {
  const { runs, left } = await read(fixtures);
  const first = runs.get("first")!;
  const { "-/system/cpu": cpu, ...counts } = countsOf(first);
  const machine = Object.keys(counts).filter((key) => key.startsWith("-/system/"));
  expect([cpu, machine.length, ...new Set(machine.map((key) => counts[key]))]).toEqual([3, 12, 4]);
  expect(Object.fromEntries(Object.entries(counts).filter(([key]) => !machine.includes(key)))).toEqual({
    "-/loss": 30,
    "-/nested.norm": 30,
    "-/epoch": 3,
    "validation/acc": 3,
    "test/acc": 3,
    "-/odd": 2,
    // put into the summary, and never logged
    "-/best": 1,
  });
  expect([...first.series.find(({ metric }) => metric === "odd")!.columns().values]).toEqual([
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ]);
  expect(first).toMatchObject({
    sourceId: "digits/aaaa1111",
    notes: "The first **try**.",
    config: { lr: 1e-5, optim: { name: "adam", betas: [0.9, 0.999] }, late: 3 },
    end: { status: "finished" },
    facts: { "wandb run": "aaaa1111", "wandb host": "node-1", "wandb group": "tries", "wandb tags": "vision" },
  });
  expect(first.files.map((file) => file.path).sort()).toEqual([
    "media/html/page_41_7ac05c582f248df8952e.html",
    "output.log",
  ]);
  expect(countsOf(runs.get("second")!)).toEqual({ "-/loss": 3 });
  expect(runs.get("second")!.end).toMatchObject({
    status: "failed",
    failure: { message: expect.stringContaining("code 1") },
  });
  expect(left.map((line) => line.split(/[:,] /).slice(0, 3).join(" ")).sort()).toEqual([
    "1 point run-aaaa1111.wandb bars",
    "1 point run-aaaa1111.wandb page",
    "1 point run-aaaa1111.wandb words",
    "1 point run-aaaa1111.wandb yes",
  ]);
});

test("a torn end loses what was torn alone, and says how much; the run has no end then", async () => {
  const { copy, log } = copyOf("torn");
  const whole = await surveyOf(readWandb, copy);
  truncateSync(log, 9_000);
  rmSync(path.join(path.dirname(log), "files"), { recursive: true });
  const { runs, left } = await read(copy);
  const first = runs.get("first")!;
  expect(first.end).toBe(null);
  const points = Object.values(countsOf(first)).reduce((sum, count) => sum + count, 0);
  expect(points).toBeGreaterThan(30);
  expect(points).toBeLessThan(whole.read.points);
  expect(left).toEqual([
    expect.stringMatching(/^1 other, run-aaaa1111.wandb: ends within a record: the last \d+ bytes/),
  ]);
});

test("a damaged block is named, and the blocks after it are read; the console is a file where none has it", async () => {
  const { copy, log } = copyOf("damaged");
  const bytes = readFileSync(log);
  // the file once more behind itself, so that there is a second block to read on from
  const second = Buffer.concat([bytes.subarray(0, 15_000), Buffer.alloc(32_768 - 15_000), bytes.subarray(7)]);
  second[12_000]! ^= 0xff;
  writeFileSync(log, second);
  rmSync(path.join(path.dirname(log), "files"), { recursive: true });
  const { runs, left } = await read(copy);
  expect(left.filter((line) => line.includes("damaged"))).toEqual([
    expect.stringMatching(/bytes to the end of their block can't be read$/),
  ]);
  expect(countsOf(runs.get("first")!)["validation/acc"]).toBeGreaterThan(3);
  const [console] = runs.get("first")!.files;
  expect(console!.path).toBe("output.log");
  expect(Buffer.from(console!.file as Uint8Array).toString()).toContain("what was printed");
});

test("a record may reach over many blocks", async () => {
  const content = Buffer.alloc(100_000, "x");
  const parts: Buffer[] = [Buffer.from([0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0])];
  for (let at = 0, left = 32_768 - 7; at < content.length; left = 32_768) {
    const piece = content.subarray(at, at + left - 7);
    const type = at === 0 ? 2 : at + piece.length === content.length ? 4 : 3;
    const head = Buffer.alloc(7);
    head.writeUInt32LE(crc32(Buffer.concat([Buffer.from([type]), piece])));
    head.writeUInt16LE(piece.length, 4);
    head[6] = type;
    parts.push(head, piece);
    at += piece.length;
  }
  const file = path.join(folder, "run-long.wandb");
  writeFileSync(file, Buffer.concat(parts));
  const found: unknown[] = [];
  for await (const { bytes, fault } of wandbRecordsOf(file)) found.push(fault ?? bytes!.length);
  expect(found).toEqual([100_000]);
  await expect(read(path.join(folder, "nowhere"))).rejects.toThrow("no runs of W&B");
});
