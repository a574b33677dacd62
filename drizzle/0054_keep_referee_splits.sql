-- Referee splits and how runs did on them are final, and go with their project alone.
do $$
declare
  final_table text;
begin
  foreach final_table in array array['referee_splits', 'referee_scores'] loop
    execute format(
      'create trigger rows_are_final before update or delete on %I for each row execute function refuse_change_but_purge()',
      final_table);
    execute format(
      'create trigger table_is_final before truncate on %I for each statement execute function refuse_change()',
      final_table);
  end loop;
end;
$$;
--> statement-breakpoint
-- Done as who deletes the project: for the app's role, which may not delete final rows, it fails.
create function delete_referee_splits_of_project() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from referee_scores where project_id = old.id;
  delete from referee_splits where project_id = old.id;
  return old;
end;
$$;
--> statement-breakpoint
create trigger referee_splits_go_first before delete on projects
  for each row execute function delete_referee_splits_of_project();
