ALTER TABLE "runs" ADD COLUMN "parent_id" uuid;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "parent_checkpoint" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "parent_sha256" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "test_seen_count" integer;--> statement-breakpoint
CREATE INDEX "runs_of_parent" ON "runs" USING btree ("parent_id","id") WHERE "runs"."parent_id" is not null;