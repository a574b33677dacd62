/** The checks of a manifest, each a statement or two over its rows. What they ask and where they draw lines is RIGOUR's. */
import type { TransactionSql } from "postgres";
import { psi, psiNull, tvd, tvdNull95 } from "../statistics/distances.ts";
import { homogeneityTest, permutationP } from "../statistics/homogeneity.ts";
import { wilsonInterval } from "../statistics/proportion.ts";
import { type Check, type Split, splits, type Verdict } from "../wire.ts";

export type Checked = {
  tx: TransactionSql;
  /** The manifest's number in `manifest_samples`. */ number: number;
  datasetNumber: number;
  /** Whether the future must not be trained on, as the dataset or the method says. */ temporal: boolean;
};
type Finding = Check["findings"][number];

const FINDINGS_SHOWN = 50;
const KEYS_SHOWN = 6;
const count = (value: number, one: string, many = `${one}s`) =>
  `${value.toLocaleString("en")} ${value === 1 ? one : many}`;
const percent = (share: number) => `${(share * 100).toFixed(share < 0.01 ? 2 : 1)} %`;

type Duplicates = { contents: number; pairs: number; test: number; trained: number; inside: number; bytes: number };

/** Samples with equal bytes or equal decoded content, in two splits: block. Inside one split: said. */
export async function checkExactDuplicates({ tx, number }: Checked): Promise<Check> {
  const [found] = await tx<Duplicates[]>`
    with contents as (
      select content_hash, count(*) as n, count(*) filter (where split = 'train') as tr,
        count(*) filter (where split = 'validation') as va, count(*) filter (where split = 'test') as te
      from manifest_samples where manifest_number = ${number} group by content_hash having count(*) > 1)
    select count(*) filter (where (tr > 0)::int + (va > 0)::int + (te > 0)::int > 1)::int as contents,
      coalesce(sum(tr * va + tr * te + va * te), 0)::float8 as pairs,
      coalesce(sum(te) filter (where tr + va > 0), 0)::int as test,
      coalesce(sum(te) filter (where tr > 0), 0)::int as trained,
      coalesce(sum(n - 1) filter (where (tr > 0)::int + (va > 0)::int + (te > 0)::int = 1), 0)::int as inside,
      (select count(*)::int from (
        select from manifest_samples where manifest_number = ${number} and byte_hash is not null
        group by byte_hash having min(split) <> max(split)) files) as bytes
    from contents`;
  const { contents, pairs, test, trained, inside, bytes } = found!;
  const blocked = contents > 0 || bytes > 0;
  const findings = blocked ? await listGroups(tx, number, contents > 0 ? "content_hash" : "byte_hash") : [];
  const within = inside > 0 ? ` Inside one split, ${count(inside, "sample repeats", "samples repeat")} another.` : "";
  const tested = await countSplit(tx, number, "test");
  return {
    name: "exact-duplicates",
    verdict: blocked ? "block" : "pass",
    detail: blocked
      ? `${count(contents, "content stands", "contents stand")} in more than one split (${count(pairs, "pair")}), and ` +
        `${count(bytes, "file")} byte by byte. ${count(test, "test sample")} of ${tested} (${percent(test / Math.max(1, tested))}) ` +
        `can be known from training or tuning.${within}`
      : `No content stands in two splits.${within}`,
    figures: {
      ...{ contents, pairs, testSamples: test, testShare: tested ? test / tested : null },
      ...{ testSamplesInTrain: trained, testShareInTrain: tested ? trained / tested : null, files: bytes, inside },
    },
    findings,
    findingCount: Math.max(contents, bytes),
  };
}

const countSplit = async (tx: TransactionSql, number: number, split: Split): Promise<number> => {
  const [row] = await tx<{ n: number }[]>`
    select count(*)::int as n from manifest_samples where manifest_number = ${number} and split = ${split}`;
  return row!.n;
};

