/** Tables of strangers, uploaded: kept or refused, never changed. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { registerManifest } from "../manifests/register.ts";
import { READ_LIMITS } from "../tables/read-samples.ts";
import { newProject, prepareWorkspace } from "../test-workspace.ts";
import { completeDataset, createDataset, findReading } from "./datasets.ts";
import { previewSamples } from "./preview.ts";
import { type UploadQuery, uploadSamples } from "./upload.ts";

prepareWorkspace();
let project = "";
let versions = 0;
const folder = mkdtempSync(path.join(tmpdir(), "holdout-tables-"));
beforeAll(async () => {
  vi.stubEnv("HOLDOUT_DATA_DIR", folder);
  project = (await newProject()).id;
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

type Content = string | Uint8Array;
const limits = { ...READ_LIMITS, bytes: 1 << 20 };

async function upload(format: string, content: Content, query: Partial<UploadQuery> = {}, given = limits) {
  const dataset = { name: "tables", version: String(++versions) };
  const { id } = await createDataset(systemActor, { ...dataset, project });
  const answer = await uploadSamples(
    systemActor,
    id,
    { format, ...query },
    new Blob([content as BlobPart]).stream(),
    given,
  );
  return { id, dataset, answer };
}

async function rowsOf(format: string, content: Content, query: Partial<UploadQuery> = {}) {
  const { id, answer } = await upload(format, content, query);
  const rows = await connections().sql<
    { key: string; label: string | null; group: string | null; hash: string; time: Date | null }[]
  >`
    select key, label, "group", encode(content_hash, 'hex') as hash, s."time" from dataset_samples s
    join datasets d on d.number = s.dataset_number where d.id = ${id} order by key`;
  return { rows, remarks: answer.remarks };
}

async function manifestOf(format: string, content: Content) {
  const { id, dataset } = await upload(format, content);
  await completeDataset(systemActor, id);
  return registerManifest(systemActor, { project, name: "tables", dataset, method: "given" });
}

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

test("a table is one manifest, whether it comes as CSV, JSON lines or Parquet, with float32 or with 0.0 for 0", async () => {
  const csv = await manifestOf("csv", "key,split,label,x,y\na,train,0.0,0.10,NA\nb,test,1.0,2.0,word\n");
  const jsonl = await manifestOf(
    "jsonl",
    '{"key":"a","split":"train","label":0,"x":0.1}\n{"key":"b","split":"test","label":1,"x":2,"y":"word"}\n',
  );
  const columnData = [
    { name: "key", data: ["a", "b"], type: "STRING" as const },
    { name: "split", data: ["train", "test"], type: "STRING" as const },
    { name: "label", data: new Float64Array([0, 1]), type: "DOUBLE" as const },
    { name: "x", data: new Float32Array([0.1, 2]), type: "FLOAT" as const },
    { name: "y", data: [null, "word"], type: "STRING" as const, nullable: true },
  ];
  const parquet = await manifestOf("parquet", new Uint8Array(parquetWriteBuffer({ columnData })));
  expect([jsonl.id, parquet.id]).toEqual([csv.id, csv.id]);
  // trainer/src/data/table-rows.test.ts has the same rows, and the same digest
  const [a, b] = [hashOf("x=0.1\ny=\n"), hashOf("x=2\ny=word\n")];
  expect(csv.id).toBe(hashOf(`holdout-manifest v1\na\t${a}\ttrain\t0\t\nb\t${b}\ttest\t1\t\n`));
});

const latin1 = (text: string) => Buffer.from(text, "latin1");
/** Of the rows themselves, which the trainer reads by the same code: table-rows.test.ts asks for them without a process each. */
const asTrained: [string, string | Uint8Array, string][] = [
  ["csv", latin1("key,split,label,text\na,train,0,caf\xe9\nb,test,1,caf\xe8\n"), "line 2 is not UTF-8"],
  ["csv", "key,split,label,x,x\na,train,0,1,9\n", 'the column "x" stands twice'],
  ["csv", "key,split,label,Group,x\na,train,cat,p1,1\n", 'the column "Group" looks like group'],
  ["csv", "key,split,label,x\na,train,cat,1\nb,test, cat,1\n", 'row 2, label: " cat" has blanks round it'],
  ["csv", "key,x,time\na,1,2026-01-05\nb,2,03/04/2021\n", 'row 2, time: is "03/04/2021"; ISO 8601'],
  ["jsonl", `{"key":"a","x":${"[".repeat(50_000)}${"]".repeat(50_000)}}\n`, "line 1 is nested deeper than 100"],
];
test.each<[string, string | Uint8Array, string]>([
  ...(process.env.HOLDOUT_TEST_SLOW ? asTrained : []),
  ["jsonl", latin1('{"key":"a","text":"b"}\n{"key":"b","text":"caf\xe9"}\n'), "line 2 is not UTF-8"],
  ["csv", Buffer.from("\ufeffkey,text\na,b\n", "utf16le"), "line 1 is not UTF-8 but UTF-16"],
  ["csv", "key,split,group,x\na,train,p1 ,1\n", 'row 1, group: "p1 " has blanks round it; "p1" is right'],
  [
    "csv",
    "name,split,x\na,train,1\n",
    'there is no column key, which names each sample; the columns are "name", "split", "x"; add one, or say which it is (columns=NAME:key), or that rows are called by their lines (keys=lines)',
  ],
  ["csv", "key,x\na,1\nb,2\na,1\n", 'row 3, key: "a" stands in row 1 already'],
  ["csv", "key,x,day\na,1,31/01/2026\nb,2,01/31/2026\n", 'row 2, time: is "01/31/2026"; day, month and year'],
  ["csv", "key,x,time\na,1,10\n", "where the column says something else, take it as a feature (columns=time:feature)"],
  ["csv", "key,x,split\na,1,left\n", "take it as a feature (columns=split:feature)"],
  ["csv", "key,x,time\na,1,0000-01-01T00:00:00Z\n", "row 1, time"],
  ["csv", "key,x,time\na,1,1767600000000\n", "milliseconds since 1970"],
  ["csv", "key,x\na,1,2\n", "line 2 has 3 cells, the header 2"],
  ["jsonl", '{"key":"a","x":1}\n{"key":"b","x":1,"x":2}\n', 'line 2: the name "x" stands twice'],
])("a %s file that would be changed is refused, and says where", async (format, content, words) => {
  const query = String(content).startsWith("key,x,day") ? { columns: "day:time-day-first" } : {};
  await expect(upload(format, content, query)).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining(words),
  });
});

