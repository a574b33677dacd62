/** What differs between two manifests, and what must not be evaluated across them. */
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import type { ManifestDiff } from "../wire.ts";
import { requireManifest } from "./manifests.ts";

const SHOWN = 200;
type Counts = {
  added: number;
  removed: number;
  moved: number;
  relabelled: number;
  changed: number;
  renamed: number;
  leakRisk: number;
};

/**
 * Compares two manifests of a project sample by sample, by key. `leakRisk` are samples that are test in the one and train
 * or validation in the other, by key or by content: who trained under the one must not be tested under the other.
 * Keys are listed up to 200 of a kind, in the order of their bytes.
 */
export async function diffManifests(
  actor: Actor,
  projectNamed: string | undefined,
  beforeId: string,
  afterId: string,
): Promise<ManifestDiff> {
  const before = await requireManifest(actor, projectNamed, beforeId);
  const after = await requireManifest(actor, projectNamed, afterId);
  const { sql } = connections();
  const [row] = await sql.begin("read only", async (tx) => {
    await tx`set local work_mem = '128MB'`;
    return tx<{ counts: Counts; lists: Record<keyof Counts, unknown[] | null> }[]>`
      with a as (select key, split, label, content_hash as hash from manifest_samples where manifest_number = ${before.number}),
      b as (select key, split, label, content_hash as hash from manifest_samples where manifest_number = ${after.number}),
      joined as materialized (
        select key, a.split as from_split, b.split as to_split, a.label as from_label, b.label as to_label,
          a.hash as from_hash, b.hash as to_hash
        from a full join b using (key)
        where a.key is null or b.key is null or a.split <> b.split or a.label is distinct from b.label or a.hash <> b.hash),
      gone as (select key, from_hash as hash, row_number() over (partition by from_hash order by key) as n
        from joined where to_split is null),
      come as (select key, to_hash as hash, row_number() over (partition by to_hash order by key) as n
        from joined where from_split is null),
      renamed as materialized (select gone.key as old, come.key as new from gone join come using (hash, n)),
      kinds as materialized (
        select 'added' as kind, key, to_jsonb(key) as entry from joined
          where from_split is null and key not in (select new from renamed)
        union all select 'removed', key, to_jsonb(key) from joined
          where to_split is null and key not in (select old from renamed)
        union all select 'renamed', old, jsonb_build_array(old, new) from renamed
        union all select 'moved', key, jsonb_build_object('key', key, 'from', from_split, 'to', to_split) from joined
          where from_split <> to_split
        union all select 'relabelled', key, jsonb_build_object('key', key, 'from', from_label, 'to', to_label) from joined
          where from_split is not null and to_split is not null and from_label is distinct from to_label
        union all select 'changed', key, to_jsonb(key) from joined where from_hash <> to_hash
        union all select 'leakRisk', key, jsonb_build_object('key', key, 'from', from_split, 'to', to_split) from joined
          where from_split <> to_split and 'test' in (from_split, to_split)
        union all select 'leakRisk', a.key, jsonb_build_object('key', a.key, 'from', a.split, 'to', b.split, 'as', b.key)
          from a join b on b.hash = a.hash and b.key <> a.key
          where (a.split = 'test') <> (b.split = 'test')),
      ranked as (select kind, entry, row_number() over (partition by kind order by key) as n,
        count(*) over (partition by kind)::int as total from kinds)
      select coalesce((select jsonb_object_agg(kind, total) from (select distinct kind, total from ranked) totals), '{}') as counts,
        coalesce((select jsonb_object_agg(kind, entries) from (
          select kind, jsonb_agg(entry order by n) as entries from ranked where n <= ${SHOWN} group by kind) lists), '{}') as lists`;
  });
  const { counts, lists } = row!;
  const kinds = ["added", "removed", "moved", "relabelled", "changed", "renamed", "leakRisk"] as const;
  const listed = Object.fromEntries(kinds.map((kind) => [kind, lists[kind] ?? []]));
  return {
    before: beforeId,
    after: afterId,
    sameTest: before.manifest.splitDigests.test === after.manifest.splitDigests.test,
    counts: Object.fromEntries(kinds.map((kind) => [kind, counts[kind] ?? 0])) as Counts,
    ...(listed as Pick<ManifestDiff, (typeof kinds)[number]>),
  };
}
