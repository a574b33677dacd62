CREATE TABLE "look_confirmations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"project_id" uuid NOT NULL,
	"test_digest" text NOT NULL,
	"actor" text NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "looks" ADD COLUMN "confirmation_id" uuid;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "test_mode" text DEFAULT 'shut' NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "test_budget" integer DEFAULT 3 NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "smallest_difference" double precision;--> statement-breakpoint
CREATE INDEX "look_confirmations_of_test_split" ON "look_confirmations" USING btree ("project_id","test_digest");--> statement-breakpoint
CREATE UNIQUE INDEX "looks_use_a_confirmation_once" ON "looks" USING btree ("confirmation_id");