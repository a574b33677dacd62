/** A split made in a trainer without a server is the one that the server makes of the same rows. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { connections } from "../db/connection.ts";
import { systemActor } from "../lib/access/actor.ts";
import { addSamples, completeDataset, createDataset } from "../lib/datasets/datasets.ts";
import { getManifest } from "../lib/manifests/manifests.ts";
import { registerManifests } from "../lib/manifests/register.ts";
import { newProject, prepareWorkspace } from "../lib/test-workspace.ts";
import type { ManifestCreate } from "../lib/wire/data/manifests.ts";
import type { DataSet, Facts, Part } from "../trainer/src/data/data.ts";
import { type SplitWish, splitSamples } from "../trainer/src/data/split.ts";
import { manifestHere } from "../trainer/src/manifests/manifest.ts";

prepareWorkspace();

const classes = ["cat", "dog", "猫", "𝒸"];
const rowOf = fc.record({
  label: fc.nat(classes.length - 1),
  content: fc.nat(70),
  group: fc.option(fc.nat(30), { freq: 3 }),
  given: fc.constantFrom(null, null, null, "train", "validation", "test", "sealed"),
});
type Row = typeof rowOf extends fc.Arbitrary<infer Value> ? Value : never;
const setOf = fc.record({
  rows: fc.array(rowOf, { minLength: 25, maxLength: 80 }),
  /** Which of what rows say is said of this set. */
  said: fc.subarray(["group", "train", "validation", "test", "sealed"]),
  task: fc.constantFrom("classification", "regression"),
});

function partOf(rows: (Row & { at: number })[], said: string[]): Part {
  const facts = rows.map(
    ({ given, group }): Facts => ({
      group: said.includes("group") && group !== null ? `patient ${group}` : null,
      time: null,
      split: given === "sealed" || given === null ? null : given,
      sealed: given === "sealed",
      byteHash: null,
    }),
  );
  return {
    count: rows.length,
    // keys whose bytes come in another order than their characters
    keys: rows.map(({ at }) => `${["a", "é", "\uff5e", "🂡", "Z"][at % 5]}${at}`),
    inputs: new Float64Array(rows.length),
    targets: Int32Array.from(rows, ({ label }) => label),
    facts,
    contents: rows.map(({ content }) => {
      const hash = createHash("sha256").update(`content ${content}`).digest("hex");
      return { hash, earlier: [], features: null };
    }),
  };
}

function dataSet({ rows, said, task }: { rows: Row[]; said: string[]; task: string }): DataSet {
  const numbered = rows.map((row, at) => ({ ...row, at, given: said.includes(row.given ?? "") ? row.given : null }));
  const isTest = ({ given }: Row) => given === "test" || given === "sealed";
  return {
    name: "rows",
    task: task as DataSet["task"],
    inputShape: [1],
    classes,
    train: partOf(
      numbered.filter((row) => !isTest(row)),
      said,
    ),
    test: partOf(numbered.filter(isTest), said),
  };
}

/** What a trainer without a server made, delivered; and what the server makes of the same rows, in another project. */
async function bothWays(set: DataSet, wish: SplitWish) {
  const dataset = { name: "rows", version: "1", description: "" };
  const split = splitSamples(set, wish);
  const here = manifestHere(set, split, { name: "a split", dataset, notes: "" });
  const register = async (given: (body: ManifestCreate) => object) => {
    const project = await newProject();
    const { id } = await createDataset(systemActor, { project: project.id, ...dataset });
    for (const { path, body } of here.posts) if (path.endsWith("/samples")) await addSamples(systemActor, id, body);
    await completeDataset(systemActor, id);
    const body = here.posts.at(-1)!.body as ManifestCreate;
    const [made] = await registerManifests(systemActor, { ...given(body), project: project.id });
    return (await getManifest(systemActor, project.id, made!.id))!;
  };
  const delivered = await register((body) => body);
  const asked = await register(({ samples: _, methodVersion: __, ...body }) => body);
  return { here: here.id, delivered, asked, samples: split.samples };
}

const wishOf = fc.record({
  seed: fc.nat(1000),
  subset: fc.option(fc.integer({ min: 20, max: 60 })),
  testSubset: fc.option(fc.nat(5)),
  validationFraction: fc.constantFrom(0.15, 1 / 6, 0.3, 0.5),
  testFraction: fc.constantFrom(0, 0.1, 0.15, 0.4),
});

test("a split made without a server has the digest of the one that the server makes of the same rows", async () => {
  const numRuns = process.env.HOLDOUT_TEST_SLOW ? 60 : 20;
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(setOf, wishOf, async (drawn, wish) => {
      try {
        splitSamples(dataSet(drawn), wish);
      } catch (error) {
        expect((error as Error).message).toMatch(/none is left for (train|validation)/);
        return;
      }
      const made = await bothWays(dataSet(drawn), wish).catch((error: Error) => {
        // a server makes no split that leaves test empty where a share of it was asked for
        expect(error.message).toMatch(/test would have no sample/);
      });
      if (!made) return;
      compared++;
      expect(made.asked.id).toBe(made.here);
      expect(made.delivered).toEqual({ ...made.asked, project: made.delivered.project, createdAt: expect.anything() });
      const units = new Map<string, string>();
      for (const { contentHash, split } of made.samples) {
        expect(units.get(contentHash) ?? split).toBe(split);
        units.set(contentHash, split);
      }
    }),
    { numRuns, endOnFailure: true },
  );
  expect(compared).toBeGreaterThan(numRuns / 2);
}, 120_000);

test("a version that a manifest was made by makes it again, and one that isn't there is refused", async () => {
  const project = await newProject();
  const dataset = { name: "groups", version: "1" };
  const { id } = await createDataset(systemActor, { project: project.id, ...dataset });
  const rows = Array.from({ length: 24 }, (_, group) =>
    Array.from({ length: 20 + group * 3 }, (_, at) => ({
      key: `g${group}-${at}`,
      label: at % (group + 3) === 0 ? "ill" : "well",
      group: `patient ${group}`,
    })),
  ).flat();
  await addSamples(systemActor, id, {
    key: rows.map(({ key }) => key),
    label: rows.map(({ label }) => label),
    group: rows.map(({ group }) => group),
    contentHash: rows.map(({ key }) => createHash("sha256").update(key).digest("hex")),
  });
  await completeDataset(systemActor, id);
  const make = async (seed: number, methodVersion?: number) => {
    const given = { project: project.id, name: "groups", dataset, method: "stratified-group", seed };
    const [made] = await registerManifests(systemActor, { ...given, methodVersion });
    return made!.id;
  };
  const [first, second] = [await make(1, 1), await make(1, 2)];
  expect(first).not.toBe(second);
  // the first version hardly knew the seed
  expect(await make(2, 1)).toBe(first);
  expect(await make(1)).toBe(second);
  const headers = await connections().sql<{ id: string; header: { methodVersion?: number } }[]>`
    select manifest_id as id, header from manifest_registrations where project_id = ${project.id}`;
  expect(new Map(headers.map((row) => [row.id, row.header.methodVersion]))).toEqual(
    new Map([
      [first, undefined],
      [second, 2],
    ]),
  );
  await expect(make(1, 3)).rejects.toMatchObject({ errors: [{ field: "methodVersion" }] });
});
