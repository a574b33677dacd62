/** What differs between two manifests, and what must not be evaluated across them. */
import type { PendingQuery, Row } from "postgres";
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { areKnownBefore, hashBeside } from "../datasets/earlier-forms.ts";
import { splits } from "../wire/base/words.ts";
import type { ManifestDiff } from "../wire/data/manifest-diff.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import { findLeak, type LeakedSample } from "./leak.ts";
import { requireManifest } from "./manifests.ts";

const SHOWN = 200;
type Counts = {
  added: number;
  removed: number;
  moved: number;
  relabelled: number;
  changed: number;
  renamed: number;
};

type Lists = Pick<ManifestDiff, keyof Counts>;
type Flows = ManifestDiff["flows"];
/** `changes`: the flows from a split to another, or to or from none. */
type Compared = { counts: Counts; lists: Lists; changes: Flows };

/**
 * Compares two manifests of a project sample by sample, by key. `leakRisk` are samples that are test in the one and train
 * or validation in the other (`findLeak`): who trained under the other must not be tested under the one.
 * Keys are listed up to 200 of a kind, of leak risks up to 200 each way, in the order of their bytes.
 */
export async function diffManifests(
  actor: Actor,
  projectNamed: string | undefined,
  beforeId: string,
  afterId: string,
): Promise<ManifestDiff> {
  const before = await requireManifest(actor, projectNamed, beforeId);
  const after = await requireManifest(actor, projectNamed, afterId);
  const [{ counts, lists, changes }, inBefore, inAfter] = await Promise.all([
    compareKeys(before.number, after.number),
    findLeak(before, [afterId]),
    findLeak(after, [beforeId]),
  ]);
  return {
    before: beforeId,
    after: afterId,
    sameTest: before.manifest.splitDigests.test === after.manifest.splitDigests.test,
    counts: { ...counts, leakRisk: inBefore.count + inAfter.count, leakRiskInBefore: inBefore.count },
    flows: [...stayed(before.manifest, changes), ...changes],
    ...lists,
    leakRisk: [
      ...inBefore.samples.map((sample) => ({ ...named(sample), from: "test" as const, to: sample.split })),
      ...inAfter.samples.map((sample) => ({ ...named(sample), from: sample.split, to: "test" as const })),
    ],
  };
}

/** Those of each split that are in it in both: what left a split is known, and so is how many it had. */
const stayed = ({ counts }: Manifest, changes: Flows): Flows =>
  splits
    .map((split) => {
      const gone = changes.reduce((sum, { from, samples }) => sum + (from === split ? samples : 0), 0);
      return { from: split, to: split, samples: counts[split] - gone };
    })
    .filter(({ samples }) => samples > 0);

const named = ({ key, as }: LeakedSample) => (as === key ? { key } : { key, as });

/** How many samples differ and which, from manifest number `before` to `after`. */
async function compareKeys(before: number, after: number): Promise<Compared> {
  const [row] = await connections().sql.begin("read only", async (tx) => {
    await tx`set local work_mem = '128MB'`;
    // nothing is known yet of how many samples a manifest has that was just stored
    await tx`set local enable_nestloop = off`;
    const listed = (rows: PendingQuery<Row[]>) => tx`
      (select coalesce(jsonb_agg(entry order by key), '[]') from (select * from (${rows}) r order by key limit ${SHOWN}) first)`;
    const known = await areKnownBefore(tx, [before, after]);
    const rowsOf = (number: number, other: number) => tx`
      select key, split, label, ${known ? hashBeside(tx, other) : tx`content_hash`} as hash
      from manifest_samples m where manifest_number = ${number}`;
    const move = tx`jsonb_build_object('key', key, 'from', from_split, 'to', to_split)`;
    return tx<Compared[]>`
      with joined as materialized (
        select key, a.split as from_split, b.split as to_split, a.label as from_label, b.label as to_label,
          a.hash as from_hash, b.hash as to_hash
        from (${rowsOf(before, after)}) a full join (${rowsOf(after, before)}) b using (key)
        where a.key is null or b.key is null or a.split <> b.split or a.label is distinct from b.label or a.hash <> b.hash),
      gone as (select key, from_hash as hash, row_number() over (partition by from_hash order by key) as n
        from joined where to_split is null),
      come as (select key, to_hash as hash, row_number() over (partition by to_hash order by key) as n
        from joined where from_split is null),
      renamed as materialized (select gone.key as old, come.key as new from gone join come using (hash, n))
      select jsonb_build_object(
          'added', count(*) filter (where from_split is null) - (select count(*) from renamed),
          'removed', count(*) filter (where to_split is null) - (select count(*) from renamed),
          'renamed', (select count(*) from renamed),
          'moved', count(*) filter (where from_split <> to_split),
          'relabelled', count(*) filter (where stays and from_label is distinct from to_label),
          'changed', count(*) filter (where from_hash <> to_hash)) as counts,
        jsonb_build_object(
          'added', ${listed(tx`select key, to_jsonb(key) as entry from joined
            where from_split is null and key not in (select new from renamed)`)},
          'removed', ${listed(tx`select key, to_jsonb(key) as entry from joined
            where to_split is null and key not in (select old from renamed)`)},
          'renamed', ${listed(tx`select old as key, jsonb_build_array(old, new) as entry from renamed`)},
          'moved', ${listed(tx`select key, ${move} as entry from joined where from_split <> to_split`)},
          'relabelled', ${listed(tx`
            select key, jsonb_build_object('key', key, 'from', from_label, 'to', to_label) as entry from joined
            where from_split is not null and to_split is not null and from_label is distinct from to_label`)},
          'changed', ${listed(tx`select key, to_jsonb(key) as entry from joined where from_hash <> to_hash`)}) as lists,
        (select coalesce(jsonb_agg(to_jsonb(flow) order by "from", "to"), '[]') from (
          select from_split as "from", to_split as "to", count(*)::int as samples from joined
          where from_split is distinct from to_split group by 1, 2) flow) as changes
      from (select *, from_split is not null and to_split is not null as stays from joined) j`;
  });
  return row!;
}