test("what a person answers is taken: what a column is, that blanks are cut, what is told", async () => {
  const asGroup = await rowsOf("csv", "key,Group,x\na,p1 ,1\n", { columns: "Group:group", blanks: "trim" });
  expect(asGroup.rows).toMatchObject([{ group: "p1", hash: hashOf("x=1\n") }]);
  const asFeature = await rowsOf("csv", "key,Group,x\na,p1,1\n", { columns: "Group:feature" });
  expect(asFeature.rows).toMatchObject([{ group: null, hash: hashOf("Group=p1\nx=1\n") }]);
  const told = await rowsOf("csv", "key,price,x\na,1.50,1\n", { target: "price" });
  expect(told.rows).toMatchObject([{ label: "1.5", hash: hashOf("x=1\n") }]);
});

test("what else is said of a file is taken, and kept for the dataset's next version", async () => {
  const file = "patient;Alter;Diagnose;Tag\nP1;51,5;gesund;31.01.2026\nP2;?;krank;1.2.2026\n";
  const query = {
    columns: "patient:group,Diagnose:label,Tag:time-day-first",
    missing: "?",
    keys: "lines",
    decimals: "comma",
  };
  const { rows } = await rowsOf("csv", file, query);
  expect(rows).toEqual([
    { key: "row/2", label: "gesund", group: "P1", hash: hashOf("Alter=51.5\n"), time: new Date("2026-01-31") },
    { key: "row/3", label: "krank", group: "P2", hash: hashOf("Alter=\n"), time: new Date("2026-02-01") },
  ]);
  expect(await findReading(systemActor, project, "tables")).toEqual({
    columns: { patient: "group", Alter: "feature", Diagnose: "label", Tag: "time-day-first" },
    trim: false,
    missing: ["?"],
    byLine: true,
    decimalComma: true,
  });
  expect(await findReading(systemActor, project, "no such dataset")).toBeNull();
});

