/** Other test splits that somebody looked at, and how many samples of a test split they hold. */
import type { TransactionSql } from "postgres";
import { connections } from "../../db/connection.ts";
import { BoundedMap } from "../bounded-map.ts";
import { areKnownBefore, hashBeside } from "../datasets/earlier-forms.ts";

export type TestSplit = { number: number; digest: string; count: number };

export type SharingSplit = {
  digest: string;
  /** Of the samples of the split that is asked about, above 0. */
  share: number;
  /** Both hold the same contents: under other keys, or as another version of Holdout hashed them. */
  isSame: boolean;
};

/** As many other test splits are compared: those of the newest manifests. */
const COMPARED_MAX = 50;

/** Splits never change, nor what they share. */
const known = new BoundedMap<string, { shared: number; isSame: boolean }>(10_000);

/** Test splits with looks, of any project, that hold samples of this one; itself aside. */
export async function listSharing(split: TestSplit): Promise<SharingSplit[]> {
  if (split.count === 0) return [];
  return connections().sql.begin("read only", async (tx) => {
    const others = await tx<TestSplit[]>`
      select max(m.number) as number, m.test_digest as digest, m.test_count as count from manifests m
      where m.test_count > 0 and m.test_digest <> ${split.digest}
        and exists (select from looks l where l.test_digest = m.test_digest)
      group by m.test_digest, m.test_count order by number desc limit ${COMPARED_MAX}`;
    const sharing: SharingSplit[] = [];
    for (const other of others) {
      const { shared, isSame } = await compare(tx, split, other);
      if (shared > 0) sharing.push({ digest: other.digest, share: shared / split.count, isSame });
    }
    return sharing;
  });
}

async function compare(tx: TransactionSql, split: TestSplit, other: TestSplit) {
  const name = `${split.digest} ${other.digest}`;
  const before = known.get(name);
  if (before) return before;
  // of two forms of one version the hashes are the same: only where versions differ is another hash asked for
  const isKnown = await areKnownBefore(tx, [split.number]);
  const isOfOtherVersion = isKnown !== (await areKnownBefore(tx, [other.number]));
  const shared = await countShared(tx, split.number, other.number, isOfOtherVersion);
  const isSame =
    shared === split.count &&
    split.count === other.count &&
    (await countShared(tx, other.number, split.number, isOfOtherVersion)) === other.count;
  known.set(name, { shared, isSame });
  return { shared, isSame };
}

/** How many test samples of one manifest have contents that another's test split holds. */
async function countShared(
  tx: TransactionSql,
  number: number,
  other: number,
  isOfOtherVersion: boolean,
): Promise<number> {
  const contents = (of: number, beside: number) => tx`
    select ${isOfOtherVersion ? hashBeside(tx, beside) : tx`m.content_hash`} as hash
    from manifest_samples m where m.manifest_number = ${of} and m.split = 'test'`;
  const [row] = await tx<{ shared: number }[]>`
    select count(*)::int as shared from (${contents(number, other)}) a
    where a.hash in (${contents(other, number)})`;
  return row!.shared;
}
