/** What an earlier version registered is found by today's form of the same data. */
import { createHash } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { diffManifests } from "../manifests/diff.ts";
import { findLeak } from "../manifests/leak.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { registerManifest } from "../manifests/register.ts";
import { newProject, prepareWorkspace } from "../test-workspace.ts";
import { addSamples, completeDataset, createDataset } from "./datasets.ts";
import { uploadSamples } from "./upload.ts";

prepareWorkspace();
let project = "";
beforeAll(async () => {
  project = (await newProject()).id;
});

const hashOf = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");
/** Version 1 of an upload took 01234 for a number, and of the trainer looked at float32 alone. */
const uploadedBefore = (zip: number, x: number) => hashOf(`x=${x}\nzip=${zip}\n`);
const trainedBefore = (...values: number[]) =>
  hashOf(Buffer.concat([Buffer.from(`row ${values.length} float32\n`), Buffer.from(Float32Array.from(values).buffer)]));

async function before(name: string, keys: string[], contentHash: string[]) {
  const dataset = { name, version: "1" };
  const { id } = await createDataset(systemActor, { ...dataset, project });
  const split = ["train", "test"];
  await addSamples(systemActor, id, { key: keys, label: ["0.0", "1.0"], contentHash, split });
  await completeDataset(systemActor, id);
  return { id, manifest: await registerManifest(systemActor, { project, name, dataset, method: "given" }) };
}

const send = (id: string, csv: string) => uploadSamples(systemActor, id, { format: "csv" }, new Blob([csv]).stream());

async function now(name: string, csv: string) {
  const dataset = { name, version: "1" };
  const { id } = await createDataset(systemActor, { ...dataset, project });
  await send(id, csv);
  await completeDataset(systemActor, id);
  return registerManifest(systemActor, { project, name, dataset, method: "given" });
}

test.each([
  ["an upload", [uploadedBefore(1234, 1), uploadedBefore(1235, 2)]],
  ["the trainer", [trainedBefore(1234, 1), trainedBefore(1235, 2)]],
])("a new form of what %s registered doesn't start with a clean ledger", async (who, hashes) => {
  const old = await before(`old of ${who}`, ["a", "b"], hashes);
  // the old training sample is tested on, and the other way round, under other names
  const manifest = await now(`new of ${who}`, "key,zip,x,label,split\nA,01234,1,0.0,test\nB,01235,2,1.0,train\n");
  const asked = await requireManifest(systemActor, project, manifest.id);
  expect(await findLeak(asked, [old.manifest.id])).toMatchObject({ count: 1, samples: [{ key: "A", as: "a" }] });
  const back = await requireManifest(systemActor, project, old.manifest.id);
  expect(await findLeak(back, [manifest.id])).toMatchObject({ count: 1, samples: [{ key: "b", as: "B" }] });
  const diff = await diffManifests(systemActor, project, old.manifest.id, manifest.id);
  expect(diff.counts).toMatchObject({ added: 0, removed: 0, renamed: 2, changed: 0, leakRisk: 2 });
});

test("the same file sent again to a dataset of an earlier version is there already, labels and all", async () => {
  const { id } = await before("sent again", ["a", "b"], [uploadedBefore(1234, 1), uploadedBefore(1235, 2)]);
  const csv = "key,zip,x,label,split\na,01234,1,0.0,train\nb,01235,2,1.0,test\n";
  expect(await send(id, csv)).toMatchObject({ added: 0, there: 2 });
  await expect(send(id, csv.replace("01235", "01236"))).rejects.toMatchObject({ status: 409 });
  await expect(send(id, csv.replace("1.0", "3.0"))).rejects.toMatchObject({ status: 409 });
});

test("two contents that an earlier version took for one are two", async () => {
  const one = await now("padded", "key,zip,x,label,split\na,01234,1,0,train\nb,5,2,1,test\n");
  const other = await now("plain", "key,zip,x,label,split\nc,x,3,1,train\nd,1234,1,0,test\n");
  const asked = await requireManifest(systemActor, project, other.id);
  expect(await findLeak(asked, [one.id])).toEqual({ count: 0, samples: [] });
});
