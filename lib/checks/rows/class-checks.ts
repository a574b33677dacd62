/**
 * Whether the splits have the same classes in like shares, as far as labels are known. Groups are dealt as one, so that
 * chance takes shares further apart than it would take samples dealt one by one: by the design effect.
 */

import type { TransactionSql } from "postgres";
import { psi, psiNull, tvd, tvdNull95 } from "../../statistics/hypothesis-tests/distances.ts";
import { homogeneityTest, permutationP } from "../../statistics/hypothesis-tests/homogeneity.ts";
import { sum } from "../../statistics/sum.ts";
import { type Split, splits } from "../../wire/base/words.ts";
import type { Check, Verdict } from "../../wire/data/checks.ts";
import type { Statement } from "../../wire/data/statements.ts";
import { type Checked, statementsOf } from "./checked.ts";
import { type Balance, type Classes, classIn } from "./classes.ts";
import { absentFor, usualShift } from "./shares-over-time.ts";

/**
 * Of the labels; and only where chance doesn't explain it: of clean splits of 60 samples in 10 classes 27 % reach it, of
 * 200 in 30 classes 18 % (labels dealt 2,000 times), and would be blocked. Of 1,000 clean manifests a p of .01 let 3 be.
 */
const V_BLOCK = 0.15;
const P_BLOCK = 0.001;
const P_WARN = 0.01;
const TVD_WARN = 0.05;
const PSI_WARN = 0.1;
const TVD_UNSEEN = 0.1;
const PSI_FLOOR = 1e-4;
const PERMUTATIONS = 9_999;
const SEED = 1;

const usedSplits = (balance: Balance): Split[] => splits.filter((split) => sum(balance.counts[split]) > 0);

/** How samples of a class come together in groups. */
export type Clustering = {
  /** By how much the variance of class counts is larger than if each sample were dealt by itself; 1 without groups. */
  designEffect: number;
  /** Groups of each class, and its samples without a group. `[labels]` */
  units: number[];
};
type Clustered = { label: string; units: number; samples: number; squares: number; products: number };

/** Rao and Scott (1981), their first-order correction, from the sums of n(group, class)² and n(group, class) · n(group). */
export async function readClustering(
  tx: TransactionSql,
  number: number,
  { balance, names, edges }: Classes,
): Promise<Clustering> {
  if (!balance) return { designEffect: 1, units: [] };
  const rows = await tx<Clustered[]>`
    select label, count(*)::int as units, sum(n)::float8 as samples, sum(n * n)::float8 as squares,
      sum(n * size)::float8 as products
    from (select label, n, sum(n) over (partition by "group") as size from (
      select "group", ${classIn(tx, edges)} as label, count(*)::float8 as n from manifest_samples
      where manifest_number = ${number} and label is not null and "group" is not null group by 1, 2) cells) sized
    group by label`;
  const grouped = new Map(rows.map((row) => [row.label, row]));
  const classes = names.map((name, index) => {
    const samples = sum(splits.map((split) => balance.counts[split][index]!));
    const row = grouped.get(name) ?? { units: 0, samples: 0, squares: 0, products: 0 };
    const alone = samples - row.samples;
    return { samples, units: row.units + alone, squares: row.squares + alone, products: row.products + alone };
  });
  const total = sum(classes.map(({ samples }) => samples));
  const sizeSquares = sum(classes.map(({ products }) => products));
  const terms = classes.map(({ samples, squares, products }) => {
    const share = samples / total;
    return (squares - 2 * share * products + share ** 2 * sizeSquares) / samples;
  });
  // groups that mix the classes evenly would make it less than 1: splits are then more alike than chance, and no fault
  const designEffect = Math.max(1, sum(terms) / Math.max(1, classes.length - 1));
  return { designEffect, units: classes.map(({ units }) => units) };
}

/** Counts as if each sample had been dealt by itself; whole ones, so that they can be dealt. */
const independent = (table: number[][], { designEffect }: Clustering): number[][] =>
  designEffect === 1 ? table : table.map((row) => row.map((n) => Math.round(n / designEffect)));

