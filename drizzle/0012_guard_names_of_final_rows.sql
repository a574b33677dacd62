-- What guards final rows, and what runs as the owner, means the tables of this schema: a session's temporary table of the
-- same name would come first where pg_temp isn't named.
alter function refuse_late_manifest_samples() set search_path = pg_catalog, public, pg_temp;
--> statement-breakpoint
alter function refuse_late_dataset_samples() set search_path = pg_catalog, public, pg_temp;
--> statement-breakpoint
alter function refuse_reopening() set search_path = pg_catalog, public, pg_temp;
--> statement-breakpoint
-- A dataset goes with its last project alone, and keeps the number by which its samples know it.
create or replace function refuse_change() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE'
    and tg_table_name in ('manifests', 'manifest_samples', 'manifest_registrations', 'manifest_reports',
      'manifest_overrides', 'near_pairs', 'pair_judgements', 'dataset_samples', 'datasets')
    and current_setting('holdout.purge', true) = 'on'
    and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid)
  then
    return old;
  end if;
  raise exception '% on % is refused: its rows are final', lower(tg_op), tg_table_name
    using errcode = 'insufficient_privilege';
end;
$$;
--> statement-breakpoint
create trigger rows_are_final before delete on datasets for each row execute function refuse_change();
--> statement-breakpoint
create trigger table_is_final before truncate on datasets for each statement execute function refuse_change();
--> statement-breakpoint
create trigger numbers_are_final before update on datasets for each row
  when (new.number <> old.number or new.id <> old.id) execute function refuse_change();
--> statement-breakpoint
-- A purge stands in the audit, which keeps it for ever, or it doesn't happen.
create or replace function purge_project(purged uuid) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  candidates text[];
  unused uuid[];
begin
  if not exists (select 1 from projects where id = purged and deleted_at is not null) then
    raise exception 'project % is not deleted; only a deleted project is purged', purged;
  end if;
  if not exists (
    select 1 from audit where project_id = purged and action = 'project.purge'
      and xmin::text::bigint = pg_current_xact_id()::text::bigint % 4294967296
  ) then
    raise exception 'purge of project % is refused: the audit has no row of it in this transaction', purged
      using errcode = 'insufficient_privilege';
  end if;
  perform set_config('holdout.purge', 'on', true);
  select array_agg(manifest_id) into candidates from manifest_registrations where project_id = purged;
  select array_agg(dataset_id) into unused from project_datasets where project_id = purged;
  delete from runs where project_id = purged;
  delete from manifest_overrides where project_id = purged;
  delete from manifest_registrations where project_id = purged;
  candidates := array(
    select unnest(candidates) except select manifest_id from manifest_registrations where manifest_id = any(candidates));
  delete from manifest_samples where manifest_number in (select number from manifests where id = any(candidates));
  delete from near_pairs where manifest_number in (select number from manifests where id = any(candidates));
  delete from pair_judgements where manifest_id = any(candidates);
  delete from manifest_reports where manifest_id = any(candidates);
  delete from manifests where id = any(candidates);
  delete from project_datasets where project_id = purged;
  -- a manifest that another project made of equal samples may have been checked with these
  unused := array(
    select unnest(unused) except select dataset_id from project_datasets where dataset_id = any(unused)
    except select dataset_id from manifests where dataset_id = any(unused));
  delete from dataset_samples where dataset_number in (select number from datasets where id = any(unused));
  delete from datasets where id = any(unused);
  delete from projects where id = purged;
  perform set_config('holdout.purge', 'off', true);
end;
$$;
