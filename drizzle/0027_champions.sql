CREATE TABLE "alias_moves" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"manifest_id" text NOT NULL,
	"alias" text NOT NULL,
	"claim_id" uuid,
	"reason" text NOT NULL,
	"moved_by" text NOT NULL,
	"moved_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "champion_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"manifest_id" text NOT NULL,
	"metric" text NOT NULL,
	"split" text NOT NULL,
	"direction" text NOT NULL,
	"seeds" jsonb NOT NULL,
	"margin" double precision NOT NULL,
	"written_by" text NOT NULL,
	"written_by_actor" text NOT NULL,
	"written_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "champion_rules_margin_from_zero" CHECK ("champion_rules"."margin" >= 0)
);
--> statement-breakpoint
CREATE TABLE "claim_words" (
	"id" uuid PRIMARY KEY NOT NULL,
	"claim_id" uuid NOT NULL,
	"word" text NOT NULL,
	"written_by" text NOT NULL,
	"written_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claims" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"manifest_id" text NOT NULL,
	"number" integer NOT NULL,
	"run_id" uuid NOT NULL,
	"checkpoint_id" uuid NOT NULL,
	"checkpoint_path" text NOT NULL,
	"checkpoint_sha256" text NOT NULL,
	"step" bigint NOT NULL,
	"rule_id" uuid NOT NULL,
	"evidence" jsonb NOT NULL,
	"replaced_id" uuid,
	"compared_with" uuid,
	"standing" text NOT NULL,
	"written" text NOT NULL,
	"candidates" integer NOT NULL,
	"reason" text NOT NULL,
	"claimed_by" text NOT NULL,
	"claimed_by_actor" text NOT NULL,
	"claimed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "claims_one_a_number" UNIQUE("project_id","manifest_id","number")
);
--> statement-breakpoint
CREATE TABLE "sign_offs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"claim_id" uuid NOT NULL,
	"approves" boolean NOT NULL,
	"word" text NOT NULL,
	"signed_by" text NOT NULL,
	"signed_by_actor" text NOT NULL,
	"signed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sign_offs_refusal_has_word" CHECK ("sign_offs"."approves" or "sign_offs"."word" <> '')
);
--> statement-breakpoint
ALTER TABLE "alias_moves" ADD CONSTRAINT "alias_moves_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alias_moves" ADD CONSTRAINT "alias_moves_of_manifest" FOREIGN KEY ("project_id","manifest_id") REFERENCES "public"."manifest_registrations"("project_id","manifest_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "champion_rules" ADD CONSTRAINT "champion_rules_of_manifest" FOREIGN KEY ("project_id","manifest_id") REFERENCES "public"."manifest_registrations"("project_id","manifest_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claim_words" ADD CONSTRAINT "claim_words_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claims" ADD CONSTRAINT "claims_rule_id_champion_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."champion_rules"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claims" ADD CONSTRAINT "claims_of_manifest" FOREIGN KEY ("project_id","manifest_id") REFERENCES "public"."manifest_registrations"("project_id","manifest_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_offs" ADD CONSTRAINT "sign_offs_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alias_moves_by_alias" ON "alias_moves" USING btree ("project_id","manifest_id","alias","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "champion_rules_by_manifest" ON "champion_rules" USING btree ("project_id","manifest_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "claim_words_of_claim" ON "claim_words" USING btree ("claim_id");--> statement-breakpoint
CREATE INDEX "claims_of_run" ON "claims" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "sign_offs_of_claim" ON "sign_offs" USING btree ("claim_id");