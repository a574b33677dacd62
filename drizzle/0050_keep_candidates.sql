-- Candidates that were handed in as configs and what came of them are final, and go with their project alone.
do $$
declare
  final_table text;
begin
  foreach final_table in array array['loop_candidates', 'loop_answers'] loop
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
create or replace function delete_loops_of_project() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from loop_answers where project_id = old.id;
  delete from loop_candidates where project_id = old.id;
  delete from rulings where project_id = old.id;
  delete from loop_runs where project_id = old.id;
  delete from loops where project_id = old.id;
  return old;
end;
$$;
