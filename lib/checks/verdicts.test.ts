/** What the checks' verdicts say, and what people's words change of them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { check, clean, found, kindsOf, pairsOf, type Row, said } from "../datasets/test-samples.ts";
import { getManifest, listManifests } from "../manifests/manifests.ts";
import { createRun } from "../runs/runs.ts";
import { seededRandom } from "../statistics/resampling/random.ts";
import { exportRuns } from "../table/export.ts";
import { readRunsPage } from "../table/rows.ts";
import { prepareWorkspace } from "../test-workspace.ts";
import type { Split } from "../wire/base/words.ts";
import { manifestVerdicts } from "../wire/data/manifests.ts";
import { gravest } from "./check-job.ts";
import { verdictOf } from "./near/near-duplicates.ts";
import { judgePairs, listNearFamilies } from "./near/near-pairs.ts";
import { getReport } from "./report.ts";

prepareWorkspace();

const gravity = (verdict: string): number => manifestVerdicts.indexOf(verdict as never);

test("more pairs that look the same never make the verdict milder, whatever else couldn't be told", () => {
  const pair = { a: "a", b: "b", aSplit: "train" as Split, bSplit: "test" as Split, similarity: 1, mirrored: false };
  const search = fc.record({
    pairs: fc.array(fc.constant(pair), { maxLength: 30 }),
    stopped: fc.constantFrom(null, "unseparated" as const, "kept" as const, "comparisons" as const, "pairs" as const),
    uncompared: fc.nat(3),
  });
  const counts = fc.record({ train: fc.nat(9), validation: fc.nat(9), test: fc.nat(9) });
  fc.assert(
    fc.property(
      search,
      search,
      counts,
      counts,
      fc.integer({ min: 1, max: 30 }),
      (one, other, comparable, all, more) => {
        const before = gravity(verdictOf([one, other], comparable, all));
        const grown = { ...one, pairs: [...one.pairs, ...Array.from({ length: more }, () => pair)] };
        const after = gravity(verdictOf([grown, other], comparable, all));
        expect(after).toBeGreaterThanOrEqual(before);
        expect(after).toBeGreaterThanOrEqual(gravity("warn"));
      },
    ),
  );
});

test("a check that doesn't apply weighs nothing in the manifest's verdict", () => {
  expect(gravest([{ verdict: "not-applicable" }, { verdict: "pass" }])).toBe("pass");
  expect(gravest([{ verdict: "not-applicable" }])).toBe("pass");
  expect(gravest([{ verdict: "cannot-tell" }, { verdict: "not-applicable" }])).toBe("cannot-tell");
});

test("labels that are numbers are compared as numbers, and none is called a missing class", async () => {
  const random = seededRandom(3);
  const numbers = clean(442).map((row) => ({ ...row, label: String(25 + Math.floor(random() * 320)) }));
  const { report } = await check(numbers);
  expect(found(report, "missing-classes")).toMatchObject({ verdict: "not-applicable", findingCount: 0 });
  expect(found(report, "class-balance").figures.degreesOfFreedom).toBe(8);
  // of the largest numbers test has hardly any
  const moved = clean(2000).map((row) => ({
    ...row,
    label: String((row.split === "test" ? 0.5 : 1) * random()),
  }));
  expect(found((await check(moved)).report, "class-balance").verdict).toBe("block");
  // ten numbers that repeat are classes, and so are those of classes counted from 0
  const digits = clean(600).map((row, at) => ({ ...row, content: `digit ${at}`, label: String(at % 10) }));
  const many = clean(630).map((row, at) => ({ ...row, content: `of many ${at}`, label: String(at % 63) }));
  for (const rows of [digits, many])
    expect(found((await check(rows)).report, "missing-classes").verdict).not.toBe("not-applicable");
});

/** Two years of days, four a day: whether it is a cold one, which goes with the season. */
const seasons = (from: string): Row[] => {
  const random = seededRandom(5);
  return Array.from({ length: 2920 }, (_, at) => {
    const share = 0.5 + 0.45 * Math.cos((2 * Math.PI * at) / 1460);
    return {
      key: `${from}${String(at).padStart(5, "0")}`,
      label: random() < share ? "cold" : "warm",
      time: new Date(Date.UTC(2024, 0, 1) + at * 21_600_000).toISOString(),
    };
  });
};

test("a split by time isn't blamed for seasons that train has seen, and is warned of what is new", async () => {
  const cut = { method: "time" as const };
  const usual = found((await check(seasons("usual "), cut, true)).report, "class-balance");
  expect(usual).toMatchObject({ verdict: "pass", figures: { usualShift: expect.any(Number) } });
  const { usual: within } = said(usual, "shares-move-with-time")!;
  expect(within?.share).toBe(usual.figures.usualShift);
  const rows = seasons("new ").map((row, at) => ({ ...row, label: at < 2482 ? row.label! : "flood" }));
  const { report } = await check(rows, cut, true);
  for (const name of ["class-balance", "missing-classes"] as const)
    expect(found(report, name).verdict, name).toBe("warn");
  // the same samples as a split that isn't temporal are blocked
  const random = {
    rows: rows.map(({ time: _, ...row }, at) => ({ ...row, key: `not ${row.key}`, split: splitAt(at) })),
  };
  expect(found((await check(random.rows)).report, "class-balance").verdict).toBe("block");
});
const splitAt = (at: number): Split => (at < 2044 ? "train" : at < 2482 ? "validation" : "test");

test("a class whose season a split by time doesn't reach isn't missing from it", async () => {
  // thirty days of each spring, of which train has two
  const isThaw = (at: number) => at % 1460 >= 360 && at % 1460 < 480;
  const rows = seasons("thaw ").map((row, at) => (isThaw(at) ? { ...row, label: "thaw" } : row));
  const absent = found((await check(rows, { method: "time" }, true)).report, "missing-classes");
  expect(absent.verdict).toBe("pass");
  expect(kindsOf(absent)).toContain("absence-is-usual");
});

