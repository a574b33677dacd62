/** How often a test split was looked at, in whichever form its samples were registered. */
import type { TransactionSql } from "postgres";
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { areKnownBefore, hashBeside } from "../datasets/earlier-forms.ts";
import { type LooksAt, listLooksAt } from "../looks/looks.ts";
import { requireManifest } from "../manifests/manifests.ts";

/** Other test splits that somebody looked at, as many samples each: so many of the newest are compared. */
const COMPARED_MAX = 50;

/**
 * The looks at a manifest's test split: those at its digest, and those at the same samples as an earlier or later version
 * of Holdout hashed them, so that a new form of the same data has no clean ledger.
 */
export async function listTestLooks(
  actor: Actor,
  projectNamed: string | undefined,
  manifestId: string,
): Promise<LooksAt> {
  const { manifest, number } = await requireManifest(actor, projectNamed, manifestId);
  const { test } = manifest.splitDigests;
  return listLooksAt(actor, [test, ...(await listOtherForms({ number, digest: test, count: manifest.counts.test }))]);
}

type TestSplit = { number: number; digest: string; count: number };

/** Digests of other test splits, looked at, that hold the same contents by another version's hashes. */
async function listOtherForms({ number, digest, count }: TestSplit): Promise<string[]> {
  return connections().sql.begin("read only", async (tx) => {
    const isKnown = await areKnownBefore(tx, [number]);
    // of two forms of one version the hashes are the same: only what the other version knew is asked
    const others = await tx<{ number: number; digest: string }[]>`
      select max(m.number) as number, m.test_digest as digest from manifests m
      where m.test_count = ${count} and m.test_digest <> ${digest}
        and exists (select from looks l where l.test_digest = m.test_digest)
        and exists (select from manifest_samples s
          where s.manifest_number = m.number and s.earlier_hashes is not null) <> ${isKnown}::bool
      group by m.test_digest order by number desc limit ${COMPARED_MAX}`;
    const digests: string[] = [];
    for (const other of others) if (await holdTheSame(tx, number, other.number)) digests.push(other.digest);
    return digests;
  });
}

/** Whether the test splits of two manifests, as large as each other, hold the same contents. */
async function holdTheSame(tx: TransactionSql, one: number, other: number): Promise<boolean> {
  const contents = (of: number, beside: number) => tx`
    select ${hashBeside(tx, beside)} as hash from manifest_samples m where m.manifest_number = ${of} and m.split = 'test'`;
  const lacks = (these: number, those: number) => tx`
    exists (select hash from (${contents(these, those)}) a where hash not in (${contents(those, these)}))`;
  const [row] = await tx<{ same: boolean }[]>`select not (${lacks(one, other)} or ${lacks(other, one)}) as same`;
  return row!.same;
}
