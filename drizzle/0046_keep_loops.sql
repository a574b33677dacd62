-- A loop's rule, the runs that were handed in and what was ruled of them are final, and go with their project alone.
do $$
declare
  final_table text;
begin
  foreach final_table in array array['loops', 'loop_runs', 'rulings'] loop
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
create function delete_loops_of_project() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from rulings where project_id = old.id;
  delete from loop_runs where project_id = old.id;
  delete from loops where project_id = old.id;
  return old;
end;
$$;
--> statement-breakpoint
create trigger loops_go_first before delete on projects
  for each row execute function delete_loops_of_project();
