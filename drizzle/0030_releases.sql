CREATE TABLE "evaluation_releases" (
	"run_id" uuid NOT NULL,
	"evaluation_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"test_digest" text NOT NULL,
	"mode" text NOT NULL,
	"better" boolean NOT NULL,
	"loss" double precision,
	"beside_run_id" uuid,
	"beside_evaluation_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "evaluation_releases_pk" PRIMARY KEY("run_id","evaluation_id")
);
--> statement-breakpoint
ALTER TABLE "evaluation_releases" ADD CONSTRAINT "evaluation_releases_of_evaluation" FOREIGN KEY ("run_id","evaluation_id") REFERENCES "public"."evaluations"("run_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "evaluation_releases_of_split" ON "evaluation_releases" USING btree ("project_id","test_digest","created_at");