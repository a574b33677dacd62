/** Samples come in and go out as files: CSV, JSON Lines and Parquet say the same. */
import { writeFileSync } from "node:fs";
import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { expect, test, vi } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { registerManifest } from "../manifests/register.ts";
import { type ExportFormat, exportManifest } from "../manifests/samples.ts";
import { newProject, prepareWorkspace } from "../test-workspace.ts";
import { completeDataset, createDataset } from "./datasets.ts";
import { uploadSamples } from "./upload.ts";

prepareWorkspace();
let versions = 0;

async function upload(format: string, content: string | Uint8Array, into?: string) {
  const project = into ?? (await newProject()).id;
  const dataset = { name: "files", version: String(++versions) };
  const { id } = await createDataset(systemActor, { project, ...dataset });
  const answer = await uploadSamples(systemActor, id, { format }, new Blob([content as BlobPart]).stream());
  return { id, dataset, answer };
}

async function manifestOf(project: string, format: string, content: string | Uint8Array, options: object = {}) {
  const { id, dataset } = await upload(format, content, project);
  await completeDataset(systemActor, id);
  return registerManifest(systemActor, { project, name: "files", dataset, method: "given", ...options });
}

async function exported(project: string, manifest: string, format: ExportFormat): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of exportManifest(systemActor, project, manifest, format)) pieces.push(piece);
  return Buffer.concat(pieces);
}

const awkward = [
  { key: 'a "quoted", b', label: "猫", group: "p;1", split: "train", text: "one\ntwo" },
  { key: "=1+1", label: "dog", group: null, split: "test", text: "café" },
  { key: "zoë", label: null, group: "p 2", split: "validation", text: "zoë" },
];
const jsonl = awkward.map((row) => JSON.stringify(row)).join("\n");

