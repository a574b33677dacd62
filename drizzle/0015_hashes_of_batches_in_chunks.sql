CREATE TABLE "batch_hashes" (
	"run_id" uuid NOT NULL,
	"writer" integer NOT NULL,
	"block" bigint NOT NULL,
	"hashes" "bytea" NOT NULL,
	CONSTRAINT "batch_hashes_pk" PRIMARY KEY("run_id","writer","block")
);
--> statement-breakpoint
ALTER TABLE "batch_hashes" ADD CONSTRAINT "batch_hashes_of_writer" FOREIGN KEY ("run_id","writer") REFERENCES "public"."writers"("run_id","number") ON DELETE cascade ON UPDATE no action;