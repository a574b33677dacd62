ALTER TABLE "saved_views" DROP CONSTRAINT "saved_views_name_unique";--> statement-breakpoint
ALTER TABLE "saved_views" ALTER COLUMN "user_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "saved_views" ALTER COLUMN "name" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "saved_views" ADD COLUMN "page" text DEFAULT 'runs' NOT NULL;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_name_unique" UNIQUE("project_id","user_id","page","name");