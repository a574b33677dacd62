/** What the runs table knows of a run beside its row: its config flat, and what its replicates share. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { KEY_CHARACTERS_MAX } from "../wire/base/config.ts";
import { SHOWN_CHARACTERS } from "./long-text.ts";

/**
 * Writes the flat configs of new runs, under the names that `flattenConfig` gives. A key of over 300 characters is left
 * out: creation refuses it, and runs from before that have one show it on their page alone.
 */
export async function storeValues(tx: Executor, runIds: string[]): Promise<void> {
  await tx.execute(sql`
    insert into run_values (run_id, project_id, key, number, text, whole, digest)
    with recursive flat (run_id, project_id, path, value) as (
      select r.id, r.project_id, array[e.key], e.value from runs r, jsonb_each(r.config) e
        where r.id = any(${sql.param(runIds)}::uuid[])
      union all
      select f.run_id, f.project_id, f.path || e.key, e.value from flat f,
        jsonb_each(case when jsonb_typeof(f.value) = 'object' then f.value else '{}' end) e
    ), named as (
      select run_id, project_id, value, array_to_string(path, '.') || repeat(' (nested)', row_number() over (
        partition by run_id, array_to_string(path, '.') order by cardinality(path), path collate "C")::int - 1) as key,
        case when jsonb_typeof(value) not in ('number', 'null') then value #>> '{}' end as text
      from flat where value = '{}' or jsonb_typeof(value) <> 'object'
    )
    select run_id, project_id, key, case jsonb_typeof(value) when 'number' then (value #>> '{}')::float8 end,
      left(text, ${SHOWN_CHARACTERS}),
      case when length(text) > ${SHOWN_CHARACTERS} then text end,
      case when length(text) > ${SHOWN_CHARACTERS} then sha256(convert_to(text, 'UTF8')) end
    from named where length(key) <= ${KEY_CHARACTERS_MAX}
    on conflict do nothing`);
}

/** Writes what equals in replicates: of some runs, or of all of a project. */
export async function storeReplicateKeys(tx: Executor, of: { runs: string[] } | { project: string }): Promise<void> {
  const where = "runs" in of ? sql`r.id = any(${sql.param(of.runs)}::uuid[])` : sql`r.project_id = ${of.project}`;
  await tx.execute(sql`
    with found as materialized (
      select r.id, ${replicateKey(sql`p.replicate_ignores`)} as replicate_key,
        sha256(convert_to((r.code - 'command')::text, 'UTF8')) as code_digest
      from runs r join projects p on p.id = r.project_id where ${where}
      for share of p -- a change of the paths comes before this or sees the run
    )
    update runs r set replicate_key = f.replicate_key, code_digest = f.code_digest from found f
    where f.id = r.id and (r.replicate_key, r.code_digest) is distinct from (f.replicate_key, f.code_digest)`);
}

/** The digest of the run `r`; `ignores`: paths that don't count, each with all that lies below it. */
export const replicateKey = (ignores: SQL): SQL => sql`
  sha256(convert_to(coalesce((
    select jsonb_object_agg(f.path, f.value)::text from (
      with recursive flat (path, value) as (
        select array[e.key], e.value from jsonb_each(r.config) e
        union all
        select f.path || e.key, e.value from flat f,
          jsonb_each(case when jsonb_typeof(f.value) = 'object' then f.value else '{}' end) e
      )
      select path::text as path, value from flat
      where (value = '{}' or jsonb_typeof(value) <> 'object')
        and array_to_string(path, '.') <> 'seed'
        and not exists (select 1 from unnest(${ignores}) i where starts_with(array_to_string(path, '.') || '.', i || '.'))
    ) f), '') || coalesce(r.manifest_id, ''), 'UTF8'))`;

/** The seed of the run `r`, which a config may have where the run names none; a run without any has one of its own. */
export const seedOf = sql`coalesce(r.seed::text,
  (select coalesce(v.number::text, v.text) from run_values v where v.run_id = r.id and v.key = 'seed'), r.id::text)`;
