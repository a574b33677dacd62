CREATE TABLE "referee_splits" (
	"project_id" uuid NOT NULL,
	"manifest_id" text NOT NULL,
	"seed" bigint NOT NULL,
	"share" double precision NOT NULL,
	"samples" integer NOT NULL,
	"digest" text NOT NULL,
	"members" "bytea" NOT NULL,
	"is_sealed" boolean NOT NULL,
	"registered_by" text NOT NULL,
	"registered_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "referee_splits_pk" PRIMARY KEY("project_id","manifest_id")
);
--> statement-breakpoint
CREATE TABLE "referee_scores" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"manifest_id" text NOT NULL,
	"scores" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	"posted_by" text NOT NULL,
	"posted_at" timestamp with time zone DEFAULT now() NOT NULL
);
