CREATE TABLE "report_shares" (
	"run_id" uuid NOT NULL,
	"evaluation_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"secret_hash" "bytea" NOT NULL,
	"created_by" text NOT NULL,
	"created_by_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"openings" integer DEFAULT 0 NOT NULL,
	"opened_at" timestamp with time zone,
	CONSTRAINT "report_shares_pk" PRIMARY KEY("run_id","evaluation_id","id")
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "shares_reports" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "report_shares" ADD CONSTRAINT "report_shares_of_evaluation" FOREIGN KEY ("run_id","evaluation_id") REFERENCES "public"."evaluations"("run_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "report_shares_by_secret" ON "report_shares" USING btree ("secret_hash");