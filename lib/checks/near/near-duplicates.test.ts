import { expect, test } from "vitest";
import { connections } from "../../../db/connection.ts";
import { systemActor } from "../../access/actor.ts";
import { check, clean, found, kindsOf, pairsOf, type Row, said } from "../../datasets/test-samples.ts";
import { jobPrograms } from "../../job-programs.ts";
import { runNextJob } from "../../jobs/jobs.ts";
import { requireManifest } from "../../manifests/manifests.ts";
import { seededRandom } from "../../statistics/resampling/random.ts";
import { prepareWorkspace } from "../../test-workspace.ts";
import { thumbnailOf } from "../../wire/alike/thumbnail.ts";
import { getReport, repairManifest } from "../report.ts";
import { searchImages } from "./near-image-search.ts";
import { judgePairs } from "./near-pairs.ts";
import { searchTexts } from "./near-texts.ts";

prepareWorkspace();

const drawn = new Map<string, Uint8Array>();

/** A smooth picture, different for each seed: `[side, side, 3]`; tests have many of them in common. */
function picture(seed: number, side = 64): Uint8Array {
  const known = drawn.get(`${seed} ${side}`) ?? draw(seed, side);
  drawn.set(`${seed} ${side}`, known);
  return known;
}

function draw(seed: number, side: number): Uint8Array {
  const random = seededRandom(seed);
  const waves = Array.from({ length: 6 }, () => [random() * 6, random() * 6, random() * 6, random() * 2 - 1] as const);
  const values = new Float64Array(side * side * 3);
  for (const [a, b, phase, size] of waves) {
    // sin(column + row) from sines and cosines of both: a sine a pixel would be most of what these tests cost
    const columns = Array.from({ length: side * 3 }, (_, at) => (a * 3 * Math.floor(at / 3)) / side + (at % 3) * 0.3);
    const [sines, cosines] = [columns.map(Math.sin), columns.map(Math.cos)];
    for (let y = 0; y < side; y++) {
      const row = (b * 3 * y) / side + phase;
      const [sine, cosine] = [size * Math.sin(row), size * Math.cos(row)];
      const from = y * side * 3;
      for (let at = 0; at < side * 3; at++) values[from + at]! += sines[at]! * cosine + cosines[at]! * sine;
    }
  }
  return Uint8Array.from(values, (value) => Math.max(0, Math.min(255, 128 + 40 * value)));
}
const small = (pixels: Uint8Array, side = 64) => thumbnailOf(pixels, { width: side, height: side, channels: 3 });
const mirrored = (pixels: Uint8Array, side = 64) =>
  pixels.map((_, at) => {
    const [pixel, c] = [Math.floor(at / 3), at % 3];
    const [x, y] = [pixel % side, Math.floor(pixel / side)];
    return pixels[(y * side + side - 1 - x) * 3 + c]!;
  });

/** Grain so faint that JPEG leaves nothing of it. */
function grain(seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length: 32 * 32 }, () => 120 + Math.floor(random() * 17));
}

/** Sixty words by chance. */
const sentences = (seed: number) => {
  const random = seededRandom(seed);
  return () => Array.from({ length: 60 }, () => `word${Math.floor(random() * 400)}`).join(" ");
};

