CREATE TABLE "axes" (
	"run_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "axes_pk" PRIMARY KEY("run_id","id")
);
--> statement-breakpoint
CREATE TABLE "chunks" (
	"run_id" uuid NOT NULL,
	"series" integer NOT NULL,
	"level" smallint NOT NULL,
	"step_first" bigint NOT NULL,
	"step_last" bigint NOT NULL,
	"entries" integer NOT NULL,
	"sum" double precision,
	"axis" uuid NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "chunks_pk" PRIMARY KEY("run_id","series","level","step_first")
);
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "best_step" bigint;--> statement-breakpoint
ALTER TABLE "series" ADD COLUMN "number" integer;--> statement-breakpoint
ALTER TABLE "series" ADD COLUMN "project_id" uuid;--> statement-breakpoint
-- series from before this store: numbered by name; the compactor finds their points in "batches"
UPDATE "series" s SET "number" = n."number", "project_id" = n."project_id" FROM (
	SELECT s."run_id", s."split", s."metric", r."project_id", row_number() OVER (PARTITION BY s."run_id" ORDER BY s."split", s."metric") AS "number"
	FROM "series" s JOIN "runs" r ON r."id" = s."run_id"
) n WHERE s."run_id" = n."run_id" AND s."split" = n."split" AND s."metric" = n."metric";--> statement-breakpoint
ALTER TABLE "series" ALTER COLUMN "number" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "series" ALTER COLUMN "project_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "series" ADD COLUMN "at_best" double precision;--> statement-breakpoint
ALTER TABLE "series" ADD COLUMN "compacted" "bytea";--> statement-breakpoint
ALTER TABLE "writers" ADD COLUMN "done_sequence" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "axes" ADD CONSTRAINT "axes_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chunks" ADD CONSTRAINT "chunks_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "chunks_of_axis" ON "chunks" USING btree ("run_id","axis");--> statement-breakpoint
ALTER TABLE "series" ADD CONSTRAINT "series_number_unique" UNIQUE("run_id","number");--> statement-breakpoint
-- packed columns are compressed already, or short-lived
ALTER TABLE "batches" ALTER COLUMN "data" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "chunks" ALTER COLUMN "data" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "axes" ALTER COLUMN "data" SET STORAGE EXTERNAL;--> statement-breakpoint
-- rows live for seconds: their room is taken again soon, however large the table has been
ALTER TABLE "batches" SET (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.05);--> statement-breakpoint
ALTER TABLE "chunks" SET (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.05);--> statement-breakpoint
ALTER TABLE "axes" SET (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.05);