/** The first values of a column that stand in more than one split, with their first samples. */
async function listGroups(
  tx: TransactionSql,
  number: number,
  column: "content_hash" | "byte_hash" | "group",
): Promise<Finding[]> {
  const rows = await tx<{ name: string; keys: string[]; splits: Split[]; n: number }[]>`
    select ${column === "group" ? tx`"group"` : tx`encode(${tx(column)}, 'hex')`} as name,
      (array_agg(key order by array_position(array['test', 'validation', 'train'], split), key))[1:${KEYS_SHOWN}] as keys,
      (array_agg(split order by array_position(array['test', 'validation', 'train'], split), key))[1:${KEYS_SHOWN}] as splits,
      count(*)::int as n
    from manifest_samples where manifest_number = ${number} and ${tx(column)} is not null
    group by ${tx(column)} having min(split) <> max(split) order by count(*) desc, 1 limit ${FINDINGS_SHOWN}`;
  return rows.map(({ name, keys, splits, n }) => ({
    keys,
    splits,
    note: column === "group" ? `group ${name}, ${count(n, "sample")}` : `${count(n, "sample")} alike`,
  }));
}

/** One content under two labels: warn, with all of them listed. */
export async function checkLabelConflicts({ tx, number }: Checked): Promise<Check> {
  const rows = await tx<{ keys: string[]; splits: Split[]; labels: string[]; total: number }[]>`
    select (array_agg(key order by label, key))[1:${KEYS_SHOWN}] as keys,
      (array_agg(split order by label, key))[1:${KEYS_SHOWN}] as splits,
      array_agg(distinct label) as labels, count(*) over ()::int as total
    from manifest_samples where manifest_number = ${number} and label is not null
    group by content_hash having min(label) <> max(label) order by count(*) desc, min(key) limit ${FINDINGS_SHOWN}`;
  const total = rows[0]?.total ?? 0;
  return {
    name: "label-conflicts",
    verdict: total > 0 ? "warn" : "pass",
    detail:
      total > 0
        ? `${count(total, "content has", "contents have")} more than one label: no model can answer both right.`
        : "No content has two labels.",
    figures: { contents: total },
    findings: rows.map(({ keys, splits, labels }) => ({ keys, splits, note: `labels ${labels.join(", ")}` })),
    findingCount: total,
  };
}

/** A group in two splits: block. Where no sample has a group, prefixes of keys that look like one are named. */
export async function checkGroups({ tx, number }: Checked): Promise<Check> {
  const [found] = await tx<{ groups: number; spanning: number; test: number }[]>`
    select count(*)::int as groups, count(*) filter (where lo <> hi)::int as spanning,
      coalesce(sum(te) filter (where lo <> hi), 0)::int as test
    from (select min(split) as lo, max(split) as hi, count(*) filter (where split = 'test') as te
      from manifest_samples where manifest_number = ${number} and "group" is not null group by "group") g`;
  const { groups, spanning, test } = found!;
  const detail =
    groups === 0
      ? `No sample names a group (a patient, a video).${await suggestGroups(tx, number)}`
      : spanning === 0
        ? `Each of ${count(groups, "group")} stands in one split.`
        : `${count(spanning, "group")} of ${groups.toLocaleString("en")} ${spanning === 1 ? "stands" : "stand"} in more than one split, with ` +
          `${count(test, "test sample")}: what is tested was partly trained on.`;
  return {
    name: "groups",
    verdict: spanning > 0 ? "block" : "pass",
    detail,
    figures: { groups, spanning, testSamples: test },
    findings: spanning > 0 ? await listGroups(tx, number, "group") : [],
    findingCount: spanning,
  };
}

/** Prefixes of the keys with 2 or more samples and at most a twentieth each, on average: they may be groups. */
async function suggestGroups(tx: TransactionSql, number: number): Promise<string> {
  const [row] = await tx<{ prefixes: number; n: number; example: string | null }[]>`
    select count(*)::int as prefixes, coalesce(sum(n), 0)::int as n, min(prefix) as example from (
      select substring(key from '^(.*[^0-9])[0-9]+[^0-9/_-]*$') as prefix, count(*) as n
      from manifest_samples where manifest_number = ${number} group by 1) p where prefix is not null`;
  const { prefixes, n, example } = row!;
  const mean = n / Math.max(1, prefixes);
  if (prefixes < 20 || mean < 2) return "";
  return ` The keys begin in ${count(prefixes, "way")}, such as ${JSON.stringify(example)}: if that is one source, make it the group.`;
}

