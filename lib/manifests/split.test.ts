/** What holds of any split, over random samples, through the database that reads and stores them. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { addSamples, completeDataset, createDataset } from "../datasets/datasets.ts";
import { largestRemainder, mendSplit } from "../splitting/split.ts";
import { newProject, prepareWorkspace } from "../test-workspace.ts";
import type { Split } from "../wire/base/words.ts";
import { type ManifestMethod, manifestMethods } from "../wire/data/manifests.ts";
import type { Project } from "../wire/projects.ts";
import { readCanonicalText } from "./manifests.ts";
import { registerManifests } from "./register.ts";

prepareWorkspace();

type Row = { key: string; label: string; group: string | null; time: string; content: string };
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
let versions = 0;

/** Rows in any order become a complete dataset; the manifests that `method` makes of it are read back. */
async function split(project: Project, rows: Row[], method: ManifestMethod, options: object, seed = 3) {
  const named = { name: "random samples", version: String(++versions) };
  const { id } = await createDataset(systemActor, { project: project.id, ...named });
  await addSamples(systemActor, id, {
    key: rows.map(({ key }) => key),
    label: rows.map(({ label }) => label),
    group: rows.map(({ group }) => group),
    time: rows.map(({ time }) => time),
    contentHash: rows.map(({ content }) => hashOf(content)),
  });
  await completeDataset(systemActor, id);
  const given = { project: project.id, name: "a split", dataset: named, method, seed, options };
  const made = await registerManifests(systemActor, given);
  const texts = await Promise.all(made.map(({ id }) => readText(project, id)));
  return made.map((manifest, at) => ({ manifest, text: texts[at]!, placed: placedIn(texts[at]!) }));
}

async function readText(project: Project, id: string): Promise<string> {
  let text = "";
  for await (const part of readCanonicalText(systemActor, project.id, id)) text += part;
  return text;
}

const placedIn = (text: string): Map<string, Split> =>
  new Map(
    text
      .split("\n")
      .slice(1, -1)
      .map((line) => {
        const [key = "", , written = ""] = line.split("\t");
        return [key, written === "val" ? "validation" : (written as Split)];
      }),
  );

const rowsOf = fc
  .array(
    fc.record({
      label: fc.constantFrom("cat", "dog", "猫"),
      group: fc.option(
        fc.integer({ min: 0, max: 25 }).map((at) => `patient ${at}`),
        { nil: null, freq: 4 },
      ),
      content: fc.integer({ min: 0, max: 500 }).map((at) => `content ${at}`),
      time: fc.integer({ min: 0, max: 400 }),
    }),
    { minLength: 30, maxLength: 90 },
  )
  .map((drawn) =>
    drawn.map((row, at) => ({
      ...row,
      key: `s${at * 7919}`,
      group: row.group ?? `alone ${at}`,
      time: new Date(1.7e12 + row.time * 3_600_000).toISOString(),
    })),
  );

test.each(manifestMethods.filter((method) => method !== "given"))(
  "%s: no group or content lies in two splits, every sample in one at most, and order of input is no matter",
  async (method) => {
    const project = await newProject();
    await fc.assert(
      fc.asyncProperty(rowsOf, fc.array(fc.nat(), { maxLength: 90 }), async (rows, shuffle) => {
        const options = { folds: 3, gapSeconds: method === "time" ? 7200 : 0 };
        const made = await split(project, rows, method, options).catch(refusedForWant);
        if (made === null) return;
        const shuffled = rows
          .map((row, at) => ({ row, by: (shuffle[at % Math.max(1, shuffle.length)] ?? 0) * 31 + at * 17 }))
          .sort((a, b) => (a.by % 101) - (b.by % 101))
          .map(({ row }) => row);
        const again = await split(project, shuffled, method, options);
        expect(again.map(({ manifest }) => manifest.id)).toEqual(made.map(({ manifest }) => manifest.id));
        for (const { manifest, text, placed } of made) {
          expect(hashOf(text)).toBe(manifest.id);
          if (method !== "time") expect(placed.size).toBe(rows.length);
          expectTogether(rows, placed);
        }
        if (method === "time") expectInOrder(rows, made[0]!.placed);
        if (method.endsWith("k-fold")) expectFolds(made);
      }),
      { numRuns: process.env.HOLDOUT_TEST_SLOW ? 30 : 3, endOnFailure: true },
    );
  },
  60_000,
);

/** Drawn so that all hangs together: there is nothing to share out. */
function refusedForWant(error: Error): null {
  expect(error.message).toMatch(/no sample|without samples/);
  return null;
}

function expectTogether(rows: Row[], placed: Map<string, Split>): void {
  for (const by of ["content", "group"] as const) {
    const seen = new Map<string, Split>();
    for (const row of rows) {
      const at = placed.get(row.key);
      if (at === undefined) continue;
      const name = String(row[by]);
      expect(`${name} in ${seen.get(name) ?? at}`).toBe(`${name} in ${at}`);
      seen.set(name, at);
    }
  }
}