test("re-encoded, resized, brighter and mirrored copies are found, and nothing else is accused", async () => {
  const rows: Row[] = clean(160).map((row, at) => ({ ...row, thumbnail: small(picture(at + 1)) }));
  const from = (at: number) => picture(at + 1);
  const noise = seededRandom(9);
  const copies: [number, number, Uint8Array][] = [
    [17, 0, small(from(0).map((v) => Math.max(0, Math.min(255, v + Math.round((noise() - 0.5) * 6)))))],
    [37, 20, small(picture(21, 41), 41)],
    [57, 40, small(from(40).map((v) => Math.min(255, v + 20)))],
    [77, 60, small(mirrored(from(60)))],
  ];
  for (const [test, train, thumbnail] of copies) {
    rows[test] = { ...rows[test]!, split: "test", thumbnail };
    rows[train] = { ...rows[train]!, split: "train" };
  }
  const { report, project, manifest } = await check(rows);
  const near = found(report, "near-duplicates");
  expect(near).toMatchObject({ verdict: "warn", findingCount: 4, figures: { testSamples: 4 } });
  const pairs = await pairsOf(project, manifest.id);
  expect(pairs.map(({ aKey, bKey }) => [aKey, bKey]).sort()).toEqual(
    copies.map(([test, train]) => [rows[train]!.key, rows[test]!.key]).sort(),
  );
  expect(pairs.filter((pair) => pair.mirrored)).toHaveLength(1);
  const judge = (id: string, chosen: typeof pairs, same: boolean) =>
    judgePairs(systemActor, project.id, id, { pairs: chosen.map(({ aKey, bKey }) => [aKey, bKey]), same });
  const repair = async (id: string) => {
    const repaired = await repairManifest(systemActor, project.id, id);
    expect(repaired.parent).toBe(id);
    while (await runNextJob(jobPrograms));
    return [repaired.id, found(await getReport(systemActor, project.id, repaired.id), "near-duplicates")] as const;
  };
  // a person confirms; the repaired split keeps confirmed pairs together, and asks for nothing that was answered
  const unlike = pairs.filter((pair) => pair.mirrored);
  await judge(
    manifest.id,
    pairs.filter((pair) => !pair.mirrored),
    true,
  );
  await judge(manifest.id, unlike, false);
  const [once, left] = await repair(manifest.id);
  expect(left).toMatchObject({ verdict: "pass", findingCount: 1 });
  expect(await pairsOf(project, once)).toMatchObject([{ mirrored: true, same: false }]);
  // what was confirmed before stays together, and the check is quiet
  await judge(once, unlike, true);
  const [, none] = await repair(once);
  expect(none).toMatchObject({ verdict: "pass", findingCount: 0 });
});

test("texts that say nearly the same are found by their shingles", async () => {
  const sentence = sentences(4);
  const rows: Row[] = clean(200).map((row) => ({ ...row, text: sentence() }));
  rows[0] = { ...rows[0]!, split: "train" };
  rows[17] = { ...rows[17]!, split: "test", text: `${rows[0]!.text!} once more` };
  const near = found((await check(rows)).report, "near-duplicates");
  expect(near).toMatchObject({ verdict: "warn", findingCount: 1 });
});

/** One picture in many small variations: all hashes alike; half of the test images are brighter copies of others. */
function lookAlikes(): Row[] {
  const base = picture(1);
  const rows: Row[] = clean(560).map((row, at) => {
    const random = seededRandom(at + 1);
    const other = picture(1000 + at);
    return { ...row, thumbnail: small(base.map((v, i) => 0.75 * v + 0.25 * other[i]! + random() * 2)) };
  });
  for (const [at, row] of rows.entries())
    if (row.split === "test" && at % 40 < 20)
      row.thumbnail = rows[at - 10]!.thumbnail!.map((v) => Math.min(255, v + 1));
  return rows;
}

const alikeRows = lookAlikes();
let alike: ReturnType<typeof check> | null = null;
/** Checked once, for whichever test comes first. */
function checkAlike(): ReturnType<typeof check> {
  alike ??= check(alikeRows);
  return alike;
}

test("among images that look alike only copies count, as the threshold answers to the set, and the report says what it finds", async () => {
  const rows = alikeRows;
  const near = found((await checkAlike()).report, "near-duplicates");
  const copied = rows.filter(({ split }, at) => split === "test" && at % 40 < 20).length;
  expect(near).toMatchObject({ verdict: "warn", findingCount: copied });
  expect(near.figures.threshold).toBeGreaterThan(0.98);
  expect(near.recall).toContainEqual(expect.objectContaining({ kind: "re-encoded", planted: 200 }));
  const { planted, found: again, low } = said(near, "image-copies-found")!.reEncoded;
  expect(planted).toBe(200);
  expect(again / planted).toBeGreaterThanOrEqual(0.9);
  expect(low).toBeGreaterThan(0.85);
});

test("where there are too many images for all to be compared, a hash that can't separate them says so", async () => {
  const { manifest, project } = await checkAlike();
  const { number, datasetNumber } = await requireManifest(systemActor, project.id, manifest.id);
  const { images, recall } = await connections().sql.begin((tx) =>
    searchImages({ tx, number, datasetNumber, temporal: false }, 0),
  );
  expect(images.stopped).toBe("unseparated");
  expect(images.nominated).toBeGreaterThan(100);
  expect(images.pairs.length).toBeGreaterThan(0);
  expect(recall.map(({ kind }) => kind)).toContain("re-encoded");
});