/** What the total variation distance of a split from the first that has samples exceeds by chance once in twenty times. */
export type Unseen = Partial<Record<Split, number>>;
export function unseenShifts(balance: Balance | null, clustering: Clustering): Unseen {
  if (!balance || balance.labels.length < 2) return {};
  const [first, ...others] = usedSplits(balance);
  const { counts } = balance;
  const shift = (split: Split) => tvdNull95(independent([counts[first!], counts[split]], clustering), SEED);
  return Object.fromEntries(others.map((split) => [split, shift(split)]));
}

/** Samples by split whose label isn't known: sealed, or missing. */
const unlabelled = ({ counts }: Balance, all: Record<Split, number>) =>
  splits.map((split) => ({ split, samples: all[split] - sum(counts[split]), isAll: sum(counts[split]) === 0 }));

const noClasses = ({ kind }: Classes): Statement[] => [
  { kind: kind === "many" ? "labels-too-many" : "labels-unknown", figures: {} },
];

/** How many samples are left out for want of a label, and which splits consist of them. */
function sayLeftOut(balance: Balance, all: Record<Split, number>): Statement | null {
  const without = unlabelled(balance, all).filter(({ samples }) => samples > 0);
  if (without.length === 0) return null;
  const whole = without.filter(({ isAll }) => isAll).map(({ split }) => split);
  return { kind: "labels-left-out", figures: { samples: sum(without.map(({ samples }) => samples)), whole } };
}

/** Whether the classes' shares differ between splits by more than chance, and by how much. `all` are all samples. */
export async function checkClassBalance(
  checked: Checked,
  classes: Classes,
  all: Record<Split, number>,
  { clustering, shifts }: { clustering: Clustering; shifts: Unseen },
): Promise<Check> {
  const base = { name: "class-balance" as const, findings: [], findingCount: 0 };
  const { balance } = classes;
  if (!balance) return { ...base, verdict: "not-applicable", statements: noClasses(classes), figures: {} };
  const used = usedSplits(balance);
  const without = unlabelled(balance, all);
  const isPartUnknown = without.some(({ samples, isAll }) => isAll && samples > 0);
  const leftOut = { leftOut: sum(without.map(({ samples }) => samples)) };
  const saidLeftOut = sayLeftOut(balance, all);
  if (used.length < 2 || balance.labels.length < 2)
    return {
      ...base,
      verdict: isPartUnknown ? "cannot-tell" : "not-applicable",
      statements: statementsOf(
        { kind: "nothing-to-balance", figures: { what: used.length < 2 ? "splits" : "classes" } },
        saidLeftOut,
      ),
      figures: leftOut,
    };
  const dealt = compareClasses(balance, used, { clustering, shifts });
  const compared = checked.temporal ? await overTime(checked, { ...classes, balance }, used, dealt) : dealt;
  const verdict = compared.verdict === "pass" && isPartUnknown ? "cannot-tell" : compared.verdict;
  return {
    ...base,
    verdict,
    statements: statementsOf(compared.statement, saidLeftOut),
    figures: { ...compared.figures, ...leftOut },
  };
}

type Compared = { verdict: Verdict; statement: Statement; figures: Check["figures"] & { tvd: number } };

/**
 * In a temporal set nobody dealt the samples: shares move with time, and a split by time is to have them moved. It warns
 * where they moved further than they ever did within train, in stretches as long, and never blocks.
 */
async function overTime(
  checked: Checked,
  classes: Classes & { balance: Balance },
  used: Split[],
  dealt: Compared,
): Promise<Compared> {
  if (dealt.verdict === "pass") return dealt;
  const { counts } = classes.balance;
  const moved = [];
  for (const split of used.filter((one) => one !== "train" && used.includes("train")))
    moved.push({ distance: tvd(counts.train, counts[split]), usual: await usualShift(checked, classes, split), split });
  const isUsual = moved.every(({ distance, usual }) => usual !== null && distance <= usual);
  const worst = moved.reduce((a, b) => (b.distance - (b.usual ?? 0) > a.distance - (a.usual ?? 0) ? b : a), moved[0]!);
  const verdict: Verdict = isUsual ? "pass" : dealt.verdict === "block" ? "warn" : dealt.verdict;
  const usual = worst?.usual == null ? null : { split: worst.split, share: worst.usual };
  return {
    verdict,
    statement: { kind: "shares-move-with-time", figures: { share: dealt.figures.tvd, usual } },
    figures: { ...dealt.figures, ...(usual ? { usualShift: usual.share } : {}) },
  };
}

