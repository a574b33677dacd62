CREATE TABLE "run_tags" (
	"run_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"tag" text collate "C" NOT NULL,
	CONSTRAINT "run_tags_pk" PRIMARY KEY("run_id","tag")
);
--> statement-breakpoint
CREATE TABLE "run_values" (
	"run_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"key" text collate "C" NOT NULL,
	"number" double precision,
	"text" text collate "C",
	CONSTRAINT "run_values_pk" PRIMARY KEY("run_id","key")
);
--> statement-breakpoint
CREATE TABLE "saved_views" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL,
	"shared" boolean NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "saved_views_name_unique" UNIQUE("project_id","user_id","name")
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "replicate_ignores" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "archived_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "replicate_key" "bytea";--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "code_digest" "bytea";--> statement-breakpoint
ALTER TABLE "run_tags" ADD CONSTRAINT "run_tags_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_values" ADD CONSTRAINT "run_values_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "run_tags_by_tag" ON "run_tags" USING btree ("project_id","tag","run_id");--> statement-breakpoint
CREATE INDEX "run_values_by_number" ON "run_values" USING btree ("project_id","key","number","run_id") WHERE "run_values"."number" is not null;--> statement-breakpoint
CREATE INDEX "run_values_by_text" ON "run_values" USING btree ("project_id","key","text","run_id") WHERE "run_values"."text" is not null;--> statement-breakpoint
CREATE INDEX "runs_by_name" ON "runs" USING btree ("project_id",lower("name"),"id") WHERE "runs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "runs_by_status" ON "runs" USING btree ("project_id","status","id") WHERE "runs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "runs_by_seed" ON "runs" USING btree ("project_id","seed","id") WHERE "runs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "runs_by_duration" ON "runs" USING btree ("project_id",("ended_at" - "started_at"),"id") WHERE "runs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "runs_by_replicate_key" ON "runs" USING btree ("project_id","replicate_key","id") WHERE "runs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "series_by_last" ON "series" USING btree ("project_id","metric","split",(nullif(last, 'NaN'::double precision)),"run_id") WHERE not "series"."quarantined";--> statement-breakpoint
CREATE INDEX "series_by_min" ON "series" USING btree ("project_id","metric","split",(min),"run_id") WHERE not "series"."quarantined";--> statement-breakpoint
CREATE INDEX "series_by_max" ON "series" USING btree ("project_id","metric","split",(max),"run_id") WHERE not "series"."quarantined";--> statement-breakpoint
CREATE INDEX "series_by_mean" ON "series" USING btree ("project_id","metric","split",(nullif(sum / nullif(count - non_finite_count, 0)::double precision, 'NaN'::double precision)),"run_id") WHERE not "series"."quarantined";--> statement-breakpoint
CREATE INDEX "series_by_at_best" ON "series" USING btree ("project_id","metric","split",(nullif(at_best, 'NaN'::double precision)),"run_id") WHERE not "series"."quarantined";--> statement-breakpoint
-- runs from before: their config flat, and what their replicates share
INSERT INTO "run_values" ("run_id", "project_id", "key", "number", "text")
WITH RECURSIVE "flat" ("run_id", "project_id", "key", "value") AS (
	SELECT r."id", r."project_id", e."key", e."value" FROM "runs" r, jsonb_each(r."config") e
	UNION ALL
	SELECT f."run_id", f."project_id", f."key" || '.' || e."key", e."value" FROM "flat" f,
		jsonb_each(CASE WHEN jsonb_typeof(f."value") = 'object' THEN f."value" ELSE '{}' END) e
)
SELECT "run_id", "project_id", "key",
	CASE jsonb_typeof("value") WHEN 'number' THEN ("value" #>> '{}')::double precision END,
	CASE WHEN jsonb_typeof("value") NOT IN ('number', 'null') THEN left("value" #>> '{}', 300) END
FROM "flat" WHERE ("value" = '{}' OR jsonb_typeof("value") <> 'object') AND length("key") <= 300
ON CONFLICT DO NOTHING;--> statement-breakpoint
UPDATE "runs" r SET "replicate_key" = sha256(convert_to(coalesce((
	SELECT jsonb_object_agg(f."path", f."value")::text FROM (
		WITH RECURSIVE "flat" ("path", "value") AS (
			SELECT array[e."key"], e."value" FROM jsonb_each(r."config") e
			UNION ALL
			SELECT f."path" || e."key", e."value" FROM "flat" f,
				jsonb_each(CASE WHEN jsonb_typeof(f."value") = 'object' THEN f."value" ELSE '{}' END) e
		)
		SELECT "path"::text AS "path", "value" FROM "flat"
		WHERE ("value" = '{}' OR jsonb_typeof("value") <> 'object') AND array_to_string("path", '.') <> 'seed'
	) f), '') || coalesce(r."manifest_id", ''), 'UTF8')),
	"code_digest" = sha256(convert_to((r."code" - 'command')::text, 'UTF8'));
