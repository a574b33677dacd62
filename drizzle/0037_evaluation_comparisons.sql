CREATE TABLE "evaluation_comparisons" (
	"run_id" uuid NOT NULL,
	"evaluation_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"paired" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "evaluation_comparisons_pk" PRIMARY KEY("run_id","evaluation_id","subject")
);
--> statement-breakpoint
ALTER TABLE "evaluation_comparisons" ADD CONSTRAINT "evaluation_comparisons_of_evaluation" FOREIGN KEY ("run_id","evaluation_id") REFERENCES "public"."evaluations"("run_id","id") ON DELETE cascade ON UPDATE no action;