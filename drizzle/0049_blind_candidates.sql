CREATE TABLE "loop_answers" (
	"study_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"project_id" uuid NOT NULL,
	"ruling" text NOT NULL,
	"reason" text NOT NULL,
	"is_late" boolean NOT NULL,
	"answered_at" timestamp with time zone DEFAULT now() NOT NULL,
	"shown_at" timestamp with time zone NOT NULL,
	CONSTRAINT "loop_answers_pk" PRIMARY KEY("study_id","number")
);
--> statement-breakpoint
CREATE TABLE "loop_candidates" (
	"study_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"config" jsonb NOT NULL,
	"digest" text NOT NULL,
	"is_blind" boolean NOT NULL,
	"handed_by" text NOT NULL,
	"handed_by_actor" text NOT NULL,
	"handed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "loop_candidates_pk" PRIMARY KEY("study_id","number"),
	CONSTRAINT "loop_candidates_once" UNIQUE("study_id","handed_by_actor","digest")
);
--> statement-breakpoint
ALTER TABLE "loop_requests" ADD COLUMN "candidate" integer;--> statement-breakpoint
CREATE INDEX "loop_requests_of_candidate" ON "loop_requests" USING btree ("study_id","candidate") WHERE candidate is not null;