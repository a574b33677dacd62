import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { systemActor } from "../../access/actor.ts";
import { addSamples, completeDataset, createDataset } from "../../datasets/datasets.ts";
import { found, kindsOf, pairsOf, said } from "../../datasets/test-samples.ts";
import { uploadSamples } from "../../datasets/upload.ts";
import { jobPrograms } from "../../job-programs.ts";
import { runNextJob } from "../../jobs/jobs.ts";
import { registerManifest } from "../../manifests/register.ts";
import { seededRandom } from "../../statistics/resampling/random.ts";
import { newProject, prepareWorkspace } from "../../test-workspace.ts";
import { getReport } from "../report.ts";

prepareWorkspace();

type Row = { key: string; split: string; height: number; weight: number; age: number; glucose: number; city: string };
const splits = ["train", "train", "train", "train", "train", "train", "train", "validation", "test", "test"];

/** People's measures by chance. */
function people(n: number, seed: number): Row[] {
  const random = seededRandom(seed);
  const around = (mean: number, width: number) => mean + width * (random() + random() + random() - 1.5);
  return Array.from({ length: n }, (_, at) => ({
    key: `p${String(at).padStart(4, "0")}`,
    split: splits[at % 10]!,
    height: around(170, 30),
    weight: around(72, 40),
    age: around(50, 50),
    glucose: around(5.5, 4),
    city: ["Bern", "Ulm", "Graz"][Math.floor(random() * 3)]!,
  }));
}

let versions = 0;
async function checkTable(rows: Row[], send: "file" | "request") {
  const project = await newProject();
  const dataset = { name: "people", version: String(++versions) };
  const { id } = await createDataset(systemActor, { ...dataset, project: project.id });
  if (send === "file") {
    const lines = [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))].map((cells) => cells.join(","));
    await uploadSamples(systemActor, id, { format: "csv" }, new Blob([lines.join("\n")]).stream());
  } else
    await addSamples(systemActor, id, {
      key: rows.map(({ key }) => key),
      split: rows.map(({ split }) => split),
      contentHash: rows.map((row) => createHash("sha256").update(JSON.stringify(row)).digest("hex")),
      features: rows.map(({ key: _key, split: _split, ...features }) =>
        JSON.stringify(Object.fromEntries(Object.entries(features).map(([name, value]) => [name, String(value)]))),
      ),
    });
  await completeDataset(systemActor, id);
  const given = { project: project.id, name: "people", dataset, method: "given" } as const;
  const manifest = await registerManifest(systemActor, given);
  while (await runNextJob(jobPrograms));
  return { project, manifest, near: found(await getReport(systemActor, project.id, manifest.id), "near-duplicates") };
}

test.each(["file", "request"] as const)(
  "rows of a table that come by %s are searched for near duplicates, and the report says how well copies are found",
  async (send) => {
    const rows = people(800, 2);
    const clean = await checkTable(rows, send);
    expect(clean.near).toMatchObject({
      verdict: "pass",
      findingCount: 0,
      figures: { searched: 800, recallRounded: 1 },
    });
    const { copies, digits } = said(clean.near, "row-copies-found")!;
    expect(digits).toBe(3);
    expect(copies[0]).toMatchObject({ kind: "rounded", high: 1 });
    expect(copies[0]!.found).toBe(copies[0]!.planted);
    expect(copies[0]!.low).toBeGreaterThan(0.975);
    const planted = rows.map((row) => ({ ...row }));
    for (const [train, test] of [
      [0, 8],
      [20, 39],
    ] as const) {
      const { height, weight, age, glucose, city } = rows[train]!;
      const short = (value: number) => Number(value.toPrecision(3));
      Object.assign(planted[test]!, { height: short(height), weight: short(weight), age: short(age), glucose, city });
    }
    const { near, project, manifest } = await checkTable(planted, send);
    expect(near).toMatchObject({ verdict: "warn", findingCount: 2, figures: { testSamples: 2 } });
    const [pair] = await pairsOf(project, manifest.id);
    expect(JSON.parse(pair!.aFeatures!)).toMatchObject({ city: expect.any(String), height: expect.any(String) });
  },
);

test("rows that lie as close together as altered copies do are no warning, and that is said", async () => {
  const random = seededRandom(4);
  const rows = people(600, 3).map((row) => {
    const grade = () => Math.floor(random() * 5);
    return { ...row, height: grade(), weight: grade(), age: grade(), glucose: grade() + random() / 100 };
  });
  const { near } = await checkTable(rows, "file");
  expect(near).toMatchObject({ verdict: "not-applicable", findingCount: 0 });
  expect(kindsOf(near)).toContain("rows-close-together");
});

test("where many rows crowd together none is taken for another's copy, and a copy among them is", async () => {
  // a third within a fiftieth of the width of all: each is as close to another as copies are elsewhere
  const rows = people(600, 5).map((row, at) => {
    const width = at % 3 === 0 ? 1 / 50 : 1;
    const { height, weight, age, glucose } = row;
    return {
      ...row,
      height: (height - 170) * width,
      weight: (weight - 72) * width,
      age: (age - 50) * width,
      glucose: (glucose - 5.5) * width,
    };
  });
  expect((await checkTable(rows, "file")).near).toMatchObject({ verdict: "pass", findingCount: 0 });
  const { key, split, ...crowded } = rows[0]!;
  const planted = rows.map((row, at) => (at === 18 ? { ...row, ...crowded, age: crowded.age * 1.0001 } : row));
  const { near } = await checkTable(planted, "file");
  expect(near).toMatchObject({ verdict: "warn", findingCount: 1 });
  expect(near.findings[0]!.keys).toEqual([key, rows[18]!.key]);
  expect([split, rows[18]!.split]).toEqual(["train", "test"]);
});
