CREATE TABLE "label_marks" (
	"run_id" uuid NOT NULL,
	"evaluation_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"key" text collate "C" NOT NULL,
	"is_wrong" boolean NOT NULL,
	"marked_by" text NOT NULL,
	"marked_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "label_marks_pk" PRIMARY KEY("run_id","evaluation_id","id")
);
--> statement-breakpoint
ALTER TABLE "label_marks" ADD CONSTRAINT "label_marks_of_evaluation" FOREIGN KEY ("run_id","evaluation_id") REFERENCES "public"."evaluations"("run_id","id") ON DELETE cascade ON UPDATE no action;