test("what is exported in any format and uploaded again is the same manifest", async () => {
  const project = (await newProject()).id;
  const manifest = await manifestOf(project, "jsonl", jsonl);
  for (const format of ["csv", "jsonl", "parquet"] as const) {
    const again = await manifestOf(project, format, await exported(project, manifest.id, format));
    expect(again.id).toBe(manifest.id);
  }
  const lines = (await exported(project, manifest.id, "jsonl")).toString("utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).key).sort()).toEqual(awkward.map(({ key }) => key).sort());
});

test("a time that names no zone is UTC's, wherever the server stands", async () => {
  vi.stubEnv("TZ", "Asia/Tokyo");
  const project = (await newProject()).id;
  const csv = "key,split,text,time\na,train,x,2026-01-05 09:00\nb,test,y,2026-01-05T09:00:01+01:00\n";
  const manifest = await manifestOf(project, "csv", csv);
  vi.unstubAllEnvs();
  const lines = (await exported(project, manifest.id, "jsonl")).toString("utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).time)).toEqual(["2026-01-05T09:00:00.000Z", "2026-01-05T08:00:01.000Z"]);
});

test("a Parquet file of several row groups is read by others row by row", async () => {
  const project = (await newProject()).id;
  const rows = Array.from({ length: 20_500 }, (_, at) => ({ key: `k${String(at).padStart(6, "0")}`, x: at }));
  const csv = `key,label,x\n${rows.map(({ key, x }) => `${key},${x % 7},${x}`).join("\n")}\n`;
  const manifest = await manifestOf(project, "csv", csv, { method: "random", seed: 1 });
  const bytes = await exported(project, manifest.id, "parquet");
  if (process.env.HOLDOUT_KEEP_PARQUET) writeFileSync(process.env.HOLDOUT_KEEP_PARQUET, bytes);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const read = await parquetReadObjects({ file, compressors });
  expect(read).toHaveLength(rows.length);
  for (const at of [0, 19_999, 20_000, 20_499])
    expect(read[at]).toMatchObject({ key: rows[at]!.key, label: String(at % 7), group: null });
  const train = read.filter(({ split }) => split === "train");
  expect(train).toHaveLength(manifest.counts.train);
});

test.each([
  ["csv", "key,label\n,cat\n", "row 1, key"],
  ["csv", 'key\n"open\n', "the file is no CSV"],
  ["jsonl", '{"key": "a", "text": "b"}\n{"key": ', "line 2 is not JSON"],
  ["jsonl", "[1]\n", "line 1"],
  ["csv", "key,text,split\na,b,trian\n", "row 1, split"],
  ["csv", "key,text,time\na,b,yesterday\n", "row 1, time"],
  ["csv", "key,text,sealed\na,b,true\nc,d,ture\n", "row 2, sealed"],
  ["jsonl", '{"key": "a", "text": "b", "sealed": 2}\n', "row 1, sealed"],
  ["csv", "key\na\n", "content_hash"],
  ["csv", "key,text\n", "has no rows"],
  ["csv", "key,text\na,b\na,c\n", "key"],
  ["parquet", "no such thing", "no Parquet"],
  ["xml", "<a/>", "none of csv, tsv, jsonl, parquet"],
])("a %s file that is wrong is refused, and the row is named: %s", async (format, content, words) => {
  await expect(upload(format, content)).rejects.toThrow(words);
});

test("the same features are the same content, in whatever order their columns stand", async () => {
  const project = (await newProject()).id;
  const make = (csv: string) => manifestOf(project, "csv", csv);
  const one = await make("key,split,x,y\na,train,1,2\nb,test,3,4\n");
  const other = await make("y,key,x,split\n2,a,1,train\n4,b,3,test\n");
  expect(other.id).toBe(one.id);
  expect((await make("key,split,x,y\na,train,1,2\nb,test,3,5\n")).id).not.toBe(one.id);
});

test("integers that differ beyond what a double can tell are two contents, however they are written", async () => {
  const project = (await newProject()).id;
  const make = (one: string, two: string) => manifestOf(project, "csv", `key,split,x\na,train,${one}\nb,test,${two}\n`);
  const { id } = await make("9007199254740993", "9007199254740992");
  expect((await make("9007199254740992", "9007199254740992")).id).not.toBe(id);
  expect((await make("9007199254740993.0", " 9007199254740992")).id).toBe(id);
  const line = (key: string, split: string, x: string) => `{"key": "${key}", "split": "${split}", "x": ${x}}\n`;
  const lines = line("a", "train", "9007199254740993") + line("b", "test", "9007199254740992");
  expect((await manifestOf(project, "jsonl", lines)).id).toBe(id);
});

test("features that are lists or objects are told apart by what they hold", async () => {
  const project = (await newProject()).id;
  const make = (one: unknown, two: unknown) => {
    const rows = [
      { key: "a", split: "train", x: one },
      { key: "b", split: "test", x: two },
    ];
    return manifestOf(project, "jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
  };
  const { id } = await make({ y: 1, z: [1] }, { y: 2, z: [1] });
  expect((await make({ z: [1], y: 1 }, { z: [1], y: 2 })).id).toBe(id);
  expect((await make({ y: 1, z: [1] }, { y: 1, z: [1] })).id).not.toBe(id);
  expect((await make(["a,b"], ["a", "b"])).id).not.toBe((await make(["a", "b"], ["a", "b"])).id);
});

test.each([
  [["true", "T", " Yes ", "y", "1", "1.0"], true],
  [["false", "F", "no ", "N", "0", "0.0", ""], false],
])("%j in the column sealed are %s", async (words, sealed) => {
  const rows = words.map((word, at) => `k${at},text ${at},cat,${word}`);
  const { id } = await upload("csv", `key,text,label,sealed\n${rows.join("\n")}\n`);
  const { sql } = connections();
  const stored = await sql`
    select s.sealed from dataset_samples s join datasets d on d.number = s.dataset_number where d.id = ${id}`;
  expect(stored.map((row) => row.sealed)).toEqual(words.map(() => sealed));
});