function compareClasses(
  balance: Balance,
  used: Split[],
  { clustering, shifts }: { clustering: Clustering; shifts: Unseen },
): Compared {
  const table = used.map((split) => balance.counts[split]);
  const test = homogeneityTest(table);
  const { p, isPermuted } = chanceOf(independent(table, clustering));
  const [first, ...others] = table;
  const against = others.map((row) => {
    const [n, m] = [sum(first!), sum(row)];
    const index = psi(first!, row, PSI_FLOOR);
    return { distance: tvd(first!, row), psi: index, psi95: psiNull(n, m, balance.labels.length).p95 };
  });
  const distance = Math.max(...against.map((one) => one.distance));
  const unseen = Math.max(...Object.values(shifts));
  const moved = against.some((one) => one.distance >= TVD_WARN || (one.psi > one.psi95 && one.psi > PSI_WARN));
  const isLarge = test.cramersVCorrected >= V_BLOCK;
  const verdict: Verdict =
    isLarge && p < P_BLOCK
      ? "block"
      : p < P_WARN && moved
        ? "warn"
        : // shares that are alike are alike, however few samples have them
          distance >= TVD_WARN && (isLarge || unseen > TVD_UNSEEN)
          ? "cannot-tell"
          : "pass";
  const worst = against.reduce((a, b) => (b.psi > a.psi ? b : a));
  return {
    verdict,
    statement: sayBalance(verdict, { share: distance, unseen, p }),
    figures: {
      chi2: test.chi2,
      g: test.g,
      degreesOfFreedom: test.dof,
      p,
      permuted: isPermuted ? PERMUTATIONS : 0,
      cramersV: test.cramersV,
      cramersVCorrected: test.cramersVCorrected,
      minExpected: test.minExpected,
      tvd: distance,
      tvdNull95: unseen,
      psi: worst.psi,
      psiNull95: worst.psi95,
      psiFloor: PSI_FLOOR,
      largestDeviation: largestDeviation(table),
      designEffect: clustering.designEffect,
    },
  };
}

/** The G test's p; by permutation where expected counts are small. 1: nothing is left to compare. */
function chanceOf(given: number[][]): { p: number; isPermuted: boolean } {
  const table = given.filter((row) => sum(row) > 0);
  const classes = table[0]?.filter((_, column) => table.some((row) => row[column]! > 0)).length ?? 0;
  if (table.length < 2 || classes < 2) return { p: 1, isPermuted: false };
  const test = homogeneityTest(table);
  const isPermuted = test.minExpected < 1 || test.shareExpectedBelow5 > 0.2;
  return { p: isPermuted ? permutationP(table, { permutations: PERMUTATIONS, seed: SEED }) : test.pG, isPermuted };
}

/** The most by which a class's share in a split differs from its share of all: what a stratified split keeps small. */
function largestDeviation(table: number[][]): number {
  const all = table[0]!.map((_, column) => sum(table.map((row) => row[column]!)));
  const total = sum(all);
  const deviations = table.flatMap((row) => {
    const size = sum(row);
    return row.map((n, column) => Math.abs(n / size - all[column]! / total));
  });
  return Math.max(...deviations);
}

function sayBalance(verdict: Verdict, { share, unseen, p }: Record<"share" | "unseen" | "p", number>): Statement {
  if (verdict === "cannot-tell") return { kind: "shares-undecided", figures: { share, chance: unseen } };
  if (verdict === "pass") return { kind: "shares-alike", figures: { share, chance: unseen } };
  return { kind: "shares-differ", figures: { share, p } };
}

const EXPECTED_BLOCK = 10;

