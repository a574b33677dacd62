ALTER TABLE "tokens" ADD COLUMN "run_id" uuid;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "expires_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "tokens_of_run" ON "tokens" USING btree ("run_id") WHERE "tokens"."revoked_at" is null and "tokens"."run_id" is not null;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_of_runs_expire" CHECK (("tokens"."scope" = 'run') = ("tokens"."run_id" is not null) and ("tokens"."run_id" is null or "tokens"."expires_at" is not null));