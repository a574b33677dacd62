/** Test samples of one manifest that others were trained or tuned on. */
import { connections } from "../../db/connection.ts";
import { areKnownBefore, earlierHashes } from "../datasets/earlier-forms.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import type { Evaluable } from "../wire/evaluations/evaluable.ts";

type NumberedManifest = { manifest: Manifest; number: number };
type Leak = Evaluable["leak"];
export type LeakedSample = Leak["samples"][number];

const LISTED = 200;

/**
 * The test samples of a manifest that are train or validation in another manifest that is cited: by content, also where an
 * earlier version hashed it otherwise, or in versions of one dataset by key. The first 200 are listed. Copies inside the
 * manifest itself are for its checks to judge.
 */
export async function findLeak({ manifest, number }: NumberedManifest, citedIds: string[]): Promise<Leak> {
  const cited = citedIds.filter((id) => id !== manifest.id);
  if (cited.length === 0) return { count: 0, samples: [] };
  const { sql } = connections();
  const others = await sql<{ number: number; same_keys: boolean }[]>`
    select m.number, d.name = ${manifest.dataset.name} as same_keys
    from manifests m join datasets d on d.id = m.dataset_id where m.id in ${sql(cited)}`;
  const numbers = others.map((other) => other.number);
  const sameKeys = others.filter((other) => other.same_keys).map((other) => other.number);
  if (numbers.length === 0) return { count: 0, samples: [] };
  const [row] = await sql.begin("read only", async (tx) => {
    await tx`set local work_mem = '128MB'`;
    // of a manifest that was just stored nothing is known yet of how many samples it has: one by one they take a minute
    await tx`set local enable_nestloop = off`;
    const known = await areKnownBefore(tx, [number, ...numbers]);
    // a hash of its own, or one by which an earlier version knew it
    const forms = known
      ? tx`(select s.content_hash as hash, true as own, s.earlier_hashes is null as old
          union all select e.hash, false, false from ${earlierHashes(tx, "s")} e)`
      : tx`(select s.content_hash as hash, true as own, false as old)`;
    return tx<Leak[]>`
      with seen as not materialized (
        select s.key, s.split, f.hash, f.own, f.old, s.manifest_number
        from manifest_samples s cross join lateral ${forms} f
        where s.manifest_number in ${tx(numbers)} and s.split <> 'test'),
      same_keys as not materialized (
        select s.key, s.split, s.manifest_number from manifest_samples s
        where s.manifest_number = any(${tx.array(sameKeys)}::int[]) and s.split <> 'test'),
      tested as not materialized (
        select s.key, f.hash, f.own, f.old from manifest_samples s cross join lateral ${forms} f
        where s.manifest_number = ${number} and s.split = 'test'),
      leaking as materialized (
        select key from tested where own and hash in (select hash from seen where own)
        union
        ${
          known
            ? tx`select key from tested where not own and hash in (select hash from seen where old) union
          select key from tested where old and hash in (select hash from seen where not own) union`
            : tx``
        }
        select key from tested where key in (select key from same_keys)),
      listed as materialized (select * from leaking order by key limit ${LISTED})
      select (select count(*)::int from leaking) as count, (
        select coalesce(jsonb_agg(jsonb_build_object('key', key, 'split', split, 'manifest', m.id, 'as', there)
          order by key), '[]')
        from (
          select distinct on (key) * from (
            select l.key, s.split, s.manifest_number, s.key as there from listed l
            join tested t on t.key = l.key
            join seen s on s.hash = t.hash and (s.own and t.own or s.old and not t.own or t.old and not s.own)
            union all
            select l.key, s.split, s.manifest_number, s.key from listed l join same_keys s on s.key = l.key) pairs
          order by key, split, there) first
        join manifests m on m.number = first.manifest_number) as samples`;
  });
  return row!;
}
