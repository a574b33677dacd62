CREATE TABLE "loop_runs" (
	"study_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"recipe" text NOT NULL,
	"seed" text NOT NULL,
	"value" double precision,
	CONSTRAINT "loop_runs_pk" PRIMARY KEY("study_id","run_id"),
	CONSTRAINT "loop_runs_one_a_number" UNIQUE("study_id","number")
);
--> statement-breakpoint
CREATE TABLE "loops" (
	"study_id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"rule" jsonb NOT NULL,
	"first_recipe" text NOT NULL,
	"first_run_id" uuid NOT NULL,
	"started_by" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rulings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"study_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"recipe" text NOT NULL,
	"run_id" uuid NOT NULL,
	"ruling" text NOT NULL,
	"reason" text NOT NULL,
	"figures" jsonb NOT NULL,
	"after" jsonb NOT NULL,
	"asked_by" text NOT NULL,
	"asked_by_actor" text NOT NULL,
	"ruled_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rulings_one_a_number" UNIQUE("study_id","number")
);
--> statement-breakpoint
CREATE INDEX "loop_runs_of_recipe" ON "loop_runs" USING btree ("study_id","recipe","number");--> statement-breakpoint
CREATE INDEX "rulings_of_recipe" ON "rulings" USING btree ("study_id","recipe","number" DESC NULLS LAST);