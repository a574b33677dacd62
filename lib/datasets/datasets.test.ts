/** What a dataset takes, and what it refuses to take for the same. */
import { createHash } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { newProject, prepareWorkspace } from "../test-workspace.ts";
import { addSamples, createDataset } from "./datasets.ts";

prepareWorkspace();
let versions = 0;

let project: string;
beforeAll(async () => {
  project = (await newProject()).id;
});

const newDataset = (temporal?: boolean) =>
  createDataset(systemActor, {
    project,
    name: "kept",
    version: String(++versions),
    ...(temporal === undefined ? {} : { temporal }),
  });
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const thumbnail = (grey: number) => Buffer.alloc(32 * 32, grey).toString("base64");

/** One sample, every column of it given. */
const whole = () => ({
  key: ["a"],
  label: ["cat"] as (string | null)[],
  group: ["g"],
  time: ["2026-01-05T09:00:00.000Z"],
  byteHash: [sha256("file")],
  contentHash: [sha256("content")],
  sealed: [false],
  split: ["train"],
  thumbnail: [thumbnail(7)],
  imageHash: ["0".repeat(32)],
  text: ["a text"],
});

test.each([
  ["label", ["dog"]],
  ["group", ["h"]],
  ["time", ["2026-01-06T09:00:00.000Z"]],
  ["byteHash", [sha256("another file")]],
  ["contentHash", [sha256("other content")]],
  ["sealed", [true]],
  ["split", ["test"]],
  ["thumbnail", [thumbnail(8)]],
  ["imageHash", ["1".repeat(32)]],
  ["text", ["another text"]],
])("a sample sent again with another %s is refused by the field's name", async (field, value) => {
  const { id } = await newDataset();
  await addSamples(systemActor, id, whole());
  expect(await addSamples(systemActor, id, whole())).toEqual({ added: 0, there: 1 });
  const again = addSamples(systemActor, id, { ...whole(), [field]: value });
  await expect(again).rejects.toMatchObject({ status: 409, errors: [{ field }] });
});

test("a column that isn't given again isn't compared", async () => {
  const { id } = await newDataset();
  await addSamples(systemActor, id, whole());
  const { key, contentHash } = whole();
  expect(await addSamples(systemActor, id, { key, contentHash })).toEqual({ added: 0, there: 1 });
});

test("a sealed sample answers the same whatever label it is sent with, sealed or not", async () => {
  const { id } = await newDataset();
  await addSamples(systemActor, id, { ...whole(), sealed: [true] });
  const send = (label: string | null, sealed: boolean | null) =>
    addSamples(systemActor, id, { ...whole(), label: [label], sealed: sealed === null ? null : [sealed] });
  for (const label of ["cat", "dog", null]) {
    expect(await send(label, true)).toEqual({ added: 0, there: 1 });
    expect(await send(label, null)).toEqual({ added: 0, there: 1 });
    await expect(send(label, false)).rejects.toMatchObject({ status: 409, errors: [{ field: "sealed" }] });
  }
});

test("a version registered again as temporal, or as not, is refused; without a word of it, it is what it was", async () => {
  for (const temporal of [true, false]) {
    const { name, version } = await newDataset(temporal);
    expect(await createDataset(systemActor, { project, name, version })).toMatchObject({ temporal });
    expect(await createDataset(systemActor, { project, name, version, temporal })).toMatchObject({ temporal });
    const other = createDataset(systemActor, { project, name, version, temporal: !temporal });
    await expect(other).rejects.toMatchObject({ status: 409, errors: [{ field: "temporal" }] });
  }
  expect(await newDataset()).toMatchObject({ temporal: false });
});
