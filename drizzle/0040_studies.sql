CREATE TABLE "studies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"title" text NOT NULL,
	"question" text NOT NULL,
	"stage" text NOT NULL,
	"mode" text NOT NULL,
	"parent_id" uuid,
	"manifest_id" text,
	"base" jsonb NOT NULL,
	"space" jsonb NOT NULL,
	"metric" text NOT NULL,
	"split" text NOT NULL,
	"direction" text NOT NULL,
	"search" jsonb NOT NULL,
	"stopping" jsonb NOT NULL,
	"trials_budget" integer NOT NULL,
	"replicates" integer DEFAULT 1 NOT NULL,
	"steps_budget" bigint,
	"smallest_difference" double precision,
	"labels" text[] DEFAULT '{}' NOT NULL,
	"memory_gib" double precision,
	"priority" integer DEFAULT 0 NOT NULL,
	"status" text DEFAULT 'draft' NOT NULL,
	"hypothesis" text DEFAULT '' NOT NULL,
	"hypothesis_at" timestamp with time zone,
	"conclusion" text DEFAULT '' NOT NULL,
	"decision" text,
	"chosen_trial_id" uuid,
	"concluded_by" text,
	"concluded_at" timestamp with time zone,
	"approved_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_by_actor" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"opened_at" timestamp with time zone,
	CONSTRAINT "studies_one_a_number" UNIQUE("project_id","number"),
	CONSTRAINT "studies_budget_from_one" CHECK ("studies"."trials_budget" >= 1 and "studies"."replicates" >= 1)
);
--> statement-breakpoint
CREATE TABLE "trials" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"study_id" uuid,
	"number" integer,
	"replicate" integer DEFAULT 0 NOT NULL,
	"run_id" uuid NOT NULL,
	"values" jsonb,
	"origin" text NOT NULL,
	"labels" text[] DEFAULT '{}' NOT NULL,
	"memory_gib" double precision,
	"priority" integer DEFAULT 0 NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"signal" text DEFAULT 'none' NOT NULL,
	"is_held" boolean DEFAULT false NOT NULL,
	"worker_id" uuid,
	"lease" uuid,
	"lease_until" timestamp with time zone,
	"claims" integer DEFAULT 0 NOT NULL,
	"told" double precision,
	"infeasible" text,
	"stopped_by" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"claimed_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "trials_one_a_run" UNIQUE("run_id"),
	CONSTRAINT "trials_one_a_place" UNIQUE("study_id","number","replicate")
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"labels" text[] DEFAULT '{}' NOT NULL,
	"memory_gib" double precision,
	"is_draining" boolean DEFAULT false NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "studies" ADD CONSTRAINT "studies_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trials" ADD CONSTRAINT "trials_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trials" ADD CONSTRAINT "trials_study_id_studies_id_fk" FOREIGN KEY ("study_id") REFERENCES "public"."studies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workers" ADD CONSTRAINT "workers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "studies_open" ON "studies" USING btree ("project_id","priority" DESC NULLS LAST,"id") WHERE "studies"."status" = 'open';--> statement-breakpoint
CREATE INDEX "studies_of_parent" ON "studies" USING btree ("parent_id") WHERE "studies"."parent_id" is not null;--> statement-breakpoint
CREATE INDEX "trials_waiting" ON "trials" USING btree ("project_id","priority" DESC NULLS LAST,"id") WHERE status = 'queued' and not is_held;--> statement-breakpoint
CREATE INDEX "trials_held" ON "trials" USING btree ("lease_until") WHERE status = 'running';--> statement-breakpoint
CREATE INDEX "trials_of_project" ON "trials" USING btree ("project_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "workers_of_project" ON "workers" USING btree ("project_id","seen_at" DESC NULLS LAST);