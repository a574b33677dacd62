import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { sweepBlobs } from "../blobs/blobs.ts";
import { folderStore } from "../blobs/folder-store.ts";
import { deleteRun, purgeRun } from "../runs/deleted.ts";
import { newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { linkArtifact, listArtifacts, putArtifact, readArtifact } from "./artifacts.ts";
import { createCheckpoint, findCheckpointNear, listCheckpoints } from "./checkpoints.ts";

prepareWorkspace();

const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");
const folder = () => path.join(process.env.HOLDOUT_DATA_DIR ?? "", "blobs");
const placeOf = (content: string) => path.join(folder(), sha256(content).slice(0, 2), sha256(content));
const put = (run: string, where: string, content: string, expectedSha256: string | null = null) =>
  putArtifact(systemActor, run, {
    path: where,
    contentType: "text/plain",
    expectedSha256,
    content: Readable.from([content]),
  });

test("a file reads back as it was sent, under the hash that the server computed", async () => {
  const { run } = await newRun(await newProject());
  const stored = await put(run.id, "notes/a.txt", "hello");
  expect(stored).toMatchObject({
    path: "notes/a.txt",
    sha256: sha256("hello"),
    sizeBytes: 5,
    contentType: "text/plain",
  });
  const { content } = await readArtifact(systemActor, run.id, "notes/a.txt");
  expect(await text(content)).toBe("hello");
  expect(readdirSync(path.join(folder(), "staging"))).toEqual([]);
});

test("the same content again changes nothing, other content under a path is a conflict", async () => {
  const { run } = await newRun(await newProject());
  const first = await put(run.id, "a.txt", "one");
  expect(await put(run.id, "a.txt", "one")).toEqual(first);
  await expect(put(run.id, "a.txt", "two")).rejects.toMatchObject({ status: 409 });
  expect(await listArtifacts(systemActor, run.id)).toEqual([first]);
});

test("bytes that don't have the hash which was promised are not kept", async () => {
  const { run } = await newRun(await newProject());
  await expect(put(run.id, "a.txt", "torn", sha256("whole"))).rejects.toMatchObject({ status: 400 });
  expect(await listArtifacts(systemActor, run.id)).toEqual([]);
  expect(existsSync(placeOf("torn"))).toBe(false);
});

test.each(["../up", "/root", "a//b", "a/./b", "", "a\u0000b"])("the path %j is refused", async (where) => {
  const { run } = await newRun(await newProject());
  await expect(put(run.id, where, "x")).rejects.toMatchObject({ status: 400 });
});

test("a file that the project holds is linked without being sent; another project's is not there", async () => {
  const [mine, other] = [await newProject(), await newProject()];
  const { run } = await newRun(mine);
  const { run: second } = await newRun(mine);
  const { run: foreign } = await newRun(other);
  await put(run.id, "a.txt", "shared");
  const link = { path: "b.txt", sha256: sha256("shared") };
  expect(await linkArtifact(systemActor, second.id, link)).toMatchObject({ path: "b.txt", sizeBytes: 6 });
  await expect(linkArtifact(systemActor, foreign.id, link)).rejects.toMatchObject({ status: 404 });
});

test("a stored file that was damaged fails while it is read", async () => {
  const { run } = await newRun(await newProject());
  await put(run.id, "a.txt", "precious");
  writeFileSync(placeOf("precious"), "predious");
  const { content } = await readArtifact(systemActor, run.id, "a.txt");
  await expect(text(content)).rejects.toThrow("is damaged");
});

test("a file beyond the limit is refused, and nothing of it stays", async () => {
  const store = folderStore(path.join(folder(), "small"));
  await expect(store.stage(Readable.from([Buffer.alloc(11)]), 10)).rejects.toMatchObject({ status: 413 });
  expect(readdirSync(path.join(folder(), "small", "staging"))).toEqual([]);
});

test("a purged run's file goes, unless another run has it too", async () => {
  const project = await newProject();
  const { run } = await newRun(project);
  const { run: other } = await newRun(project);
  await put(run.id, "own.txt", "own");
  await put(run.id, "both.txt", "both");
  await put(other.id, "both.txt", "both");
  await deleteRun(systemActor, run.id);
  await purgeRun(systemActor, run.id);
  expect([existsSync(placeOf("own")), existsSync(placeOf("both"))]).toEqual([false, true]);
});

test("a media type that no header can carry is refused before the file is stored", async () => {
  const { run } = await newRun(await newProject());
  const content = Readable.from(["x"]);
  const upload = { path: "a.html", contentType: "text/html\r\nX: 1", expectedSha256: null, content };
  await expect(putArtifact(systemActor, run.id, upload)).rejects.toMatchObject({
    status: 400,
    errors: [{ field: "contentType" }],
  });
  await put(run.id, "a.txt", "a");
  const link = { path: "b", sha256: sha256("a"), contentType: "text/中" };
  await expect(linkArtifact(systemActor, run.id, link)).rejects.toMatchObject({ errors: [{ field: "contentType" }] });
  expect(await listArtifacts(systemActor, run.id)).toMatchObject([{ path: "a.txt" }]);
});

test("a checkpoint keeps why a metric has no value", async () => {
  const { run } = await newRun(await newProject());
  await put(run.id, "w", "weights");
  const values = { mae: 0, r2: { undefined: "all 40 numbers are 2" } };
  expect(await createCheckpoint(systemActor, run.id, { path: "w", step: 1, epoch: 1, values })).toMatchObject({
    values,
  });
});

test("what a crash left is swept, and what is old, young or under way in other servers stays", async () => {
  const { run } = await newRun(await newProject());
  await put(run.id, "kept.txt", "kept");
  const store = folderStore(folder());
  for (const content of ["orphan", "young orphan"]) await (await store.stage(Readable.from([content]), 100)).keep();
  const underWay = await store.stage(Readable.from(["under way"]), 100);
  await store.stage(Readable.from(["left by a crash"]), 100);
  const staged = () => readdirSync(path.join(folder(), "staging")).map((name) => path.join(folder(), "staging", name));
  const left = staged().find((file) => readFileSync(file, "utf8") === "left by a crash")!;
  const twoHoursAgo = new Date(Date.now() - 2 * 60 * 60_000);
  for (const file of [left, placeOf("kept"), placeOf("orphan")]) utimesSync(file, twoHoursAgo, twoHoursAgo);
  await Promise.all([sweepBlobs(), sweepBlobs()]);
  expect(staged()).toHaveLength(1);
  expect(["kept", "orphan", "young orphan"].map((content) => existsSync(placeOf(content)))).toEqual([
    true,
    false,
    true,
  ]);
  await underWay.keep();
  expect(existsSync(placeOf("under way"))).toBe(true);
});

test("a checkpoint names a stored file, once", async () => {
  const { run } = await newRun(await newProject());
  const checkpoint = { path: "w.safetensors", step: 10, epoch: 1, values: { "validation/loss": "NaN" } };
  await expect(createCheckpoint(systemActor, run.id, checkpoint)).rejects.toMatchObject({
    errors: [{ field: "path" }],
  });
  await put(run.id, "w.safetensors", "weights");
  const created = await createCheckpoint(systemActor, run.id, checkpoint);
  expect(await createCheckpoint(systemActor, run.id, checkpoint)).toEqual(created);
  await expect(createCheckpoint(systemActor, run.id, { ...checkpoint, step: 11 })).rejects.toMatchObject({
    status: 409,
  });
  expect(await listCheckpoints(systemActor, run.id)).toEqual([created]);
});

test.each([
  [0, "a"],
  [14, "a"],
  [15, "a"],
  [16, "b"],
  [20, "b"],
  [9e15, "c"],
])("nearest to step %d is checkpoint %s", async (step, path) => {
  const { run } = await newRun(await newProject());
  expect(await findCheckpointNear(systemActor, run.id, step)).toBeNull();
  for (const [name, at] of [
    ["c", 40],
    ["a", 10],
    ["b", 20],
  ] as const) {
    await put(run.id, name, `weights ${name}`);
    await createCheckpoint(systemActor, run.id, { path: name, step: at, epoch: at / 10, values: {} });
  }
  expect(await findCheckpointNear(systemActor, run.id, step)).toMatchObject({ path });
});