test("nothing is stored of a file in which a late row is wrong, so that it may be read otherwise", async () => {
  const lines = Array.from({ length: 5_000 }, (_, at) => `k${at},${at % 7},2026-01-05\n`).join("");
  const dataset = { name: "late", version: "1" };
  const { id } = await createDataset(systemActor, { ...dataset, project });
  const send = (columns: string) =>
    uploadSamples(
      systemActor,
      id,
      { format: "csv", columns },
      new Blob([`key,x,time\n${lines}last,1,soon\n`]).stream(),
      limits,
    );
  await expect(send("")).rejects.toThrow('row 5001, time: is "soon"');
  const [stored] = await connections().sql`
    select count(*)::int as n from dataset_samples s join datasets d on d.number = s.dataset_number where d.id = ${id}`;
  expect(stored).toEqual({ n: 0 });
  expect(await send("time:feature")).toMatchObject({ added: 5_001, there: 0 });
});

test("a preview stores nothing, and is bounded as an upload is", async () => {
  const look = (content: string, given = limits) =>
    previewSamples(systemActor, { format: "csv", part: false }, new Blob([content]).stream(), given);
  const { columns } = await look("scan,patient,kind\na,P1,x\nb,P1,y\n");
  expect(columns.map(({ role }) => role)).toEqual(["key", "feature", "feature"]);
  await expect(look("a,a\n1,2\n")).rejects.toMatchObject({ status: 400 });
  await expect(look("a,b\n1,2\n", { ...limits, bytes: 4 })).rejects.toMatchObject({ status: 413 });
  const staging = path.join(folder, "blobs", "staging");
  expect(existsSync(staging) && readdirSync(staging)).toEqual([]);
});

test("a split as it is given is refused where no sample has one", async () => {
  await expect(manifestOf("csv", "key,x\na,1\nb,2\n")).rejects.toThrow(
    "method: given takes the samples' own splits, and none has one",
  );
});

test("a file for a dataset that isn't there is refused before it is stored", async () => {
  const endless = new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(1024)) });
  const nowhere = uploadSamples(systemActor, "00000000-0000-7000-8000-000000000000", { format: "csv" }, endless);
  await expect(nowhere).rejects.toMatchObject({ status: 404 });
});

test("a saved row number is left out and said, and a feature that counts rows is pointed out", async () => {
  const saved = await rowsOf("csv", ",key,x\n0,a,1\n1,b,1\n");
  expect(saved.rows[0]!.hash).toBe(saved.rows[1]!.hash);
  expect(saved.remarks).toEqual(['left out, as it names or numbers rows: the column ""']);
  const lines = Array.from({ length: 12 }, (_, at) => `k${at},${at + 100},1\n`).join("");
  expect((await rowsOf("csv", `key,no,x\n${lines}`)).remarks).toEqual([
    expect.stringContaining('the column "no" counts the rows'),
  ]);
});

test("'missing' is one thing in features, labels and groups, and a padded number is a text", async () => {
  const { rows } = await rowsOf("csv", "key,label,group,x,zip\na,NA,None,NaN,01234\nb,,,null,1234\n");
  expect(rows).toMatchObject([
    { label: null, group: null, hash: hashOf("x=\nzip=01234\n") },
    { label: null, group: null, hash: hashOf("x=\nzip=1234\n") },
  ]);
});

test("a byte order mark and U+2028 inside a line are no obstacle in JSON lines", async () => {
  const { rows } = await rowsOf("jsonl", '\ufeff{"key":"a","text":"one\u2028two"}\r\n{"key":"b","text":"x"}');
  expect(rows.map(({ key, hash }) => [key, hash])).toEqual([
    ["a", hashOf("one\u2028two")],
    ["b", hashOf("x")],
  ]);
});

test("columns that the first line of JSON lines lacks count, and so does one called __proto__", async () => {
  const { rows } = await rowsOf("jsonl", '{"key":"a","x":1}\n{"key":"b","x":1,"__proto__":2,"label":"cat"}\n');
  expect(rows).toMatchObject([
    { label: null, hash: hashOf("__proto__=\nx=1\n") },
    { label: "cat", hash: hashOf("__proto__=2\nx=1\n") },
  ]);
});

