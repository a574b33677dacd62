ALTER TABLE "dataset_samples" ADD COLUMN "earlier_hashes" "bytea";--> statement-breakpoint
ALTER TABLE "manifest_samples" ADD COLUMN "earlier_hashes" "bytea";--> statement-breakpoint
CREATE INDEX "manifest_samples_known_before" ON "manifest_samples" USING btree ("manifest_number") WHERE earlier_hashes is not null;