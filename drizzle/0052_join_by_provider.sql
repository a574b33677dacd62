ALTER TABLE "users" ADD COLUMN "joins_by_email" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_identity_unique" UNIQUE("provider_id","account_id");--> statement-breakpoint
-- whom an admin invited by the address; who named it themselves joins the provider while signed in
UPDATE "users" SET "joins_by_email" = true WHERE EXISTS (
	SELECT FROM "links" WHERE "links"."purpose" = 'invitation' AND "links"."email" = "users"."email" AND "links"."spent_at" IS NOT NULL
);
