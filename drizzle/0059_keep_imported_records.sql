CREATE TABLE "imported_records" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"run_id" uuid,
	"manifest_id" text NOT NULL,
	"record_id" uuid NOT NULL,
	"body" jsonb NOT NULL,
	"digest" text NOT NULL,
	"imported_by" text NOT NULL,
	"imported_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "imported_records_once" UNIQUE NULLS NOT DISTINCT("project_id","kind","record_id","run_id","digest"),
	CONSTRAINT "imported_records_override_of_no_run" CHECK (("imported_records"."kind" = 'override') = ("imported_records"."run_id" is null))
);
--> statement-breakpoint
ALTER TABLE "imported_records" ADD CONSTRAINT "imported_records_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "imported_records_of_run" ON "imported_records" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "imported_records_of_manifest" ON "imported_records" USING btree ("manifest_id","project_id");--> statement-breakpoint
-- What came with an import is final, and goes with its project alone.
create trigger rows_are_final before update or delete on imported_records
  for each row execute function refuse_change_but_purge();
--> statement-breakpoint
create trigger table_is_final before truncate on imported_records
  for each statement execute function refuse_change();
--> statement-breakpoint
-- Done as who deletes the project: for the app's role, which may not delete final rows, it fails.
create function delete_imported_records_of_project() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from imported_records where project_id = old.id;
  return old;
end;
$$;
--> statement-breakpoint
create trigger imported_records_go_first before delete on projects
  for each row execute function delete_imported_records_of_project();
