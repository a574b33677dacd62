CREATE INDEX "runs_by_created" ON "runs" USING btree ("project_id","created_at","id") WHERE "runs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "runs_by_started" ON "runs" USING btree ("project_id","started_at","id") WHERE "runs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "runs_by_ended" ON "runs" USING btree ("project_id","ended_at","id") WHERE "runs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "runs_by_manifest" ON "runs" USING btree ("project_id","manifest_id","id") WHERE "runs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "runs_hidden" ON "runs" USING btree ("project_id","id") WHERE "runs"."deleted_at" is not null or "runs"."archived_at" is not null;