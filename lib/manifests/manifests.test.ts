import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { connect, connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { check, clean, type Row } from "../datasets/test-samples.ts";
import { deleteProject, purgeProject } from "../projects/deleted.ts";
import { newProject, prepareWorkspace } from "../test-workspace.ts";
import type { Split } from "../wire/base/words.ts";
import { canonicalText, digestManifest, type ManifestEntry } from "./canonical.ts";
import { getManifest, listManifests, readCanonicalText } from "./manifests.ts";
import { registerManifest } from "./register.ts";
import { newManifest, samplesOf } from "./test-manifest.ts";

const workspace = prepareWorkspace();

const entry = (key: string, contentHash: string, split: Split, label: string, group: string | null): ManifestEntry => ({
  key,
  contentHash,
  split,
  label,
  group,
});
// the bytes of version 1, as computed with Python's hashlib
const three = [
  entry("img/2.png", "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3", "train", "cat", "p1"),
  entry("img/10.png", "e4432baa90819aaef51d2a7f8e148bf7e679610f3173752fabb4dcb2d0f418d3", "test", "dog", null),
  entry("图/1.png", "51a75f4634dfa8598a0a1436da0b7764830edd1f3a97661222387da2fe2b38d1", "validation", "猫", "p2"),
];

test("the id is the SHA-256 of the canonical bytes, in whatever order the entries come", () => {
  const expected = "c8d9b8090875e058386dac0acc3157d8b77173af3b68ff0bca628f36fd6d0d36";
  expect(digestManifest(three).id).toBe(expected);
  expect(digestManifest(three.toReversed()).id).toBe(expected);
  expect(createHash("sha256").update(canonicalText(three)).digest("hex")).toBe(expected);
});

test("the test split's digest stays while train grows", () => {
  const grown = [...three, entry("img/3.png", "0".repeat(64), "train", "cat", null)];
  expect(digestManifest(grown).splits.test).toBe(digestManifest(three).splits.test);
  expect(digestManifest(grown).splits.train).not.toBe(digestManifest(three).splits.train);
});

test("what is stored reads back as the canonical bytes, whatever the keys", async () => {
  const key = fc.string({
    unit: fc.constantFrom("a", "B", "z", "0", "-", "é", "图", "🂡", " ", "_"),
    minLength: 1,
    maxLength: 6,
  });
  const splitsArbitrary = fc.dictionary(key, fc.constantFrom<Split>("train", "validation", "test"), { maxKeys: 12 });
  const project = await newProject();
  await fc.assert(
    fc.asyncProperty(splitsArbitrary, async (splitOf) => {
      const manifest = await newManifest(project, splitOf);
      let text = "";
      for await (const piece of readCanonicalText(systemActor, project.id, manifest.id)) text += piece;
      expect(createHash("sha256").update(text).digest("hex")).toBe(manifest.id);
    }),
    { seed: 3, numRuns: 20 },
  );
});

test("the same content registered again returns what is there", async () => {
  const project = await newProject();
  const first = await newManifest(project, { x: "train", y: "test" });
  const second = await newManifest(project, { y: "test", x: "train" });
  expect(second).toEqual(first);
  expect(second.counts).toEqual({ train: 1, validation: 0, test: 1 });
});

test("a manifest of an unknown dataset is refused by the field's name", async () => {
  const project = await newProject();
  const samples = samplesOf({ a: "train" });
  const dataset = { name: "nowhere", version: "1" };
  const registering = registerManifest(systemActor, {
    project: project.id,
    name: "m",
    dataset,
    method: "given",
    samples,
  });
  await expect(registering).rejects.toMatchObject({ status: 400, errors: [{ field: "dataset" }] });
});

test("a purged project takes its manifest along, unless another project holds it", async () => {
  const [one, two] = [await newProject(), await newProject()];
  const shared = await newManifest(one, { shared: "train" });
  await newManifest(two, { shared: "train" });
  const own = await newManifest(one, { own: "train" });
  await deleteProject(systemActor, one.id);
  await purgeProject(systemActor, one.id);
  expect(await getManifest(systemActor, two.id, shared.id)).toMatchObject({ id: shared.id });
  await newManifest(two, { own: "train" });
  let text = "";
  for await (const piece of readCanonicalText(systemActor, two.id, own.id)) text += piece;
  expect(text.split("\n")).toHaveLength(3);
});

test("two who register the same at once both get it", async () => {
  const project = await newProject();
  for (let at = 0; at < 5; at++) {
    const splitOf = { [`at once ${at}`]: "train" } as const;
    const [one, other] = await Promise.all([newManifest(project, splitOf), newManifest(project, splitOf)]);
    expect(one).toEqual(other);
  }
});

test("a k-fold that is refused leaves no manifest behind", async () => {
  const project = await newProject();
  // ten samples of three groups make no five folds
  const rows = clean(10).map((row, at) => ({ ...row, group: `g${at % 3}` }));
  const options = { folds: 5, fractions: { train: 1, validation: 0, test: 0 } };
  const making = check(rows, { method: "group-k-fold", seed: 1, options }, false, project);
  await expect(making).rejects.toMatchObject({ status: 400, errors: [{ field: "options.folds" }] });
  expect(await listManifests(systemActor, project.id)).toEqual([]);
});

const timed = (rows: Row[], day = (at: number) => at): Row[] =>
  rows.map((row, at) => ({ ...row, time: new Date(Date.UTC(2026, 0, 1 + day(at))).toISOString() }));

test.each([
  ["a temporal flag", clean(100), true, /temporal/],
  ["times", timed(clean(100)), false, /time of 100 samples \(such as "s00000"\)/],
  ["files", clean(100).map((row, at) => ({ ...row, file: at < 2 ? "file" : undefined })), false, /file of 2 samples/],
])("a split that another dataset made first, without %s, isn't answered with that one's checks", async (...given) => {
  const [name, rows, temporal, differing] = given;
  const project = await newProject();
  const own = (all: Row[]) => all.map((row) => ({ ...row, content: `${name} ${row.key}` }));
  const { manifest } = await check(own(clean(100)), {}, false, project);
  expect((await check(own(clean(100)), {}, false, project)).manifest.id).toBe(manifest.id);
  const later = check(own(rows), {}, temporal, project);
  await expect(later).rejects.toMatchObject({
    status: 409,
    errors: [{ field: "dataset" }],
    message: expect.stringContaining(`planted ${manifest.dataset.version}`),
  });
  await expect(later).rejects.toThrow(differing);
});

test("a registration that breaks off at its last row leaves nothing of the manifest", async () => {
  const project = await newProject();
  const owner = connect(workspace.database().ownerUrl, { max: 1 });
  const kept = async () => {
    const [row] = await connections().sql`
      select (select count(*) from manifests) as manifests, (select count(*) from manifest_samples) as samples,
        (select count(*) from manifest_registrations) as registrations`;
    return row;
  };
  const before = await kept();
  await owner.unsafe(`
    create function refuse_jobs() returns trigger language plpgsql as $$ begin raise exception 'no job today'; end $$;
    create trigger no_job_today before insert on jobs for each row execute function refuse_jobs()`);
  await expect(newManifest(project, { broken: "train", off: "test" })).rejects.toThrow();
  expect(await kept()).toEqual(before);
  await owner`drop trigger no_job_today on jobs`;
  await owner.end();
  expect((await newManifest(project, { broken: "train", off: "test" })).counts).toMatchObject({ train: 1, test: 1 });
});