/** A test sample earlier than the last training sample: block where the data is temporal, else a question. */
export async function checkTimeOrder({ tx, number, temporal }: Checked): Promise<Check> {
  const [found] = await tx<{ train: number; test: number; earlier: number; equal: number; auc: number | null }[]>`
    with timed as (select split, "time" from manifest_samples
      where manifest_number = ${number} and "time" is not null and split in ('train', 'test')),
    last as (select max("time") as t from timed where split = 'train')
    select count(*) filter (where split = 'train')::int as train, count(*) filter (where split = 'test')::int as test,
      count(*) filter (where split = 'test' and "time" < (select t from last))::int as earlier,
      count(*) filter (where split = 'test' and "time" in (select "time" from timed where split = 'train'))::int as equal,
      (select (sum(r) filter (where split = 'test') - count(*) filter (where split = 'test')::float8
          * (count(*) filter (where split = 'test') + 1) / 2)
        / nullif(count(*) filter (where split = 'test')::float8 * count(*) filter (where split = 'train'), 0)
        from (select split, rank() over (order by "time") + (count(*) over (partition by "time") - 1) / 2.0 as r from timed) ranked
      )::float8 as auc
    from timed`;
  const { train, test, earlier, equal, auc } = found!;
  const overlap = test > 0 ? earlier / test : null;
  // an AUC of .6 is chance in small samples: its standard deviation without any order is sqrt((n + m + 1) / 12nm)
  const sd = train > 0 && test > 0 ? Math.sqrt((train + test + 1) / (12 * train * test)) : 1;
  const ordered = auc !== null && Math.abs(auc - 0.5) > 0.1 && Math.abs(auc - 0.5) > 3 * sd;
  const verdict: Verdict = temporal && earlier > 0 ? "block" : earlier > 0 && ordered ? "warn" : "pass";
  return {
    name: "time-order",
    verdict,
    detail: timeWords({ train, test, overlap, temporal, verdict }),
    figures: { testEarlierShare: overlap, testEqualShare: test > 0 ? equal / test : null, auc },
    findings: verdict === "pass" ? [] : await listEarlier(tx, number),
    findingCount: verdict === "pass" ? 0 : earlier,
  };
}

function timeWords(found: {
  train: number;
  test: number;
  overlap: number | null;
  temporal: boolean;
  verdict: Verdict;
}): string {
  const { train, test, overlap, temporal, verdict } = found;
  if (train === 0 || test === 0)
    return temporal
      ? "The data is temporal, but its samples have no times."
      : "Samples of train and test have no times.";
  if (overlap === 0) return "Every test sample is later than the last training sample.";
  const words = `${percent(overlap ?? 0)} of the test samples are earlier than the last training sample`;
  if (verdict === "block") return `${words}, and the data is temporal: the model has seen the future.`;
  if (verdict === "warn")
    return `${words}, yet time tells the splits apart: if the model is to foretell, split by time.`;
  return `${words}. That is as in any random split, and right unless the model is to foretell.`;
}

const listEarlier = async (tx: TransactionSql, number: number): Promise<Finding[]> => {
  const rows = await tx<{ key: string; time: Date }[]>`
    select key, "time" from manifest_samples where manifest_number = ${number} and split = 'test' and "time" <
      (select max("time") from manifest_samples where manifest_number = ${number} and split = 'train')
    order by "time", key limit ${FINDINGS_SHOWN}`;
  return rows.map(({ key, time }) => ({ keys: [key], splits: ["test" as Split], note: time.toISOString() }));
};

/** Samples whose labels follow the order of their keys, in a split that follows it too: warn. */
export async function checkOrderedData({ tx, number }: Checked): Promise<Check> {
  const byDecile = async (column: "label" | "split") => {
    const rows = await tx<{ decile: number; name: string; n: number }[]>`
      select decile, name, count(*)::int as n from (
        select ntile(10) over (order by key) as decile, ${tx(column)} as name from manifest_samples
        where manifest_number = ${number}) placed
      where name is not null and name in (
        select ${tx(column)} from manifest_samples where manifest_number = ${number} and ${tx(column)} is not null
        group by 1 order by count(*) desc, 1 limit 100)
      group by 1, 2`;
    const names = [...new Set(rows.map(({ name }) => name))];
    const table = Array.from({ length: 10 }, () => names.map(() => 0));
    for (const { decile, name, n } of rows) table[decile - 1]![names.indexOf(name)] = n;
    const kept = table.filter((row) => row.some((n) => n > 0));
    return names.length > 1 && kept.length > 1 ? homogeneityTest(kept) : null;
  };
  const [label, split] = [await byDecile("label"), await byDecile("split")];
  const follows = (test: typeof label) => test !== null && test.minExpected >= 1 && test.pChi2 < 0.001;
  const both = follows(label) && follows(split);
  return {
    name: "ordered-data",
    verdict: both ? "warn" : "pass",
    detail: both
      ? "Labels follow the order of the keys, and so do the splits: they were cut from ordered data."
      : follows(label)
        ? "Labels follow the order of the keys; the split doesn't, so that does no harm."
        : "Labels don't follow the order of the keys.",
    figures: { labelP: label?.pChi2 ?? null, splitP: split?.pChi2 ?? null },
    findings: [],
    findingCount: 0,
  };
}