function expectInOrder(rows: Row[], placed: Map<string, Split>): void {
  const times = (split: Split) =>
    rows.filter(({ key }) => placed.get(key) === split).map(({ time }) => Date.parse(time));
  const [train, validation, test] = [times("train"), times("validation"), times("test")];
  const later = [...validation, ...test];
  if (train.length > 0 && later.length > 0) expect(Math.max(...train)).toBeLessThan(Math.min(...later));
  if (validation.length > 0 && test.length > 0) expect(Math.max(...validation)).toBeLessThan(Math.min(...test));
}

/** Every training sample of the whole is validation in exactly one fold, and the test split is one and the same. */
function expectFolds([whole, ...folds]: Awaited<ReturnType<typeof split>>): void {
  expect(folds.length).toBe(3);
  for (const { manifest } of folds) {
    expect(manifest.parent).toBe(whole!.manifest.id);
    expect(manifest.splitDigests.test).toBe(whole!.manifest.splitDigests.test);
  }
  for (const [key, at] of whole!.placed) {
    const places = folds.map(({ placed }) => placed.get(key));
    if (at === "test") expect(places).toEqual(["test", "test", "test"]);
    else expect(places.filter((place) => place === "validation")).toHaveLength(1);
  }
}

test("by threshold no sample moves when others come; by quota the counts are exact", async () => {
  const project = await newProject();
  const rows = (n: number) =>
    Array.from({ length: n }, (_, at) => ({
      key: `k${at}`,
      label: String(at % 3),
      group: null,
      time: new Date(1.7e12 + at).toISOString(),
      content: `its own ${at}`,
    }));
  const few = await split(project, rows(400), "random", { assignment: "threshold" });
  const many = await split(project, rows(1000), "random", { assignment: "threshold" });
  for (const [key, at] of few[0]!.placed) expect(many[0]!.placed.get(key)).toBe(at);
  const { counts } = many[0]!.manifest;
  for (const [split, f] of [
    ["train", 0.7],
    ["validation", 0.15],
    ["test", 0.15],
  ] as const)
    expect(Math.abs(counts[split] / 1000 - f)).toBeLessThan(4 * Math.sqrt((f * (1 - f)) / 1000));
  expect((await split(project, rows(1000), "random", {}))[0]!.manifest.counts).toEqual({
    train: 700,
    validation: 150,
    test: 150,
  });
  const other = await split(project, rows(1000), "random", {}, 4);
  expect(other[0]!.manifest.id).not.toBe((await split(project, rows(1000), "random", {}))[0]!.manifest.id);
});