/** A manifest whose check of near duplicates found these pairs, and nothing else is to be said against. */
async function withPairs(named: string, planted: [string, string][]) {
  const rows = clean(2000).map((row) => ({ ...row, content: `${named} ${row.key}` }));
  const texts = rows.map((row) => ({ ...row, text: `${row.key} ${named} ${textOf(row.key)}` }));
  for (const [a, b] of planted) {
    const place = (key: string) => texts.findIndex((row) => row.key === key);
    texts[place(b)]!.text = `${texts[place(a)]!.text} ${b}`;
  }
  return check(texts);
}
const textOf = (key: string): string => {
  const random = seededRandom(Number(key.slice(1)));
  return Array.from({ length: 40 }, () => `word${Math.floor(random() * 400)}`).join(" ");
};

test("where people tell all pairs apart the warning goes, in every list, and comes back with one word", async () => {
  const { project, manifest, report } = await withPairs("apart", [
    ["s00000", "s00017"],
    ["s00020", "s00037"],
  ]);
  expect(report.verdict).toBe("warn");
  const run = await createRun(systemActor, { project: project.id, manifest: manifest.id });
  const everywhere = async () => {
    const csv: string[] = [];
    for await (const piece of exportRuns(systemActor, project.id, { columns: ["manifest"] })) csv.push(piece);
    const shown = await getReport(systemActor, project.id, manifest.id);
    const { rows } = await readRunsPage(systemActor, project.id, { columns: [] });
    return new Set([
      shown.verdict,
      found(shown, "near-duplicates").verdict,
      (await listManifests(systemActor, project.id))[0]!.verdict,
      (await getManifest(systemActor, project.id, manifest.id))!.verdict,
      rows.find(({ id }) => id === run.id)!.manifest!.verdict,
      csv.join("").trim().split(",").at(-1),
    ]);
  };
  const pairs = (await pairsOf(project, manifest.id)).map(({ aKey, bKey }): [string, string] => [aKey, bKey]);
  expect(pairs).toHaveLength(2);
  expect(await everywhere()).toEqual(new Set(["warn"]));
  await judgePairs(systemActor, project.id, manifest.id, { pairs: [pairs[0]!], same: false });
  expect(await everywhere()).toEqual(new Set(["warn"]));
  await judgePairs(systemActor, project.id, manifest.id, { pairs: [pairs[1]!], same: false });
  expect(await everywhere()).toEqual(new Set(["pass"]));
  const told = found(await getReport(systemActor, project.id, manifest.id), "near-duplicates");
  expect(said(told, "pairs-told-apart")).toEqual({ pairs: 2 });
  expect(kindsOf(told)[1]).toBe("pairs-alike");
  await judgePairs(systemActor, project.id, manifest.id, { pairs: [pairs[1]!], same: true });
  expect(await everywhere()).toEqual(new Set(["warn"]));
});

test("families are made of all pairs, and every pair of any kind can be reached and judged", async () => {
  const rows = clean(2000).map((row) => ({ ...row, content: `family ${row.key}` }));
  const { project, manifest } = await check(rows);
  // 24 × 25 pairs of 49 samples, more than a page holds, and one alone
  const keysIn = (split: Split, n: number) =>
    rows
      .filter((row) => row.split === split)
      .slice(0, n)
      .map(({ key }) => key);
  const [trained, tested] = [keysIn("train", 24), keysIn("test", 26)];
  const planted = trained.flatMap((a) => tested.slice(0, 25).map((b) => (a < b ? [a, b] : [b, a])));
  planted.push([rows.filter((row) => row.split === "train").at(-1)!.key, tested[25]!].sort());
  await connections().sql`
    insert into near_pairs (manifest_number, a_key, b_key, similarity, mirrored)
    select m.number, a, b, .99 - place * 1e-5, false from manifests m,
      unnest(${planted.map(([a]) => a!)}::text[], ${planted.map(([, b]) => b!)}::text[]) with ordinality given(a, b, place)
    where m.id = ${manifest.id}`;
  const list = (show: "all" | "open" | "confirmed" | "apart", from = 0) =>
    listNearFamilies(systemActor, project.id, manifest.id, { show, from });
  const reached = new Set<string>();
  for (let from = 0; from < 601; from += 48)
    for (const { pairs } of (await list("all", from)).families)
      for (const { aKey, bKey } of pairs) reached.add(`${aKey} ${bKey}`);
  expect(reached.size).toBe(601);
  const first = (await list("all")).families[0]!;
  expect(first).toMatchObject({ pairCount: 600, sampleCount: 49, openCount: 600 });
  const { aKey, bKey } = first.pairs[0]!;
  const said = await judgePairs(systemActor, project.id, manifest.id, {
    pairs: [[aKey, bKey]],
    same: true,
    families: true,
  });
  expect(said).toBe(600);
  expect((await list("confirmed", 576)).families[0]!.pairs).toHaveLength(24);
  expect(await list("open")).toMatchObject({ total: 1, families: [{ pairCount: 1 }] });
  expect((await list("apart")).families).toEqual([]);
});

test("a manifest by quantile bins has numbers for labels, however few they are", async () => {
  const rows = clean(1000).map(({ split: _, ...row }, at) => ({
    ...row,
    content: `binned ${at}`,
    label: String(at % 7),
  }));
  const { report } = await check(rows, { method: "stratified", seed: 1, options: { quantileBins: 5 } });
  expect(found(report, "missing-classes").verdict).toBe("not-applicable");
});