/**
 * A class that a split lacks: block where 10 or more of its samples (or groups) were to be expected, warn where chance is
 * an unlikely reason. Where as many samples of the split have no label that is known, they may be of it; and 10 samples in
 * few groups may all have gone elsewhere: both can't be told.
 */
export async function checkMissingClasses(
  checked: Checked,
  classes: Classes,
  all: Record<Split, number>,
  { units }: Clustering,
): Promise<Check> {
  const base = { name: "missing-classes" as const, findings: [], findingCount: 0 };
  const { balance } = classes;
  if (!balance) return { ...base, verdict: "not-applicable", statements: noClasses(classes), figures: {} };
  if (classes.kind === "numbers")
    return {
      ...base,
      verdict: "not-applicable",
      statements: [{ kind: "labels-are-numbers", figures: {} }],
      figures: {},
    };
  const used = usedSplits(balance);
  const without = unlabelled(balance, all);
  const missing = listMissing(balance, used, all, units);
  const usual = checked.temporal ? await usuallyAbsent(checked, { ...classes, balance }, used) : new Set<string>();
  const judged = missing.filter(({ split, label }) => !usual.has(`${split} ${label}`));
  const isPartUnknown = without.some(({ samples, isAll }) => isAll && samples > 0);
  const verdict = missingVerdict(judged, { looks: used.length * balance.labels.length, isPartUnknown, ...checked });
  return {
    ...base,
    verdict,
    statements: statementsOf(
      sayMissing(missing, { classes: balance.labels.length, used }),
      missing.length > 0 && judged.length === 0 ? { kind: "absence-is-usual", figures: {} } : null,
      sayLeftOut(balance, all),
    ),
    figures: {
      missing: missing.length,
      expectedMax: missing.length ? Math.max(...missing.map((m) => m.expected)) : null,
      leftOut: sum(without.map(({ samples }) => samples)),
    },
    findingCount: missing.length,
  };
}

const MISSING_NAMED = 5;

function sayMissing(
  missing: ReturnType<typeof listMissing>,
  { classes, used }: { classes: number; used: Split[] },
): Statement {
  if (missing.length === 0) return { kind: "classes-everywhere", figures: { classes, splits: used } };
  const first = missing.slice(0, MISSING_NAMED).map(({ label, split }) => ({ label, split }));
  return { kind: "classes-missing", figures: { missing: missing.length, first } };
}

function missingVerdict(
  missing: ReturnType<typeof listMissing>,
  { looks, isPartUnknown, temporal }: { looks: number; isPartUnknown: boolean; temporal: boolean },
): Verdict {
  const certain = missing.filter(({ isCertain }) => isCertain);
  // a class may come or go with time
  if (certain.some(({ expectedUnits }) => expectedUnits >= EXPECTED_BLOCK)) return temporal ? "warn" : "block";
  if (certain.some(({ byChance }) => byChance < P_WARN / looks)) return "warn";
  const isOpen = certain.length < missing.length || missing.some(({ expected }) => expected >= EXPECTED_BLOCK);
  return isOpen || isPartUnknown ? "cannot-tell" : "pass";
}

/** Splits and classes that stretches of train as long lack as well: snow, in a summer. */
async function usuallyAbsent(
  checked: Checked,
  classes: Classes & { balance: Balance },
  used: Split[],
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const split of used)
    for (const label of await absentFor(checked, classes, split)) found.add(`${split} ${label}`);
  return found;
}

function listMissing({ labels, counts }: Balance, used: Split[], all: Record<Split, number>, units: number[]) {
  const total = sum(used.map((split) => sum(counts[split])));
  return used.flatMap((split) =>
    labels.flatMap((label, index) => {
      if (counts[split][index]! > 0) return [];
      const members = sum(used.map((other) => counts[other][index]!));
      const labelled = sum(counts[split]);
      const share = labelled / total;
      const expected = members * share;
      const isCertain = all[split] - labelled < Math.max(1, expected);
      const dealt = units[index]!;
      return [{ split, label, expected, expectedUnits: dealt * share, byChance: (1 - share) ** dealt, isCertain }];
    }),
  );
}
