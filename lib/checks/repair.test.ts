/** What people say of pairs, and the manifest that is made by it. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { check, clean, found, pairsOf, type Row } from "../datasets/test-samples.ts";
import { jobPrograms } from "../job-programs.ts";
import { runNextJob } from "../jobs/jobs.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { registerManifest } from "../manifests/register.ts";
import { exportManifest } from "../manifests/samples.ts";
import { prepareWorkspace } from "../test-workspace.ts";
import type { Split } from "../wire/base/words.ts";
import { countNearPairs, judgePairs } from "./near/near-pairs.ts";
import { getReport, repairManifest } from "./report.ts";

prepareWorkspace();

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

/** Clean samples, of which two hold one content: one in train, the other as `other` says. */
const copied = (other: Partial<Row>): Row[] =>
  clean(100).map((row, at) =>
    at === 1 || at === 17
      ? { ...row, content: `copy ${JSON.stringify(other)}`, label: "1", ...(at === 17 ? other : {}) }
      : row,
  );

/** Pairs of samples in train and in test, as if the check had nominated them: `similarity` falls from the first on. */
async function plantPairs(number: number, pairs: [string, string][]): Promise<void> {
  const { sql } = connections();
  await sql`insert into near_pairs ${sql(
    pairs.map(([a, b], at) => ({
      manifest_number: number,
      a_key: a,
      b_key: b,
      similarity: 1 - at / 1000,
      mirrored: false,
    })),
  )}`;
}

test.each([
  ["kept", {}, ["train", "test"] as Split[]],
  ["sealed", { sealed: true }, ["train"] as Split[]],
])("copies that are %s apart are mended without a word on a pair", async (_, other, keep) => {
  const { project, manifest, report } = await check(copied(other), { method: "random", seed: 1, options: { keep } });
  expect(found(report, "exact-duplicates").verdict).toBe("block");
  const repaired = await repairManifest(systemActor, project.id, manifest.id);
  expect(repaired).toMatchObject({ parent: manifest.id, method: "given", notes: expect.not.stringContaining("pair") });
  while (await runNextJob(jobPrograms));
  const mended = await getReport(systemActor, project.id, repaired.id);
  expect(found(mended, "exact-duplicates").verdict).toBe("pass");
  await expect(repairManifest(systemActor, project.id, repaired.id)).rejects.toMatchObject({ status: 409 });
});

test("confirmed pairs that are kept apart go to the later of their splits", async () => {
  const rows = clean(100).map((row) => ({ ...row, content: `kept ${row.key}` }));
  const options = { keep: ["train", "test"] as Split[] };
  const { project, manifest } = await check(rows, { method: "random", seed: 1, options });
  const { number } = await requireManifest(systemActor, project.id, manifest.id);
  await plantPairs(number, [["s00001", "s00017"]]);
  await judgePairs(systemActor, project.id, manifest.id, { pairs: [["s00001", "s00017"]], same: true });
  const repaired = await repairManifest(systemActor, project.id, manifest.id);
  const lines: string[] = [];
  for await (const piece of exportManifest(systemActor, project.id, repaired.id, "csv"))
    lines.push(...Buffer.from(piece).toString("utf8").split("\r\n"));
  for (const key of ["s00001", "s00017"]) expect(lines.find((line) => line.startsWith(key))).toMatch(/^s\d+,test,/);
});

test("a split that a trainer made of a part of a dataset is mended, not made again of all", async () => {
  const rows = clean(100).map((row) => ({ ...row, content: `offline ${row.key}` }));
  const { project, manifest: whole } = await check(rows, { method: "random", seed: 1 });
  const samples = {
    key: ["s00001", "s00002", "s00017", "s00018"],
    split: ["train", "train", "validation", "test"] as Split[],
    label: ["1", "0", "1", "0"],
    contentHash: [1, 2, 17, 18].map((at) => hashOf(`offline ${rows[at]!.key}`)),
  };
  const given = { dataset: whole.dataset, method: "random", seed: 1, methodVersion: 1, samples };
  const part = await registerManifest(systemActor, { project: project.id, name: "offline", ...given });
  while (await runNextJob(jobPrograms));
  const { number } = await requireManifest(systemActor, project.id, part.id);
  await plantPairs(number, [["s00001", "s00017"]]);
  await judgePairs(systemActor, project.id, part.id, { pairs: [["s00001", "s00017"]], same: true });
  const repaired = await repairManifest(systemActor, project.id, part.id);
  expect(repaired).toMatchObject({ parent: part.id, counts: { train: 1, validation: 2, test: 1 } });
});

test("pairs that nobody judged come first, the most alike before others, and all are counted", async () => {
  const rows = clean(100).map((row) => ({ ...row, content: `counted ${row.key}` }));
  const { project, manifest } = await check(rows);
  const { number } = await requireManifest(systemActor, project.id, manifest.id);
  const pairs = [0, 1, 2, 3].map((at): [string, string] => [`s0000${at}`, "s00017"]);
  await plantPairs(number, pairs);
  const list = async () => (await pairsOf(project, manifest.id)).map(({ aKey, bKey }) => [aKey, bKey]);
  expect(await list()).toEqual(pairs);
  await judgePairs(systemActor, project.id, manifest.id, { pairs: [pairs[0]!], same: true });
  await judgePairs(systemActor, project.id, manifest.id, { pairs: [pairs[2]!], same: false });
  expect(await list()).toEqual([1, 3, 0, 2].map((at) => pairs[at]));
  const counts = await countNearPairs(systemActor, project.id, manifest.id);
  expect(counts).toEqual({ total: 4, confirmed: 1, toldApart: 1 });
});
