import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { check, clean, found, kindsOf, pairsOf, type Row, said } from "../datasets/test-samples.ts";
import { runNextJob } from "../jobs/jobs.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { jobPrograms } from "../programs.ts";
import { seededRandom } from "../statistics/resampling/random.ts";
import { prepareWorkspace } from "../test-workspace.ts";
import { thumbnailOf } from "../wire/alike/thumbnail.ts";
import type { Split } from "../wire/base/words.ts";
import type { ManifestReport } from "../wire/checks.ts";
import { checkWords } from "../words/checks.ts";
import { getLineage } from "./balance.ts";
import { searchImages } from "./near-image-search.ts";
import { judgePairs } from "./near-pairs.ts";
import { searchTexts } from "./near-texts.ts";
import { getReport, repairManifest } from "./report.ts";

prepareWorkspace();

/** A smooth picture, different for each seed: `[side, side, 3]`. */
function picture(seed: number, side = 64): Uint8Array {
  const random = seededRandom(seed);
  const waves = Array.from({ length: 6 }, () => [random() * 6, random() * 6, random() * 6, random() * 2 - 1] as const);
  const value = (x: number, y: number, c: number) =>
    waves.reduce((sum, [a, b, phase, size]) => sum + size * Math.sin(a * x * 3 + b * y * 3 + phase + c), 0);
  return Uint8Array.from({ length: side * side * 3 }, (_, at) => {
    const [pixel, c] = [Math.floor(at / 3), at % 3];
    return Math.max(
      0,
      Math.min(255, 128 + 40 * value((pixel % side) / side, Math.floor(pixel / side) / side, c * 0.3)),
    );
  });
}
const small = (pixels: Uint8Array, side = 64) => thumbnailOf(pixels, { width: side, height: side, channels: 3 });
const mirrored = (pixels: Uint8Array, side = 64) =>
  pixels.map((_, at) => {
    const [pixel, c] = [Math.floor(at / 3), at % 3];
    const [x, y] = [pixel % side, Math.floor(pixel / side)];
    return pixels[(y * side + side - 1 - x) * 3 + c]!;
  });

/** Sixty words by chance. */
const sentences = (seed: number) => {
  const random = seededRandom(seed);
  return () => Array.from({ length: 60 }, () => `word${Math.floor(random() * 400)}`).join(" ");
};

test("clean samples pass every check that can be made", async () => {
  const { report } = await check(clean(2000));
  for (const name of ["exact-duplicates", "label-conflicts", "class-balance", "missing-classes"] as const)
    expect(found(report, name)).toMatchObject({ verdict: "pass", findingCount: 0 });
  for (const name of ["groups", "time-order"] as const) expect(found(report, name).verdict).toBe("not-applicable");
  expect(found(report, "near-duplicates").verdict).toBe("cannot-tell");
  expect(report.progress).toMatchObject({ status: "done", share: 1 });
});

test("a content in two splits blocks, with its samples and the share of test", async () => {
  const rows = clean(100);
  rows[1] = { ...rows[1]!, content: "copy", split: "train", label: "1" };
  rows[17] = { ...rows[17]!, content: "copy", split: "test", label: "1" };
  const { report } = await check(rows);
  const duplicates = found(report, "exact-duplicates");
  expect(duplicates).toMatchObject({ verdict: "block", findingCount: 1, figures: { pairs: 1, testSamples: 1 } });
  expect(duplicates.findings[0]).toMatchObject({ keys: ["s00017", "s00001"], splits: ["test", "train"] });
  expect(report.verdict).toBe("block");
});

test("one content under two labels is listed", async () => {
  const rows = clean(100);
  rows[0] = { ...rows[0]!, content: "same", split: "train" };
  rows[1] = { ...rows[1]!, content: "same", split: "train" };
  const { report } = await check(rows);
  expect(found(report, "label-conflicts")).toMatchObject({ verdict: "warn", findingCount: 1 });
});

test("a patient in two splits blocks", async () => {
  const rows = clean(200).map((row, at) => ({ ...row, group: `patient ${at}` }));
  rows[3]!.group = rows[18]!.group!;
  rows[3]!.split = "train";
  rows[18]!.split = "test";
  const { report } = await check(rows);
  expect(found(report, "groups")).toMatchObject({ verdict: "block", findingCount: 1, figures: { testSamples: 1 } });
  expect(found(report, "groups").findings[0]).toMatchObject({
    kind: "same-group",
    figures: { group: "patient 18", samples: 2 },
  });
});

