CREATE TABLE "evaluation_predictions" (
	"run_id" uuid NOT NULL,
	"evaluation_id" uuid NOT NULL,
	"file" text NOT NULL,
	"completed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "evaluation_predictions_pk" PRIMARY KEY("run_id","evaluation_id")
);
--> statement-breakpoint
CREATE TABLE "evaluation_reports" (
	"run_id" uuid NOT NULL,
	"evaluation_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"panels" jsonb NOT NULL,
	"digest" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "evaluation_reports_pk" PRIMARY KEY("run_id","evaluation_id","version")
);
--> statement-breakpoint
CREATE TABLE "evaluations" (
	"run_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"checkpoint_id" uuid NOT NULL,
	"checkpoint_path" text NOT NULL,
	"checkpoint_sha256" text NOT NULL,
	"step" bigint NOT NULL,
	"manifest_id" text NOT NULL,
	"split" text NOT NULL,
	"split_digest" text NOT NULL,
	"samples" integer NOT NULL,
	"task" text NOT NULL,
	"form" text NOT NULL,
	"classes" jsonb,
	"scores_are" text,
	"keys_digest" text,
	"purpose" text,
	"reason" text,
	"cost" jsonb,
	"soundness" jsonb,
	"creation_hash" "bytea" NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "evaluations_pk" PRIMARY KEY("run_id","id"),
	CONSTRAINT "evaluations_test_has_reason" CHECK ("evaluations"."split" <> 'test' or ("evaluations"."purpose" is not null and "evaluations"."reason" is not null))
);
--> statement-breakpoint
CREATE TABLE "prediction_batches" (
	"run_id" uuid NOT NULL,
	"evaluation_id" uuid NOT NULL,
	"sequence" integer NOT NULL,
	"rows" integer NOT NULL,
	"hash" "bytea" NOT NULL,
	"file" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "prediction_batches_pk" PRIMARY KEY("run_id","evaluation_id","sequence")
);
--> statement-breakpoint
ALTER TABLE "looks" ADD COLUMN "evaluation_id" uuid;--> statement-breakpoint
ALTER TABLE "looks" ADD COLUMN "purpose" text;--> statement-breakpoint
ALTER TABLE "evaluation_predictions" ADD CONSTRAINT "evaluation_predictions_file_blobs_sha256_fk" FOREIGN KEY ("file") REFERENCES "public"."blobs"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_predictions" ADD CONSTRAINT "evaluation_predictions_of_evaluation" FOREIGN KEY ("run_id","evaluation_id") REFERENCES "public"."evaluations"("run_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_reports" ADD CONSTRAINT "evaluation_reports_of_evaluation" FOREIGN KEY ("run_id","evaluation_id") REFERENCES "public"."evaluations"("run_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_manifest_id_manifests_id_fk" FOREIGN KEY ("manifest_id") REFERENCES "public"."manifests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prediction_batches" ADD CONSTRAINT "prediction_batches_file_blobs_sha256_fk" FOREIGN KEY ("file") REFERENCES "public"."blobs"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prediction_batches" ADD CONSTRAINT "prediction_batches_of_evaluation" FOREIGN KEY ("run_id","evaluation_id") REFERENCES "public"."evaluations"("run_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "evaluation_predictions_by_file" ON "evaluation_predictions" USING btree ("file");--> statement-breakpoint
CREATE INDEX "evaluations_by_id" ON "evaluations" USING btree ("id");--> statement-breakpoint
CREATE INDEX "evaluations_of_project" ON "evaluations" USING btree ("project_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "evaluations_of_split" ON "evaluations" USING btree ("split_digest","split");--> statement-breakpoint
CREATE INDEX "prediction_batches_by_file" ON "prediction_batches" USING btree ("file") WHERE "prediction_batches"."file" is not null;