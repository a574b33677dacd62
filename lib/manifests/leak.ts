/** Test samples of one manifest that others were trained or tuned on. */
import { connections } from "../../db/connection.ts";
import type { Evaluable } from "../wire.ts";
import type { requireManifest } from "./manifests.ts";

type Asked = Pick<Awaited<ReturnType<typeof requireManifest>>, "manifest" | "number">;
type Leak = Evaluable["leak"];
export type LeakedSample = Leak["samples"][number];

const LISTED = 200;

/**
 * The test samples of `asked` that are train or validation in another manifest that is cited: by content, or in versions
 * of one dataset by key. The first 200 are listed. Copies inside `asked` itself are for its checks to judge.
 */
export async function findLeak({ manifest, number }: Asked, citedIds: string[]): Promise<Leak> {
  const cited = citedIds.filter((id) => id !== manifest.id);
  if (cited.length === 0) return { count: 0, samples: [] };
  const [row] = await connections().sql.begin("read only", async (tx) => {
    await tx`set local work_mem = '128MB'`;
    return tx<Leak[]>`
      with cited as materialized (
        select m.id, m.number, bool_or(d.name = ${manifest.dataset.name}) as same_keys
        from manifests m join manifest_registrations r on r.manifest_id = m.id join datasets d on d.id = r.dataset_id
        where m.id in ${tx(cited)} group by m.id, m.number),
      seen as not materialized (
        select s.key, s.split, s.content_hash as hash, m.id as manifest, m.same_keys
        from manifest_samples s join cited m on m.number = s.manifest_number
        where s.split <> 'test'),
      tested as (
        select key, content_hash as hash from manifest_samples where manifest_number = ${number} and split = 'test'),
      leaking as materialized (
        select key, hash from tested where hash in (select hash from seen)
        union
        select key, hash from tested where key in (select key from seen where same_keys)),
      listed as (select * from leaking order by key limit ${LISTED})
      select (select count(*)::int from leaking) as count, (
        select coalesce(jsonb_agg(jsonb_build_object('key', key, 'split', split, 'manifest', manifest, 'as', there)
          order by key), '[]')
        from (
          select distinct on (key) * from (
            select l.key, s.split, s.manifest, s.key as there from listed l join seen s on s.hash = l.hash
            union all
            select l.key, s.split, s.manifest, s.key from listed l join seen s on s.key = l.key and s.same_keys) pairs
          order by key, split, there) first) as samples`;
  });
  return row!;
}
