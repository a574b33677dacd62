CREATE TABLE "loop_requests" (
	"study_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"ruling" integer NOT NULL,
	"recipe" text NOT NULL,
	"seed" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "loop_requests_pk" PRIMARY KEY("study_id","run_id")
);
--> statement-breakpoint
ALTER TABLE "loop_requests" ADD CONSTRAINT "loop_requests_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;