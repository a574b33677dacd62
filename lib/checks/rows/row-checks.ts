/** The checks of a manifest, each a statement or two over its rows. */
import type { TransactionSql } from "postgres";
import { wilsonInterval } from "../../statistics/intervals/proportion.ts";
import type { Split } from "../../wire/base/words.ts";
import type { Check } from "../../wire/data/checks.ts";
import type { Finding, Statement } from "../../wire/data/statements.ts";
import { type Checked, FINDINGS_SHOWN, statementsOf } from "./checked.ts";
import type { Classes } from "./classes.ts";

const KEYS_SHOWN = 6;

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
  const tests = await countSplit(tx, number, "test");
  return {
    name: "exact-duplicates",
    verdict: blocked ? "block" : "pass",
    statements: statementsOf(
      blocked
        ? { kind: "contents-in-two-splits", figures: { contents, pairs, files: bytes, testSamples: test, tests } }
        : { kind: "no-content-in-two-splits", figures: {} },
      inside > 0 ? { kind: "repeated-in-one-split", figures: { samples: inside } } : null,
    ),
    figures: {
      contents,
      pairs,
      testSamples: test,
      testShare: tests ? test / tests : null,
      testSamplesInTrain: trained,
      testShareInTrain: tests ? trained / tests : null,
      files: bytes,
      inside,
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
    ...(column === "group"
      ? { kind: "same-group", figures: { group: name, samples: n } }
      : { kind: "same-content", figures: { samples: n } }),
  }));
}

/** One content under two labels: warn. The first 50 are listed. */
export async function checkLabelConflicts({ tx, number }: Checked, { kind }: Pick<Classes, "kind">): Promise<Check> {
  if (kind === "none" || kind === "numbers")
    return {
      name: "label-conflicts",
      verdict: "not-applicable",
      statements: [{ kind: kind === "none" ? "labels-unknown" : "labels-measured", figures: {} }],
      figures: {},
      findings: [],
      findingCount: 0,
    };
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
    statements: [
      total > 0
        ? { kind: "labels-in-conflict", figures: { contents: total } }
        : { kind: "no-labels-in-conflict", figures: {} },
    ],
    figures: { contents: total },
    findings: rows.map(({ keys, splits, labels }) => ({
      keys,
      splits,
      kind: "different-labels",
      figures: { labels },
    })),
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
  return {
    name: "groups",
    verdict: spanning > 0 ? "block" : groups === 0 ? "not-applicable" : "pass",
    statements:
      groups === 0
        ? statementsOf({ kind: "no-groups", figures: {} }, await suggestGroups(tx, number))
        : spanning === 0
          ? [{ kind: "groups-in-one-split", figures: { groups } }]
          : [{ kind: "groups-in-two-splits", figures: { groups, spanning, testSamples: test } }],
    figures: { groups, spanning, testSamples: test },
    findings: spanning > 0 ? await listGroups(tx, number, "group") : [],
    findingCount: spanning,
  };
}

/** Prefixes of the keys with 2 or more samples and at most a twentieth each, on average: they may be groups. */
async function suggestGroups(tx: TransactionSql, number: number): Promise<Statement | null> {
  const [row] = await tx<{ prefixes: number; n: number; example: string | null }[]>`
    select count(*)::int as prefixes, coalesce(sum(n), 0)::int as n, min(prefix) as example from (
      select substring(key from '^(.*[^0-9])[0-9]+[^0-9/_-]*$') as prefix, count(*) as n
      from manifest_samples where manifest_number = ${number} group by 1) p where prefix is not null`;
  const { prefixes, n, example } = row!;
  if (example === null || prefixes < 20 || n / prefixes < 2) return null;
  return { kind: "keys-look-grouped", figures: { prefixes, example } };
}

/** Beyond this half-width of a 95 % interval at an accuracy of one half, runs 10 points apart can't be told apart. */
const HALF_WIDTH_MAX = 0.1;

/** What the test split can show: the interval that it allows, and the smallest shift of classes that it would show. */
export function checkPower(
  counts: Record<Split, number>,
  { kind }: Pick<Classes, "kind">,
  shifts: Partial<Record<Split, number>>,
): Check {
  const base = { name: "power" as const, findings: [], findingCount: 0 };
  const { test } = counts;
  if (test === 0)
    return {
      ...base,
      verdict: "cannot-tell",
      statements: [{ kind: "no-test-split", figures: {} }],
      figures: { test },
    };
  const halfWidth = (p: number) => {
    const [low, high] = wilsonInterval(p * test, test);
    return (high - low) / 2;
  };
  const shift = shifts.test ?? null;
  const isNumbers = kind === "numbers";
  const tooWide = halfWidth(0.5) > HALF_WIDTH_MAX;
  return {
    ...base,
    verdict: tooWide ? "cannot-tell" : "pass",
    statements: statementsOf(
      isNumbers
        ? // 1.96 standard errors of a mean are as many times as wide as the interval of a half, whose deviation is a half
          { kind: "mean-error-known-to", figures: { tests: test, halfWidth: 1.96 / Math.sqrt(test), tooWide } }
        : { kind: "accuracy-known-to", figures: { tests: test, halfWidth: halfWidth(0.9), tooWide } },
      shift === null
        ? null
        : { kind: "shift-unseen", figures: { what: isNumbers ? "labels" : "classes", share: shift } },
    ),
    figures: { test, halfWidthAt90: halfWidth(0.9), halfWidthAt50: halfWidth(0.5), unseenShift: shift },
  };
}
