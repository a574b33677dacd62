import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { check, clean, found, kindsOf, type Row, said } from "../datasets/test-samples.ts";
import { seededRandom } from "../statistics/resampling/random.ts";
import { prepareWorkspace } from "../test-workspace.ts";
import type { Split } from "../wire/base/words.ts";
import type { ManifestReport } from "../wire/data/checks.ts";
import { checkWords } from "../words/check-words.ts";
import { getReport } from "./report.ts";
import { getLineage } from "./rows/balance.ts";

prepareWorkspace();

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

/** A third of the samples is test's: more of it is b, nothing is c, and it is earlier. `times`: as many of each. */
function uneven(times: number): Row[] {
  const labels = { train: "aaaaaaaaaaaaaabbbbbbccc", test: "aaaabbbbbb" };
  const spans = { train: 1000, test: 600 };
  return (["train", "test"] as const).flatMap((split) => {
    const n = labels[split].length * times;
    return Array.from({ length: n }, (_, at) => ({
      key: `${split} ${times} ${String((at * 7919) % n).padStart(4, "0")}`,
      split,
      label: labels[split][at % labels[split].length]!,
      time: new Date(1.7e12 + Math.round((spans[split] * 60_000 * (at + 0.5)) / n)).toISOString(),
    }));
  });
}

test("what chance may have made of few samples is no fault, and of six times as many it is", async () => {
  const [few, many] = [(await check(uneven(1))).report, (await check(uneven(6))).report];
  expect(found(few, "class-balance")).toMatchObject({ verdict: "cannot-tell" });
  expect(found(few, "class-balance").figures.cramersVCorrected).toBeGreaterThan(0.15);
  expect(found(many, "class-balance")).toMatchObject({ verdict: "block" });
  for (const report of [few, many]) expect(found(report, "missing-classes").findingCount).toBe(1);
  expect(found(few, "missing-classes").verdict).toBe("pass");
  expect(found(many, "missing-classes").verdict).toBe("warn");
  expect(found(few, "time-order")).toMatchObject({ verdict: "pass", figures: { auc: expect.closeTo(0.3, 1) } });
  expect(kindsOf(found(few, "time-order"))).toEqual(["tests-earlier-by-chance"]);
  expect(found(many, "time-order").verdict).toBe("warn");
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

test("of many random clean manifests none is blocked, and few are warned of", async () => {
  const verdicts: string[] = [];
  const enough = process.env.HOLDOUT_TEST_SLOW ? 200 : 30;
  for (let seed = 1; verdicts.length < enough; seed++) {
    const method = methods[seed % methods.length]!;
    for (const { checks } of await checkRandom(seed, method)) {
      const grave = checks.filter(({ verdict }) => verdict === "block" || verdict === "warn");
      verdicts.push(grave.map((one) => `${one.verdict} ${method} ${seed} ${one.name}: ${checkWords(one)}`).join());
    }
  }
  expect(verdicts.filter((verdict) => verdict.includes("block"))).toEqual([]);
  const warned = verdicts.filter((verdict) => verdict !== "");
  expect(warned.length, warned.join("\n")).toBeLessThanOrEqual(0.05 * verdicts.length);
}, 120_000);
