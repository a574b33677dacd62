CREATE TABLE "model_aliases" (
	"model_id" uuid NOT NULL,
	"alias" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "model_aliases_pk" PRIMARY KEY("model_id","alias")
);
--> statement-breakpoint
CREATE TABLE "model_metrics" (
	"model_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"key" text collate "C" NOT NULL,
	"dataset_name" text collate "C" NOT NULL,
	"dataset_digest" text collate "C" NOT NULL,
	"value" double precision NOT NULL,
	"step" bigint NOT NULL,
	"logged_at" timestamp with time zone NOT NULL,
	CONSTRAINT "model_metrics_pk" PRIMARY KEY("model_id","run_id","key","dataset_name","dataset_digest")
);
--> statement-breakpoint
CREATE TABLE "model_versions" (
	"model_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"project_id" uuid,
	"run_id" uuid,
	"run_word" text,
	"model_word" text,
	"source" text NOT NULL,
	"files_at" text NOT NULL,
	"run_link" text,
	"description" text DEFAULT '' NOT NULL,
	"stage" text DEFAULT 'none' NOT NULL,
	"tags" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "model_versions_pk" PRIMARY KEY("model_id","version")
);
--> statement-breakpoint
CREATE TABLE "registered_models" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid,
	"name" text collate "C" NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"tags" jsonb NOT NULL,
	"versions_made" integer DEFAULT 0 NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "registered_models_one_a_name" UNIQUE NULLS NOT DISTINCT("project_id","name")
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "key_prefixes" jsonb DEFAULT '{"train":[],"validation":["val_","val/","valid_","valid/","validation_","validation/","eval_","eval/"]}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "model_aliases" ADD CONSTRAINT "model_aliases_of_version" FOREIGN KEY ("model_id","version") REFERENCES "public"."model_versions"("model_id","version") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_metrics" ADD CONSTRAINT "model_metrics_model_id_logged_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."logged_models"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_model_id_registered_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."registered_models"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registered_models" ADD CONSTRAINT "registered_models_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "model_versions_of_run" ON "model_versions" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "model_versions_of_project" ON "model_versions" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "registered_models_by_name" ON "registered_models" USING btree ("name");