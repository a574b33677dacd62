/** Tables of strangers, trained on: kept or refused, never changed, and the same rows as on the server. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, expect, test } from "vitest";
import { splitOptionsSchema } from "../../../lib/wire/data/manifests.ts";
import { manifestHere } from "../manifests/manifest.ts";
import { contentHash, labelAt } from "./data.ts";
import { readDataSet } from "./sets.ts";
import { allSamples } from "./split.ts";
import type { TableOptions } from "./table.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdout-rows-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(name: string, content: string | Uint8Array, options: Partial<TableOptions> = {}) {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return readDataSet(file, options);
}
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

test("a table is one manifest, whether it comes as CSV, JSON lines or Parquet, and the one that the server makes", async () => {
  const columnData = [
    { name: "key", data: ["a", "b"], type: "STRING" as const },
    { name: "label", data: new Float64Array([0, 1]), type: "DOUBLE" as const },
    { name: "x", data: new Float32Array([0.1, 2]), type: "FLOAT" as const },
  ];
  const sets = [
    await read("one.csv", "key,label,x\na,0.0,0.10\nb,1.0,2.0\n"),
    await read("one.jsonl", '{"key":"a","label":0,"x":0.1}\n{"key":"b","label":1,"x":2}\n'),
    await read("one.parquet", new Uint8Array(parquetWriteBuffer({ columnData }))),
  ];
  const ids = sets.map((set) => {
    const samples = allSamples(set).map((sample) => ({
      ...sample,
      split: sample.key === "a" ? ("train" as const) : ("validation" as const),
    }));
    const dataset = { name: "one", version: "1", description: "" };
    const made = { method: "given" as const, seed: 1, options: splitOptionsSchema.parse({}), leftOut: 0 };
    return manifestHere(set, { ...made, samples }, { name: "one", dataset, notes: "" }).id;
  });
  const text = `holdout-manifest v1\na\t${hashOf("x=0.1\n")}\ttrain\t0\t\nb\t${hashOf("x=2\n")}\tval\t1\t\n`;
  expect(ids).toEqual([hashOf(text), hashOf(text), hashOf(text)]);
});

test("a row is known by what version 1 hashed too: its float32 values, and in an upload its cells", async () => {
  const { train } = await read("before.csv", "key,label,x,y\na,cat,0.10,+2\nb,dog,3,4\n", { columns: "y:nothing" });
  const values = Buffer.concat([Buffer.from("row 2 float32\n"), Buffer.from(new Float32Array([0.1, 2]).buffer)]);
  expect(train.contents![0]).toEqual({
    hash: hashOf("x=0.1\n"),
    features: '{"x":"0.1"}',
    earlier: [hashOf("x=0.1\ny=2\n"), createHash("sha256").update(values).digest("hex")],
  });
});

test.each([
  ["latin.csv", Buffer.from("x,label\n1,caf\xe9\n", "latin1"), /latin\.csv: line 2 is not UTF-8/],
  ["twice.csv", "x,x,label\n1,2,a\n", /the column "x" stands twice/],
  ["case.csv", "x,label,Group\n1,a,p\n", /the column "Group" looks like group; .*--columns Group:group/],
  ["blank.csv", "x,label\n1,cat \n", /row 1, label: "cat " has blanks round it; "cat" is right, .*--blanks trim/],
  ["none.csv", "x,label\n1,a\n2,NA\n", /line 3: label is "NA"; a label in each row that is trained on is right/],
  ["zeros.csv", "x,label\n01234,a\n1,b\n", /line 2: x is "01234"; a number is right, without leading zeros/],
  ["power.csv", "x,label\n1E5,a\n1,b\n", /line 2: x is "1E5"; a number is right, .* an exponent with its sign/],
  ["days.csv", "x,label,time\n1,a,10\n", /line 2: time is "10"; .* take it as a feature \(--columns time:feature\)/],
  ["time.csv", "x,label,time\n1,a,03/04/2021\n", /line 2: time is "03\/04\/2021"; ISO 8601/],
  [
    "texts.csv",
    'x,"name, long",y,label,city%\n1,ann,2,a,ulm\n',
    /line 2: name, long is "ann"; a number is right, .*: --columns "name%2C long:nothing,city%25:nothing"$/,
  ],
  ["gap.csv", "x,y,label\n1,2,a\n,2,b\n", /line 3: x is ""; a number is right, .*: --columns "x:nothing"$/],
  ["blanks.csv", "Chins Situps\n1 2\n", /it has the one column "Chins Situps"; if blanks divide its columns, commas/],
  ["deep.jsonl", `{"x":${"[".repeat(200)}${"]".repeat(200)},"label":"a"}`, /line 1 is nested deeper than 100/],
])("%s is refused where it would be changed", async (name, content, message) => {
  await expect(read(name, content)).rejects.toThrow(message);
});

test("columns that semicolons divide are read as those that commas do", async () => {
  const contentsOf = async (name: string, content: string) => (await read(name, content)).train.contents;
  expect(await contentsOf("semi.csv", "x;label\n1.5;a\n")).toEqual(await contentsOf("comma.csv", "x,label\n1.5,a\n"));
});

test("what a person says of a column, and of blanks, is taken", async () => {
  const set = await read("said.csv", "x,label,Group\n1,a ,p\n2,b,NA\n", { columns: "Group:group", blanks: "trim" });
  expect([set.inputShape, set.classes, set.train.facts!.map(({ group }) => group)]).toEqual([
    [1],
    ["a", "b"],
    ["p", null],
  ]);
});

test("a saved row number is no feature, and one that counts the rows is pointed out", async () => {
  const rows = Array.from({ length: 12 }, (_, at) => `${at},${at + 5},${at % 3},${at % 2 ? "a" : "b"}`);
  const set = await read("index.csv", `,no,x,label\n${rows.join("\n")}\n`);
  expect(set.inputShape).toEqual([2]);
  expect(set.remarks).toEqual([
    expect.stringContaining('left out, as it names or numbers rows: the column ""'),
    expect.stringContaining('"no" counts the rows'),
  ]);
});

test("a sample of test may have no label, and JSON lines have the columns of all of them", async () => {
  const lines = [
    '{"key":"a","x":1,"split":"train"}',
    '{"key":"b","x":1,"z":2,"label":"up"}',
    '{"key":"c","x":1,"z":2,"split":"test"}',
  ];
  await expect(read("late.jsonl", lines.join("\n"))).rejects.toThrow(/late\.jsonl, line 1: z is null|label is null/);
  const set = await read(
    "none.jsonl",
    '{"key":"a","x":1,"label":"up"}\n{"key":"b","x":2,"label":"down"}\n{"key":"c","x":3,"split":"test","label":null}\n',
  );
  expect([set.classes, labelAt(set, set.test, 0), contentHash(set, set.test, 0)]).toEqual([
    ["down", "up"],
    null,
    hashOf("x=3\n"),
  ]);
});
