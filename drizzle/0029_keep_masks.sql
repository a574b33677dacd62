ALTER TABLE "dataset_samples" ADD COLUMN "mask" "bytea";--> statement-breakpoint
ALTER TABLE "dataset_samples" ADD COLUMN "mask_classes" smallint;