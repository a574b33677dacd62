-- Rows that are final: no role changes or removes them, whatever its privileges, save a manifest with the last project
-- that holds it, through purge_project().
create function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
    and tg_table_name in ('manifests', 'manifest_samples', 'manifest_registrations')
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
do $$
declare
  final_table text;
begin
  foreach final_table in array array[
    'manifests', 'manifest_samples', 'manifest_registrations', 'looks', 'tombstones', 'audit'
  ] loop
    execute format(
      'create trigger rows_are_final before update or delete on %I for each row execute function refuse_change()',
      final_table);
    execute format(
      'create trigger table_is_final before truncate on %I for each statement execute function refuse_change()',
      final_table);
  end loop;
end;
$$;
--> statement-breakpoint
-- Removes a deleted project with its runs and the manifests that no other project holds. Looks, audit rows and
-- tombstones stay. Runs as the owner, because the app's role may not delete manifests.
create function purge_project(purged uuid) returns void language plpgsql security definer
set search_path = pg_catalog, public as $$
declare
  candidates text[];
begin
  if not exists (select 1 from projects where id = purged and deleted_at is not null) then
    raise exception 'project % is not deleted; only a deleted project is purged', purged;
  end if;
  perform set_config('holdout.purge', 'on', true);
  select array_agg(manifest_id) into candidates from manifest_registrations where project_id = purged;
  delete from runs where project_id = purged;
  delete from manifest_registrations where project_id = purged;
  delete from manifest_samples
    where manifest_id = any(candidates)
    and not exists (select 1 from manifest_registrations r where r.manifest_id = manifest_samples.manifest_id);
  delete from manifests
    where id = any(candidates)
    and not exists (select 1 from manifest_registrations r where r.manifest_id = manifests.id);
  delete from projects where id = purged;
  perform set_config('holdout.purge', 'off', true);
end;
$$;
--> statement-breakpoint
revoke all on function purge_project(uuid) from public;