/** 200 rows as hyparquet-writer has them, with one bit turned. */
function damaged(byte: number, bit: number): Uint8Array {
  const at = Array.from({ length: 200 }, (_, index) => index);
  const columnData = [
    { name: "key", data: at.map((index) => `k${index}`), type: "STRING" as const },
    { name: "label", data: at.map((index) => `c${index % 3}`), type: "STRING" as const },
    { name: "x", data: Float64Array.from(at), type: "DOUBLE" as const },
  ];
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData }));
  bytes[byte]! ^= 1 << bit;
  return bytes;
}

/** What an upload that was refused has left of its file. */
function expectNothingStaged(): void {
  const staging = path.join(folder, "blobs", "staging");
  expect(existsSync(staging) && readdirSync(staging)).toEqual([]);
}

test("a Parquet file with a bit turned is read or refused in words, and nothing of it is left behind", async () => {
  for (const [byte, bit] of [
    [6, 0],
    [1200, 6],
  ] as const)
    await upload("parquet", damaged(byte, bit)).catch((error) => expect(error).toMatchObject({ status: 400 }));
  expectNothingStaged();
});

/** Ends processes that still read a file for this one: a test that fails leaves none that goes in circles. */
function endReaders(): void {
  for (const line of execFileSync("ps", ["-axo", "pid=,ppid=,command="], { encoding: "utf8" }).split("\n")) {
    const [id, parent] = line.trim().split(/\s+/);
    if (parent === String(process.pid) && line.includes("read-process")) process.kill(Number(id), "SIGKILL");
  }
}

test.each([
  [18, 1],
  [20, 7],
  [893, 7],
])(
  "a Parquet file in which a reader goes in circles, as byte %i is damaged, is refused in time",
  async (byte, bit) => {
    onTestFinished(endReaders);
    const soon = { ...limits, silentMs: 1_000 };
    await expect(upload("parquet", damaged(byte, bit), {}, soon)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining("nothing of it came within 1 s"),
    });
    expectNothingStaged();
  },
  30_000,
);

test("a Parquet file whose column is broken names it and its row group", async () => {
  const bytes = damaged(0, 0);
  bytes[0]! ^= 1;
  bytes.fill(0, 10, 60);
  await expect(upload("parquet", bytes)).rejects.toThrow(
    /the column "key" can't be read in row group 0 of the Parquet file/,
  );
});

test("what reads strangers' files knows nothing of the server's environment", async () => {
  // whoever inherits it can't start
  vi.stubEnv("NODE_OPTIONS", "--require=/nowhere.cjs");
  try {
    expect((await upload("csv", "key,x\na,1\n")).answer).toMatchObject({ added: 1 });
  } finally {
    vi.stubEnv("NODE_OPTIONS", undefined);
  }
});

test("a file beyond the bound and a row beyond its bound are refused", async () => {
  const small = { ...limits, bytes: 100 };
  await expect(upload("csv", `key,x\n${"a,1\n".repeat(40)}`, {}, small)).rejects.toMatchObject({ status: 413 });
  const long = { ...limits, bytes: 64 * 1024 * 1024 };
  await expect(upload("jsonl", `{"key":"${"a".repeat(17 * 1024 * 1024)}"}`, {}, long)).rejects.toThrow(
    "line 1 has more than 16777216 bytes",
  );
});

test("a file that takes more memory than there is for it is refused, off JavaScript's heap too", async () => {
  const tight = { ...limits, bytes: 64 * 1024 * 1024, memoryBytes: 160 * 1024 * 1024 };
  expect((await upload("csv", "key,x\na,1\n", {}, tight)).answer).toMatchObject({ added: 1 });
  // 160 MiB of bytes in one row group, 8 MB as they are packed; each differs, or they were stored once
  const data = Array.from({ length: 40 }, (_, at) => new Uint8Array(4 * 1024 * 1024).fill(97).fill(98, at + 1));
  const key = { name: "key", data: data.map((_, at) => `k${at}`), type: "STRING" as const };
  const packed = new Uint8Array(
    parquetWriteBuffer({ columnData: [key, { name: "x", data, type: "BYTE_ARRAY" as const }] }),
  );
  await expect(upload("parquet", packed, {}, tight)).rejects.toThrow("needs more than 160 MiB to be read");
});