test("a training row later than a test row blocks where the data is temporal, and is as usual where it isn't", async () => {
  const day = (at: number) => new Date(Date.UTC(2026, 0, 1) + at * 86_400_000).toISOString();
  const rows = clean(200).map((row, at) => ({
    ...row,
    time: day(at),
    split: (at < 140 ? "train" : at < 170 ? "validation" : "test") as Split,
  }));
  expect(found((await check(rows, {}, true)).report, "time-order").verdict).toBe("pass");
  // times are no part of a manifest's identity: other content makes it another manifest
  rows[3] = { ...rows[3]!, time: day(171), content: "late" };
  const late = found((await check(rows, {}, true)).report, "time-order");
  expect(late).toMatchObject({ verdict: "block", findingCount: 1 });
  expect(late.findings[0]!.keys).toEqual(["s00170"]);
});

test("temporal data without times, or at equal times, isn't said to be in order", async () => {
  const timed = (n: number, time: (at: number) => number | null): Row[] =>
    clean(n).map((row, at) => {
      const minute = time(at);
      const split: Split = at < 0.7 * n ? "train" : at < 0.85 * n ? "validation" : "test";
      return minute === null ? { ...row, split } : { ...row, split, time: new Date(minute * 60_000).toISOString() };
    });
  const orderOf = async (rows: Row[]) => found((await check(rows, {}, true)).report, "time-order");
  expect(await orderOf(timed(210, () => null))).toMatchObject({ verdict: "cannot-tell" });
  const part = await orderOf(timed(220, (at) => (at % 2 ? at : null)));
  expect(part.verdict).toBe("cannot-tell");
  expect(said(part, "samples-untimed")).toEqual({ untimed: 93, samples: 187 });
  const equal = await orderOf(timed(230, (at) => (at < 161 ? Math.min(at, 150) : at < 200 ? 150 : at)));
  expect(equal.verdict).toBe("warn");
  expect(equal).toMatchObject({ figures: { testAtLast: 4 }, findingCount: 4 });
  expect(said(equal, "tests-at-last-training")).toEqual({ samples: 4 });
  const tuned = await orderOf(timed(250, (at) => (at === 180 ? 1 : at)));
  expect(tuned.verdict).toBe("warn");
  expect(kindsOf(tuned)).toContain("validation-out-of-order");
});

test("splits cut from ordered data are warned of, though a class is rare; and folders by split aren't", async () => {
  const cut = clean(400).map((row, at) => ({
    ...row,
    split: (at < 280 ? "train" : at < 340 ? "validation" : "test") as Split,
    label: at < 200 ? "a" : at < 395 ? "b" : "rare",
  }));
  expect(found((await check(cut)).report, "ordered-data").verdict).toBe("warn");
  const folders = clean(400).map((row) => ({ ...row, key: `${row.split}/${row.label}/${row.key}` }));
  const inFolders = found((await check(folders)).report, "ordered-data");
  expect(inFolders).toMatchObject({ verdict: "pass" });
  expect(kindsOf(inFolders)).toEqual(["order-in-like-shares"]);
  const sealed = clean(440).map((row) => {
    const split: Split = row.split === "test" ? "test" : "train";
    return { ...row, split, key: `${split}/${row.label}/${row.key}`, sealed: split === "test" };
  });
  expect(found((await check(sealed)).report, "ordered-data").verdict).toBe("cannot-tell");
});

test("what has no classes, or too many, isn't said to have them in balance, and that weighs nothing", async () => {
  const unlabelled = (await check(clean(120).map(({ label: _, ...row }) => row))).report;
  const names = (await check(clean(1200).map((row, at) => ({ ...row, label: `person ${at}` })))).report;
  for (const name of ["ordered-data", "class-balance", "missing-classes"] as const) {
    expect(found(unlabelled, name)).toMatchObject({ verdict: "not-applicable" });
    expect(found(names, name)).toMatchObject({ verdict: "not-applicable" });
    expect(kindsOf(found(names, name))).toEqual([name === "ordered-data" ? "order-of-many-labels" : "labels-too-many"]);
  }
});

