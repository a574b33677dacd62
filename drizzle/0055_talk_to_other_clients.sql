CREATE TABLE "logged_models" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"run_id" uuid,
	"name" text NOT NULL,
	"model_type" text,
	"status" text NOT NULL,
	"status_message" text,
	"params" jsonb NOT NULL,
	"tags" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "project_properties" (
	"project_id" uuid NOT NULL,
	"key" text collate "C" NOT NULL,
	"value" text collate "C" NOT NULL,
	CONSTRAINT "project_properties_pk" PRIMARY KEY("project_id","key")
);
--> statement-breakpoint
CREATE TABLE "run_inputs" (
	"run_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text collate "C" NOT NULL,
	"digest" text collate "C" NOT NULL,
	"source_type" text NOT NULL,
	"source" text NOT NULL,
	"schema" text,
	"profile" text,
	"tags" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_inputs_pk" PRIMARY KEY("run_id","name","digest")
);
--> statement-breakpoint
CREATE TABLE "run_models" (
	"run_id" uuid NOT NULL,
	"role" text NOT NULL,
	"model" text NOT NULL,
	"step" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_models_pk" PRIMARY KEY("run_id","role","model")
);
--> statement-breakpoint
CREATE TABLE "run_properties" (
	"run_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"key" text collate "C" NOT NULL,
	"value" text collate "C" NOT NULL,
	CONSTRAINT "run_properties_pk" PRIMARY KEY("run_id","key")
);
--> statement-breakpoint
CREATE TABLE "series_keys" (
	"run_id" uuid NOT NULL,
	"key" text collate "C" NOT NULL,
	"split" text NOT NULL,
	"metric" text NOT NULL,
	CONSTRAINT "series_keys_pk" PRIMARY KEY("run_id","key"),
	CONSTRAINT "series_keys_one_a_series" UNIQUE("run_id","split","metric")
);
--> statement-breakpoint
ALTER TABLE "tokens" ALTER COLUMN "project_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "run_values" ADD COLUMN "given" text collate "C";--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "quiet" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "logged_models" ADD CONSTRAINT "logged_models_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_properties" ADD CONSTRAINT "project_properties_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_inputs" ADD CONSTRAINT "run_inputs_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_models" ADD CONSTRAINT "run_models_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_properties" ADD CONSTRAINT "run_properties_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "series_keys" ADD CONSTRAINT "series_keys_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "logged_models_of_project" ON "logged_models" USING btree ("project_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "logged_models_of_run" ON "logged_models" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "run_inputs_by_name" ON "run_inputs" USING btree ("project_id","name","run_id");--> statement-breakpoint
CREATE INDEX "run_properties_by_key" ON "run_properties" USING btree ("project_id","key","run_id");--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_of_the_workspace" CHECK (("tokens"."scope" = 'workspace') = ("tokens"."project_id" is null));