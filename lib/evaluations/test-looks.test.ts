/** How often a test split was looked at, as a page asks. */
import { createHash } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { addSamples, completeDataset, createDataset } from "../datasets/datasets.ts";
import { uploadSamples } from "../datasets/upload.ts";
import { registerManifest } from "../manifests/register.ts";
import { appendBatch } from "../metrics/append.ts";
import { batchOf, newMember, newProject, newRun, newToken, prepareWorkspace } from "../test-workspace.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import type { Project } from "../wire/projects.ts";
import { readLedger } from "./ledger.ts";

prepareWorkspace();
let project: Project;
beforeAll(async () => {
  project = await newProject();
});

let versions = 0;
async function manifestOf(fill: (dataset: string) => Promise<unknown>): Promise<Manifest> {
  const dataset = { name: "table", version: String(++versions) };
  const { id } = await createDataset(systemActor, { ...dataset, project: project.id });
  await fill(id);
  await completeDataset(systemActor, id);
  return registerManifest(systemActor, { project: project.id, name: "table", dataset, method: "given" });
}

/** As an earlier version hashed the rows of a table, in which 01234 was a number. */
const before = (rows: [key: string, split: string, zip: number][]) =>
  manifestOf((id) =>
    addSamples(systemActor, id, {
      key: rows.map(([key]) => key),
      split: rows.map(([, split]) => split),
      contentHash: rows.map(([, , zip]) => createHash("sha256").update(`zip=${zip}\n`).digest("hex")),
    }),
  );
const now = (csv: string) =>
  manifestOf((id) => uploadSamples(systemActor, id, { format: "csv" }, new Blob([csv]).stream()));

/** A run on the manifest that logs a number of its test split. */
async function look(manifest: Manifest): Promise<string> {
  const { run, writer } = await newRun(project, { manifest: manifest.id });
  await appendBatch(systemActor, run.id, batchOf(writer, 1, null, [1], { test_acc: [0.9] }));
  return run.id;
}

const ledgerOf = ({ id }: Manifest) => readLedger(systemActor, project.id, id);
const countAt = async (manifest: Manifest) => (await ledgerOf(manifest)).count;

test("looks at an earlier form of the test samples count for a new one, under other keys too, and the other way round", async () => {
  const old = await before([
    ["a", "train", 1],
    ["b", "test", 1234],
    ["c", "test", 1235],
  ]);
  const form = await now("key,zip,split\nA,01,train\nB,01234,test\nC,01235,test\n");
  expect([await countAt(old), await countAt(form)]).toEqual([0, 0]);
  const first = await look(old);
  expect(await ledgerOf(form)).toMatchObject({
    count: 1,
    inherited: 0,
    testDigest: form.splitDigests.test,
    looks: [{ number: 1, kind: "logged", actor: "system", reason: "-/test_acc", run: { id: first } }],
  });
  const second = await look(form);
  for (const one of [old, form]) {
    const { count, looks } = await ledgerOf(one);
    expect([count, looks.map(({ run }) => run.id)]).toEqual([2, [second, first]]);
  }
});

test("looks at other test samples count by the share that is the same", async () => {
  const old = await before([
    ["a", "train", 71],
    ["b", "test", 72],
    ["c", "test", 73],
  ]);
  const oneOther = await now("key,zip,split\na,071,train\nb,072,test\nc,074,test\n");
  const fewer = await now("key,zip,split\na,071,train\nb,072,test\n");
  const trained = await now("key,zip,split\na,075,train\nb,072,test\nc,073,test\nd,076,test\n");
  await look(old);
  const use = async (manifest: Manifest) => {
    const { count, inherited, status } = await ledgerOf(manifest);
    return { count, inherited, status };
  };
  expect(await use(oneOther)).toEqual({ count: 0, inherited: 0.5, status: "first" });
  expect(await use(fewer)).toEqual({ count: 0, inherited: 1, status: "first" });
  expect(await use(trained)).toEqual({ count: 0, inherited: 2 / 3, status: "first" });
  const others = await now("key,zip,split\na,072,train\nb,079,test\n");
  expect(await use(others)).toEqual({ count: 0, inherited: 0, status: "sealed" });
});

test("looks at the same test split by runs of another manifest and another project count; a token learns of its own", async () => {
  const first = await now("key,zip,split\na,1,train\nb,2,test\n");
  const grown = await now("key,zip,split\na,1,train\nc,3,train\nb,2,test\n");
  await look(first);
  expect(await countAt(grown)).toBe(1);
  const elsewhere = await newProject();
  const dataset = { name: "copy", version: "1" };
  const { id } = await createDataset(systemActor, { ...dataset, project: elsewhere.id });
  const csv = new Blob(["key,zip,split\na,1,train\nb,2,test\n"]);
  await uploadSamples(systemActor, id, { format: "csv" }, csv.stream());
  await completeDataset(systemActor, id);
  await registerManifest(systemActor, { project: elsewhere.id, name: "copy", dataset, method: "given" });
  const { actor: member } = await newMember("viewer");
  expect((await readLedger(member, elsewhere.id, first.id)).count).toBe(1);
  const { actor: token } = await newToken(elsewhere, "read");
  expect(await readLedger(token, undefined, first.id)).toMatchObject({ count: 0, looks: [], status: "sealed" });
});