test("samples whose labels are sealed are counted as left out, and a split of them alone can't be told", async () => {
  const partly = (await check(clean(2100).map((row, at) => ({ ...row, sealed: row.split === "test" && at % 3 === 0 }))))
    .report;
  const whole = (await check(clean(2200).map((row) => ({ ...row, sealed: row.split === "test" })))).report;
  for (const name of ["class-balance", "missing-classes"] as const) {
    expect(found(partly, name)).toMatchObject({ verdict: "pass", figures: { leftOut: 140 } });
    expect(said(found(partly, name), "labels-left-out")).toEqual({ samples: 140, whole: [] });
    expect(found(whole, name)).toMatchObject({ verdict: "cannot-tell", figures: { leftOut: 440 } });
    expect(said(found(whole, name), "labels-left-out")).toEqual({ samples: 440, whole: ["test"] });
  }
});

test("a skewed class blocks, and a class that a split lacks is named", async () => {
  const skewed = clean(2000).map((row, at) => (row.split === "test" && at % 3 ? { ...row, label: "0" } : row));
  const { report } = await check(skewed);
  expect(found(report, "class-balance").verdict).toMatch(/warn|block/);
  const lacking = clean(2000, 4).map((row) =>
    row.split === "test" && row.label === "3" ? { ...row, label: "2" } : row,
  );
  const missing = found((await check(lacking)).report, "missing-classes");
  expect(missing.verdict).toBe("block");
  expect(said(missing, "classes-missing")).toEqual({ missing: 1, first: [{ label: "3", split: "test" }] });
});

test("re-encoded, resized, brighter and mirrored copies are found, and nothing else is accused", async () => {
  const rows: Row[] = clean(400).map((row, at) => ({ ...row, thumbnail: small(picture(at + 1)) }));
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

test("among images that look alike only copies count, as the threshold answers to the set, and the report says what it finds", async () => {
  const rows = lookAlikes();
  const near = found((await check(rows)).report, "near-duplicates");
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
  const { manifest, project } = await check(lookAlikes());
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

const methods = [
  ...(["random", "stratified", "group", "stratified-group", "time"] as const),
  ...(["k-fold", "stratified-k-fold", "group-k-fold", "stratified-group-k-fold"] as const),
];

/** Samples by chance; of a grouped method in groups of about twenty keys side by side, each of one class. */
function randomRows(seed: number, isGrouped: boolean): Row[] {
  const random = seededRandom(seed);
  const n = (isGrouped ? 400 : 60) + Math.floor(random() * 900);
  const classes = 2 + Math.floor(random() * 9);
  let [group, label] = [0, ""];
  return Array.from({ length: n }, (_, at) => {
    const isNew = at === 0 || random() < 1 / 20;
    if (isNew) group++;
    if (isNew || !isGrouped) label = String(Math.floor(random() * classes));
    return {
      key: `k${String(at).padStart(4, "0")} ${seed}`,
      label,
      ...(isGrouped ? { group: `group ${group}` } : {}),
      time: new Date(1.7e12 + random() * 1e10).toISOString(),
    };
  });
}

/** The reports of a clean manifest, and of its folds. */
async function checkRandom(seed: number, method: (typeof methods)[number]): Promise<ManifestReport[]> {
  const rows = randomRows(seed, method.includes("group"));
  const { report, project, manifest } = await check(rows, { method, seed, options: { folds: 3 } });
  const { children } = await getLineage(systemActor, project.id, manifest.id);
  return [report, ...(await Promise.all(children.map(({ id }) => getReport(systemActor, project.id, id))))];
}

test("of 200 random clean manifests none is blocked, and few are warned of", async () => {
  const verdicts: string[] = [];
  for (let seed = 1; verdicts.length < 200; seed++) {
    const method = methods[seed % methods.length]!;
    for (const { checks } of await checkRandom(seed, method)) {
      const grave = checks.filter(({ verdict }) => verdict === "block" || verdict === "warn");
      verdicts.push(grave.map((one) => `${one.verdict} ${method} ${seed} ${one.name}: ${checkWords(one)}`).join());
    }
  }
  expect(verdicts.filter((verdict) => verdict.includes("block"))).toEqual([]);
  const warned = verdicts.filter((verdict) => verdict !== "");
  expect(warned.length, warned.join("\n")).toBeLessThanOrEqual(10);
}, 120_000);