/** Samples of a manifest by split and label. Sealed labels aren't among them. */
export type Balance = { labels: string[] /** `[split][label]` */; counts: Record<Split, number[]> };
const CLASSES_MAX = 1000;

/** Counts by split and label; null where there are no labels, or more than 1,000: they are no classes then. */
export async function readBalance(tx: TransactionSql, number: number): Promise<Balance | null> {
  const rows = await tx<{ split: Split; label: string; n: number }[]>`
    select split, label, count(*)::int as n from manifest_samples
    where manifest_number = ${number} and label is not null group by split, label`;
  const labels = [...new Set(rows.map(({ label }) => label))].sort(byNumberOrName);
  if (labels.length === 0 || labels.length > CLASSES_MAX) return null;
  const place = new Map(labels.map((label, index) => [label, index]));
  const empty = () => labels.map(() => 0);
  const counts = { train: empty(), validation: empty(), test: empty() };
  for (const { split, label, n } of rows) counts[split][place.get(label)!] = n;
  return { labels, counts };
}

const byNumberOrName = (a: string, b: string): number =>
  Number.isFinite(Number(a)) && Number.isFinite(Number(b)) ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0;

const V_BLOCK = 0.15;
const P_WARN = 0.01;
const TVD_WARN = 0.05;
const PSI_WARN = 0.1;
const TVD_UNSEEN = 0.1;
const PSI_FLOOR = 1e-4;
const PERMUTATIONS = 9_999;
const SEED = 1;

const usedSplits = (balance: Balance): Split[] => splits.filter((split) => sum(balance.counts[split]) > 0);

/** What the total variation distance of a split from the first that has samples exceeds by chance once in twenty times. */
export type Unseen = Partial<Record<Split, number>>;
export function unseenShifts(balance: Balance | null): Unseen {
  if (!balance || balance.labels.length < 2) return {};
  const [first, ...others] = usedSplits(balance);
  const { counts } = balance;
  return Object.fromEntries(others.map((split) => [split, tvdNull95([counts[first!], counts[split]], SEED)]));
}

/** Whether the classes' shares differ between splits by more than chance, and by how much. */
export function checkClassBalance(balance: Balance | null, shifts: Unseen): Check {
  const base = { name: "class-balance" as const, findings: [], findingCount: 0 };
  const used = balance ? usedSplits(balance) : [];
  if (!balance || used.length < 2 || balance.labels.length < 2)
    return { ...base, verdict: "pass", detail: "There are no two classes in two splits to compare.", figures: {} };
  const table = used.map((split) => balance.counts[split]);
  const test = homogeneityTest(table);
  const cochran = test.minExpected < 1 || test.shareExpectedBelow5 > 0.2;
  const p = cochran ? permutationP(table, { permutations: PERMUTATIONS, seed: SEED }) : test.pG;
  const [first, ...others] = table;
  const against = others.map((row) => {
    const [n, m] = [sum(first!), sum(row)];
    const index = psi(first!, row, PSI_FLOOR);
    return { distance: tvd(first!, row), psi: index, psi95: psiNull(n, m, balance.labels.length).p95 };
  });
  const distance = Math.max(...against.map((one) => one.distance));
  const unseen = Math.max(...Object.values(shifts));
  const moved = against.some((one) => one.distance >= TVD_WARN || (one.psi > one.psi95 && one.psi > PSI_WARN));
  const verdict: Verdict =
    test.cramersVCorrected >= V_BLOCK && p < P_WARN
      ? "block"
      : p < P_WARN && moved
        ? "warn"
        : unseen > TVD_UNSEEN
          ? "cannot-tell"
          : "pass";
  const worst = against.reduce((a, b) => (b.psi > a.psi ? b : a));
  return {
    ...base,
    verdict,
    detail: balanceWords(verdict, distance, unseen),
    figures: {
      ...{ chi2: test.chi2, g: test.g, degreesOfFreedom: test.dof, p, permuted: cochran ? PERMUTATIONS : 0 },
      ...{ cramersV: test.cramersV, cramersVCorrected: test.cramersVCorrected, minExpected: test.minExpected },
      ...{ tvd: distance, tvdNull95: unseen, psi: worst.psi, psiNull95: worst.psi95, psiFloor: PSI_FLOOR },
    },
  };
}

