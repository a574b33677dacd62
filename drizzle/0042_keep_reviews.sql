-- What was decided in a review, and what a comment said before it was changed, is final, and goes with its project alone.
create trigger rows_are_final before update or delete on review_decisions
  for each row execute function refuse_change_but_purge();
--> statement-breakpoint
create trigger table_is_final before truncate on review_decisions
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger rows_are_final before update or delete on comment_edits
  for each row execute function refuse_change_but_purge();
--> statement-breakpoint
create trigger table_is_final before truncate on comment_edits
  for each statement execute function refuse_change();
--> statement-breakpoint
-- Done as who deletes the project: for the app's role, which may not delete final rows, it fails.
create function delete_reviews_of_project() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from comment_edits e using comments c, threads t
    where t.project_id = old.id and c.thread_id = t.id and e.comment_id = c.id;
  delete from comments c using threads t where t.project_id = old.id and c.thread_id = t.id;
  delete from threads where project_id = old.id;
  delete from review_decisions d using reviews r where r.project_id = old.id and d.review_id = r.id;
  delete from reviews where project_id = old.id;
  return old;
end;
$$;
--> statement-breakpoint
create trigger reviews_go_first before delete on projects
  for each row execute function delete_reviews_of_project();