test("by threshold nobody moves for whoever comes, of one's own group too", async () => {
  const project = await newProject();
  const group = fc.option(
    fc.integer({ min: 0, max: 60 }).map((at) => `patient ${at}`),
    { nil: null, freq: 3 },
  );
  const newcomers = fc.array(fc.record({ place: fc.nat(1e6), group }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(rowsOf, newcomers, async (rows, drawn) => {
      // of groups that share a content the first sample decides, and a newcomer may be the first: that one exception
      const meets = (row: Row) => rows.some(({ content, group }) => content === row.content && group !== row.group);
      const met = new Set<string | null>(rows.filter(meets).map((row) => row.group));
      const come = drawn
        .filter((one) => !met.has(one.group))
        .map((one, at) => ({ ...rows[0]!, group: one.group, key: `s${one.place} ${at}`, content: `comes ${at}` }));
      const before = await split(project, rows, "random", { assignment: "threshold" }).catch(refusedForWant);
      const after = await split(project, [...come, ...rows], "random", { assignment: "threshold" }).catch(
        refusedForWant,
      );
      for (const [key, at] of before?.[0]?.placed ?? []) expect(after![0]!.placed.get(key)).toBe(at);
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

test("stratified: each class is within one sample of its share in each split, whatever the sizes of the classes", async () => {
  const project = await newProject();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }), async (sizes) => {
      const rows = sizes.flatMap((size, label) =>
        Array.from({ length: size }, (_, at) => ({
          key: `${at} of ${label}`,
          label: `class ${label}`,
          group: null,
          content: `${at} of ${label}`,
          time: new Date(1.7e12).toISOString(),
        })),
      );
      const made = await split(project, rows, "stratified", {}).catch(refusedForWant);
      for (const [label, size] of made ? sizes.entries() : [])
        for (const [at, share] of Object.entries({ train: 0.7, validation: 0.15, test: 0.15 })) {
          const placed = rows.filter((row) => row.label === `class ${label}` && made![0]!.placed.get(row.key) === at);
          expect(Math.abs(placed.length - size * share)).toBeLessThan(1);
        }
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

test("stratified: each class meets its quotas, numbers by quantile bins; a kept test split stays", async () => {
  const project = await newProject();
  const rows = Array.from({ length: 500 }, (_, at) => ({
    key: `k${String(at).padStart(3, "0")}`,
    group: null,
    time: new Date(1.7e12 + at).toISOString(),
    label: at % 10 === 0 ? "rare" : "common",
    content: `stratified ${at}`,
  }));
  const { placed } = (await split(project, rows, "stratified", {}))[0]!;
  const count = (label: string, split: Split) =>
    rows.filter((row) => row.label === label && placed.get(row.key) === split).length;
  expect(["train", "validation", "test"].map((split) => count("rare", split as Split))).toEqual(
    largestRemainder([0.7, 0.15, 0.15], 50),
  );
  const numbers = rows.map((row, at) => ({ ...row, label: String(at / 7), content: `number ${at}` }));
  const [binned] = await split(project, numbers, "stratified", { quantileBins: 10 });
  const means = (["train", "test"] as const).map((split) => {
    const labels = numbers.filter(({ key }) => binned!.placed.get(key) === split).map(({ label }) => Number(label));
    return labels.reduce((a, b) => a + b, 0) / labels.length;
  });
  expect(Math.abs(means[0]! - means[1]!)).toBeLessThan(2);
  await expect(split(project, rows, "stratified", { quantileBins: 10 })).rejects.toMatchObject({
    errors: [{ field: "options.quantileBins" }],
  });
});

test("a method that its samples don't allow is refused, and says what they lack", async () => {
  const project = await newProject();
  const named = { name: "bare", version: "1" };
  const { id } = await createDataset(systemActor, { project: project.id, ...named });
  const make = (given: object) =>
    registerManifests(systemActor, { project: project.id, name: "x", dataset: named, seed: 1, ...given });
  await addSamples(systemActor, id, { key: ["a", "b"], contentHash: [hashOf("a"), hashOf("b")] });
  await expect(make({ method: "random" })).rejects.toMatchObject({ errors: [{ field: "dataset" }] });
  await completeDataset(systemActor, id);
  for (const method of ["stratified", "group", "time", "stratified-group"])
    await expect(make({ method })).rejects.toMatchObject({ errors: [{ field: "method" }] });
  await expect(make({ method: "random", seed: null })).rejects.toMatchObject({ errors: [{ field: "seed" }] });
  const fractions = { train: 0.5, validation: 0.2, test: 0.2 };
  await expect(make({ method: "random", options: { fractions } })).rejects.toMatchObject({ status: 400 });
});

test("stratified groups are drawn by the seed, each class near its share in each split", async () => {
  const project = await newProject();
  // groups of sizes and mixtures that no two share: in order of unevenness alone they would come the same for each seed
  const rows = Array.from({ length: 24 }, (_, group) =>
    Array.from({ length: 20 + group * 3 }, (_, at) => ({
      key: `g${group}-${at}`,
      label: at % (group + 3) === 0 ? "ill" : "well",
      group: `patient ${group}`,
      time: new Date(1.7e12).toISOString(),
      content: `${group}-${at}`,
    })),
  ).flat();
  const fractions = { train: 0.6, validation: 0.2, test: 0.2 };
  const ids = new Set<string>();
  for (const seed of [1, 2, 3, 4]) {
    const [made] = await split(project, rows, "stratified-group", { fractions }, seed);
    ids.add(made!.manifest.id);
    expectTogether(rows, made!.placed);
    for (const label of ["ill", "well"]) {
      const all = rows.filter((row) => row.label === label);
      for (const [name, share] of Object.entries(fractions)) {
        const there = all.filter(({ key }) => made!.placed.get(key) === name).length / all.length;
        expect(Math.abs(there - share), `${label} in ${name}, seed ${seed}`).toBeLessThan(0.06);
      }
    }
  }
  expect(ids.size).toBe(4);
  const headers = await connections().sql<{ header: { methodVersion: number } }[]>`
    select header from manifest_registrations where project_id = ${project.id}`;
  expect(headers.map(({ header }) => header.methodVersion)).toEqual([2, 2, 2, 2]);
});

test("largest remainders are within one of the exact share, and sum to the whole", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }), fc.nat(1e6), (parts, n) => {
      const sum = parts.reduce((a, b) => a + b, 0);
      const shares = largestRemainder(
        parts.map((part) => part / sum),
        n,
      );
      expect(shares.reduce((a, b) => a + b, 0)).toBe(n);
      for (const [at, share] of shares.entries()) expect(Math.abs(share - (parts[at]! / sum) * n)).toBeLessThan(1.0001);
    }),
  );
});

test("what belongs together and lies apart goes to the later split; what is left out stays so", () => {
  expect([...mendSplit(Uint8Array.of(0, 2, 1, 3, 0), Int32Array.of(0, 0, 1, 1, 2))]).toEqual([2, 2, 1, 3, 0]);
});
