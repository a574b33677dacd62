CREATE TABLE "dataset_samples" (
	"dataset_number" integer NOT NULL,
	"key" text collate "C" NOT NULL,
	"label" text,
	"group" text,
	"time" timestamp with time zone,
	"byte_hash" "bytea",
	"content_hash" "bytea" NOT NULL,
	"sealed" boolean DEFAULT false NOT NULL,
	"given_split" text,
	"image_hash" "bytea",
	"thumbnail" "bytea",
	"text" text,
	CONSTRAINT "dataset_samples_once" PRIMARY KEY("dataset_number","key")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"input" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"progress" double precision DEFAULT 0 NOT NULL,
	"stage" text DEFAULT '' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	"error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "manifest_overrides" (
	"project_id" uuid NOT NULL,
	"manifest_id" text NOT NULL,
	"reason" text NOT NULL,
	"overridden_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "manifest_overrides_pk" PRIMARY KEY("project_id","manifest_id")
);
--> statement-breakpoint
CREATE TABLE "manifest_reports" (
	"manifest_id" text PRIMARY KEY NOT NULL,
	"verdict" text NOT NULL,
	"checks" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "near_pairs" (
	"manifest_number" integer NOT NULL,
	"a_key" text collate "C" NOT NULL,
	"b_key" text collate "C" NOT NULL,
	"similarity" double precision NOT NULL,
	"mirrored" boolean NOT NULL,
	CONSTRAINT "near_pairs_pk" PRIMARY KEY("manifest_number","a_key","b_key")
);
--> statement-breakpoint
CREATE TABLE "pair_judgements" (
	"id" uuid PRIMARY KEY NOT NULL,
	"manifest_id" text NOT NULL,
	"a_key" text collate "C" NOT NULL,
	"b_key" text collate "C" NOT NULL,
	"same" boolean NOT NULL,
	"judged_by" text NOT NULL,
	"judged_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "manifest_samples" DROP CONSTRAINT "manifest_samples_manifest_id_manifests_id_fk";
--> statement-breakpoint
ALTER TABLE "datasets" ADD COLUMN "number" integer NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "datasets_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1);--> statement-breakpoint
ALTER TABLE "datasets" ADD COLUMN "temporal" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "datasets" ADD COLUMN "completed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "manifest_registrations" ADD COLUMN "header" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "manifests" ADD COLUMN "number" integer NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "manifests_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1);--> statement-breakpoint
ALTER TABLE "manifest_overrides" ADD CONSTRAINT "manifest_overrides_registered" FOREIGN KEY ("project_id","manifest_id") REFERENCES "public"."manifest_registrations"("project_id","manifest_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "manifest_reports" ADD CONSTRAINT "manifest_reports_manifest_id_manifests_id_fk" FOREIGN KEY ("manifest_id") REFERENCES "public"."manifests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pair_judgements" ADD CONSTRAINT "pair_judgements_manifest_id_manifests_id_fk" FOREIGN KEY ("manifest_id") REFERENCES "public"."manifests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_one_at_a_time" ON "jobs" USING btree ("kind","subject") WHERE status in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "jobs_waiting" ON "jobs" USING btree ("created_at") WHERE status in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "jobs_by_subject" ON "jobs" USING btree ("kind","subject","created_at");--> statement-breakpoint
CREATE INDEX "pair_judgements_by_manifest" ON "pair_judgements" USING btree ("manifest_id","id");--> statement-breakpoint
ALTER TABLE "datasets" ADD CONSTRAINT "datasets_number_unique" UNIQUE("number");--> statement-breakpoint
ALTER TABLE "manifests" ADD CONSTRAINT "manifests_number_unique" UNIQUE("number");;--> statement-breakpoint
-- the rows that are there get the number of their manifest; their trigger refuses changes, this one aside
ALTER TABLE "manifest_samples" DISABLE TRIGGER rows_are_final;--> statement-breakpoint
ALTER TABLE "manifest_samples" ADD COLUMN "manifest_number" integer;--> statement-breakpoint
UPDATE "manifest_samples" s SET "manifest_number" = m."number" FROM "manifests" m WHERE m."id" = s."manifest_id";--> statement-breakpoint
ALTER TABLE "manifest_samples" ALTER COLUMN "manifest_number" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "manifest_samples" DROP CONSTRAINT "manifest_samples_in_one_split";--> statement-breakpoint
ALTER TABLE "manifest_samples" DROP COLUMN "manifest_id";--> statement-breakpoint
ALTER TABLE "manifest_samples" ADD CONSTRAINT "manifest_samples_in_one_split" PRIMARY KEY("manifest_number","key");--> statement-breakpoint
ALTER TABLE "manifest_samples" ENABLE TRIGGER rows_are_final;--> statement-breakpoint
-- a dataset holds the samples that its manifests brought so far
INSERT INTO "dataset_samples" ("dataset_number", "key", "label", "group", "time", "byte_hash", "content_hash")
SELECT DISTINCT ON (d."number", s."key") d."number", s."key", s."label", s."group", s."time", s."byte_hash", s."content_hash"
FROM "manifest_samples" s JOIN "manifests" m ON m."number" = s."manifest_number" JOIN "datasets" d ON d."id" = m."dataset_id"
ORDER BY d."number", s."key", m."created_at";--> statement-breakpoint
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
    and tg_table_name in ('manifests', 'manifest_samples', 'manifest_registrations', 'manifest_reports',
      'manifest_overrides', 'near_pairs', 'pair_judgements')
    and current_setting('holdout.purge', true) = 'on'
    and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid)
  then
    return old;
  end if;
  raise exception '% on % is refused: its rows are final', lower(tg_op), tg_table_name
    using errcode = 'insufficient_privilege';
end;
$$;
--> statement-breakpoint
do $$
declare
  final_table text;
begin
  foreach final_table in array array[
    'dataset_samples', 'manifest_reports', 'manifest_overrides', 'near_pairs', 'pair_judgements'
  ] loop
    execute format(
      'create trigger rows_are_final before update or delete on %I for each row execute function refuse_change()',
      final_table);
    execute format(
      'create trigger table_is_final before truncate on %I for each statement execute function refuse_change()',
      final_table);
  end loop;
end;
$$;
--> statement-breakpoint
-- A manifest's samples come with it, in the transaction that made it, and never later.
create function refuse_late_manifest_samples() returns trigger language plpgsql as $$
begin
  if exists (
    select from (select distinct manifest_number from added) a
    left join manifests m on m.number = a.manifest_number
    where m.number is null or m.xmin::text::bigint <> pg_current_xact_id()::text::bigint % 4294967296
  ) then
    raise exception 'insert on manifest_samples is refused: a manifest gets its samples when it is made, and no others'
      using errcode = 'insufficient_privilege';
  end if;
  return null;
end;
$$;
--> statement-breakpoint
create trigger rows_come_at_once after insert on manifest_samples referencing new table as added
  for each statement execute function refuse_late_manifest_samples();
--> statement-breakpoint
-- A complete dataset gets no further sample. The share lock makes completing wait for inserts that are under way.
create function refuse_late_dataset_samples() returns trigger language plpgsql as $$
declare
  touched integer;
begin
  for touched in select distinct dataset_number from added loop
    perform from datasets where number = touched and completed_at is null for share;
    if not found then
      raise exception 'insert on dataset_samples is refused: dataset % is complete, or not there', touched
        using errcode = 'insufficient_privilege';
    end if;
  end loop;
  return null;
end;
$$;
--> statement-breakpoint
create trigger rows_come_before_completion after insert on dataset_samples referencing new table as added
  for each statement execute function refuse_late_dataset_samples();
--> statement-breakpoint
create or replace function purge_project(purged uuid) returns void language plpgsql security definer
set search_path = pg_catalog, public as $$
declare
  candidates text[];
begin
  if not exists (select 1 from projects where id = purged and deleted_at is not null) then
    raise exception 'project % is not deleted; only a deleted project is purged', purged;
  end if;
  perform set_config('holdout.purge', 'on', true);
  select array_agg(manifest_id) into candidates from manifest_registrations where project_id = purged;
  delete from runs where project_id = purged;
  delete from manifest_overrides where project_id = purged;
  delete from manifest_registrations where project_id = purged;
  candidates := array(
    select unnest(candidates) except select manifest_id from manifest_registrations where manifest_id = any(candidates));
  delete from manifest_samples where manifest_number in (select number from manifests where id = any(candidates));
  delete from near_pairs where manifest_number in (select number from manifests where id = any(candidates));
  delete from pair_judgements where manifest_id = any(candidates);
  delete from manifest_reports where manifest_id = any(candidates);
  delete from manifests where id = any(candidates);
  delete from projects where id = purged;
  perform set_config('holdout.purge', 'off', true);
end;
$$;