test("copies across splits don't hide near duplicates, whose copies are counted with them", async () => {
  const rows: Row[] = clean(400).map((row, at) => ({ ...row, thumbnail: small(picture(at + 1)) }));
  const copied = small(picture(900));
  for (let at = 0; at < 260; at++)
    rows[at] = { ...rows[at]!, split: at % 2 ? "test" : "train", content: "copied", thumbnail: copied };
  rows[300] = { ...rows[300]!, split: "train", thumbnail: small(picture(901)) };
  for (const at of [301, 302])
    rows[at] = { ...rows[at]!, split: "test", content: "twice", thumbnail: rows[300].thumbnail!.map((v) => v + 1) };
  const { report } = await check(rows);
  expect(found(report, "exact-duplicates").verdict).toBe("block");
  const near = found(report, "near-duplicates");
  expect(near).toMatchObject({ verdict: "warn", findingCount: 1, figures: { nominated: 2, testSamples: 2 } });
  expect(near.findings[0]!.keys).toEqual(["s00300", "s00301"]);
  expect(kindsOf(near)).not.toContain("search-not-separating");
});

test("a search that misses copies which were only re-encoded can't tell, and says so", async () => {
  const rows: Row[] = clean(120).map((row, at) => ({ ...row, thumbnail: grain(at + 1) }));
  const near = found((await check(rows)).report, "near-duplicates");
  expect(near).toMatchObject({ verdict: "cannot-tell", findingCount: 0 });
  expect(said(near, "search-weak")).toEqual({ what: "images" });
  const { planted, found: again } = said(near, "image-copies-found")!.reEncoded;
  expect(again / planted).toBeLessThan(0.5);
});

test("a search that ends for having found so many pairs says that", async () => {
  const base = picture(1);
  const rows: Row[] = clean(320).map((row, at) => {
    const random = seededRandom(at);
    const thumbnail = small(base.map((v) => Math.min(255, v + Math.round(random() * 2))));
    return { ...row, split: at % 2 ? "test" : "train", thumbnail };
  });
  const near = found((await check(rows)).report, "near-duplicates");
  expect(near).toMatchObject({ verdict: "warn", findingCount: 20_000 });
  expect(said(near, "search-full")).toEqual({ what: "images", pairs: 20_000 });
  expect(kindsOf(near)).not.toContain("search-not-separating");
});

test("near duplicates can't be told where few samples of a split can be compared", async () => {
  const trained: Row[] = clean(220).map((row, at) =>
    row.split === "train" ? { ...row, thumbnail: small(picture(at + 1)) } : row,
  );
  const near = found((await check(trained)).report, "near-duplicates");
  expect(near.verdict).toBe("cannot-tell");
  expect(said(near, "samples-compared")).toEqual({
    compared: 154,
    samples: 220,
    least: { split: "validation", compared: 0, samples: 22 },
    texts: null,
  });
  const most = clean(240).map((row, at) => (at % 20 ? { ...row, thumbnail: small(picture(at + 1)) } : row));
  const told = found((await check(most)).report, "near-duplicates");
  expect(told.verdict).toBe("pass");
  expect(said(told, "no-pair-alike")).toEqual({ allCompared: false });
  expect(said(told, "samples-compared")).toMatchObject({ compared: 228, samples: 240 });
});

test("many copies of a text across splits don't hide what says nearly the same", async () => {
  const sentence = sentences(4);
  const rows: Row[] = clean(400).map((row) => ({ ...row, text: sentence() }));
  for (let at = 0; at < 300; at++)
    rows[at] = { ...rows[at]!, split: at % 2 ? "test" : "train", content: "copied", text: rows[0]!.text! };
  rows[300] = { ...rows[300]!, split: "train" };
  rows[301] = { ...rows[301]!, split: "test", text: `${rows[300].text!} once more` };
  const near = found((await check(rows)).report, "near-duplicates");
  expect(near).toMatchObject({ verdict: "warn", findingCount: 1, figures: { searched: 400 } });
});

test("of too many texts those are searched that come by their hash, of each split", async () => {
  const sentence = sentences(5);
  const rows: Row[] = clean(300).map((row) => ({ ...row, text: sentence() }));
  const { manifest, project } = await check(rows);
  const { number, datasetNumber } = await requireManifest(systemActor, project.id, manifest.id);
  const found = await connections().sql.begin((tx) =>
    searchTexts({ tx, number, datasetNumber, temporal: false }, 300, 100),
  );
  expect(found.searched).toBeGreaterThan(70);
  expect(found.searched).toBeLessThan(130);
});