function balanceWords(verdict: Verdict, distance: number, unseen: number): string {
  const words = `${percent(distance)} of a split's samples would have to change class to match train`;
  if (verdict === "cannot-tell")
    return `${words}; with so few samples a shift below ${percent(unseen)} can't be told from chance.`;
  if (verdict === "pass") return `${words}: no more than chance (up to ${percent(unseen)}), or too little to matter.`;
  return `${words}: more than chance, which makes up to ${percent(unseen)}.`;
}

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

const EXPECTED_BLOCK = 10;

/** A class that a split lacks: block where 10 or more were to be expected, warn where chance is an unlikely reason. */
export function checkMissingClasses(balance: Balance | null): Check {
  const base = { name: "missing-classes" as const, findings: [] };
  if (!balance)
    return { ...base, verdict: "pass", detail: "There are no classes to miss.", figures: {}, findingCount: 0 };
  const used = usedSplits(balance);
  const total = sum(used.map((split) => sum(balance.counts[split])));
  const looks = used.length * balance.labels.length;
  const missing = used.flatMap((split) =>
    balance.labels.flatMap((label, index) => {
      if (balance.counts[split][index]! > 0) return [];
      const members = sum(used.map((other) => balance.counts[other][index]!));
      const share = sum(balance.counts[split]) / total;
      return [{ split, label, expected: members * share, byChance: (1 - share) ** members }];
    }),
  );
  const verdict: Verdict = missing.some(({ expected }) => expected >= EXPECTED_BLOCK)
    ? "block"
    : missing.some(({ byChance }) => byChance < P_WARN / looks)
      ? "warn"
      : "pass";
  const named = missing.slice(0, 5).map(({ split, label }) => `${JSON.stringify(label)} in ${split}`);
  return {
    ...base,
    verdict,
    detail:
      missing.length === 0
        ? `Each of ${count(balance.labels.length, "class", "classes")} stands in each split.`
        : `Missing: ${named.join(", ")}${missing.length > 5 ? `, and ${missing.length - 5} more` : ""}. ` +
          "Nothing can be said there of a class that isn't.",
    figures: {
      missing: missing.length,
      expectedMax: missing.length ? Math.max(...missing.map((m) => m.expected)) : null,
    },
    findingCount: missing.length,
  };
}

/** Beyond this half-width of a 95 % interval at an accuracy of one half, runs 10 points apart can't be told apart. */
const HALF_WIDTH_MAX = 0.1;

/** What the test split can show: the interval that it allows, and the smallest shift of classes that it would show. */
export function checkPower(counts: Record<Split, number>, shifts: Unseen): Check {
  const base = { name: "power" as const, findings: [], findingCount: 0 };
  const { test } = counts;
  if (test === 0)
    return {
      ...base,
      verdict: "cannot-tell",
      detail: "There is no test split: only validation numbers can come of it.",
      figures: { test },
    };
  const halfWidth = (p: number) => {
    const [low, high] = wilsonInterval(p * test, test);
    return (high - low) / 2;
  };
  const shift = shifts.test ?? null;
  const wide = halfWidth(0.5) > HALF_WIDTH_MAX;
  return {
    ...base,
    verdict: wide ? "cannot-tell" : "pass",
    detail:
      `With ${count(test, "test sample")} an accuracy of 90 % is known to ±${percent(halfWidth(0.9))}` +
      `${wide ? ": too wide to tell runs apart" : ""}.` +
      (shift === null ? "" : ` A shift of classes below ${percent(shift)} would go unseen.`),
    figures: { test, halfWidthAt90: halfWidth(0.9), halfWidthAt50: halfWidth(0.5), unseenShift: shift },
  };
}
