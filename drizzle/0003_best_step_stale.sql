ALTER TABLE "runs" ADD COLUMN "best_stale" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "runs_best_stale" ON "runs" USING btree ("id") WHERE "runs"."best_stale";