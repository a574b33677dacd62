/** A project's runs as the doubts read them: one row a run, of what stands beside it, and no point of a series. */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { storedSplit } from "../metrics/stored-split.ts";
import type { FactRow, Primary } from "./facts.ts";

/** The newest runs that are looked at. */
export const LOOKED_MAX = 20_000;

type Row = {
  id: string;
  name: string;
  archived: boolean;
  finished: boolean;
  data: string | null;
  data_name: string | null;
  samples: number | null;
  test_digest: string | null;
  recipe: string;
  code: string | null;
  seed: string | null;
  value: number | null;
  study: number | null;
};

/**
 * The newest runs, deleted ones aside. Where a run cites no manifest, what its client said that it read tells its data: in
 * its inputs, or, of an import, in its environment (`mlflow dataset NAME`).
 * `seedKeys`: keys of the config that are seeds.
 */
export async function readFactRows(
  projectId: string,
  primary: Primary | null,
  seedKeys: readonly string[],
): Promise<FactRow[]> {
  const [metric, split] = primary ? [primary.metric, storedSplit(primary.split)] : ["", "none"];
  const best = sql.raw(`s.${primary?.direction ?? "max"}`);
  const rows = await connections().db.execute<Row>(sql`
    with newest as (
      select id, name, archived_at, status, manifest_id, replicate_key, code_digest, seed from runs
      where project_id = ${projectId} and deleted_at is null order by id desc limit ${LOOKED_MAX})
    select r.id, r.name, r.archived_at is not null as archived, r.status = 'finished' as finished,
      coalesce(m.validation_digest, i.digest) as data, coalesce(g.name, i.name) as data_name,
      m.validation_count as samples, m.test_digest, encode(r.code_digest, 'hex') as code,
      coalesce(encode(r.replicate_key, 'hex'), r.id::text) || coalesce(encode(r.code_digest, 'hex'), '') as recipe,
      coalesce(r.seed::text, (select coalesce(v.number::text, v.text) from run_values v
        where v.run_id = r.id and v.key = any(${sql.param(seedKeys)}::text[]) order by v.key limit 1)) as seed,
      ${best} as value, st.number as study
    from newest r
      left join manifests m on m.id = r.manifest_id
      left join manifest_registrations g on g.project_id = ${projectId} and g.manifest_id = r.manifest_id
      left join series s on s.run_id = r.id and s.split = ${split} and s.metric = ${metric} and not s.quarantined
      left join trials t on t.run_id = r.id
      left join studies st on st.id = t.study_id
      left join lateral (
        select string_agg(n.digest, ' ' order by n.name, n.digest) as digest,
          string_agg(n.name, ', ' order by n.name, n.digest) as name
        from (select name, digest from run_inputs where run_id = r.id
          union select split_part(e.key, ' dataset ', 2), e.value from attempts a, jsonb_each_text(a.environment) e
          where a.run_id = r.id and a.number = 1 and e.key like '% dataset %') n) i on r.manifest_id is null
    order by r.id desc`);
  return [...rows].map(({ archived, finished, data_name, test_digest, ...row }) => ({
    ...row,
    isArchived: archived,
    isFinished: finished,
    dataName: data_name,
    testDigest: test_digest,
  }));
}

/** States of the code that are read: the newest. */
const CODES_MAX = 500;

/**
 * Which of these states of the code had uncommitted changes, by digest; true: not all of them are kept. A state is read once,
 * of its newest run, since what was captured may be long.
 */
export async function readDirtyCodes(rows: readonly FactRow[]): Promise<Map<string, boolean>> {
  const byCode = new Map<string, string>();
  for (const { id, code } of rows) if (code !== null && !byCode.has(code)) byCode.set(code, id);
  const ids = [...byCode.values()].slice(0, CODES_MAX);
  if (ids.length === 0) return new Map();
  const dirty = await connections().db.execute<{ code: string; lost: boolean }>(sql`
    select encode(code_digest, 'hex') as code,
      coalesce(code ->> 'diff', '') = '' or jsonb_array_length(coalesce(code -> 'untracked', '[]')) > 0 as lost
    from runs where id = any(${sql.param(ids)}::uuid[]) and code ->> 'dirty' = 'true'`);
  return new Map([...dirty].map(({ code, lost }) => [code, lost]));
}
