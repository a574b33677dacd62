-- What a test evaluation released is final, and goes with its project alone.
create function refuse_change_but_purge() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE' and current_setting('holdout.purge', true) = 'on'
    and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid)
  then
    return old;
  end if;
  raise exception '% on % is refused: its rows are final', lower(tg_op), tg_table_name
    using errcode = 'insufficient_privilege';
end;
$$;
--> statement-breakpoint
create trigger rows_are_final before update or delete on evaluation_releases
  for each row execute function refuse_change_but_purge();
--> statement-breakpoint
create trigger table_is_final before truncate on evaluation_releases
  for each statement execute function refuse_change();
