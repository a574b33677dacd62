CREATE TABLE "project_datasets" (
	"project_id" uuid NOT NULL,
	"dataset_id" uuid NOT NULL,
	"name" text NOT NULL,
	"version" text NOT NULL,
	"given_by" text NOT NULL,
	"given_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "project_datasets_pk" PRIMARY KEY("project_id","dataset_id"),
	CONSTRAINT "project_datasets_version_unique" UNIQUE("project_id","name","version")
);
--> statement-breakpoint
ALTER TABLE "datasets" DROP CONSTRAINT "datasets_version_unique";--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "created_by_id" text;--> statement-breakpoint
ALTER TABLE "manifest_registrations" ADD COLUMN "dataset_id" uuid;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "owner_id" text;--> statement-breakpoint
-- a dataset is of the projects that registered a manifest of it; one that none did waits for an admin to give it
INSERT INTO "project_datasets" ("project_id", "dataset_id", "name", "version", "given_by", "given_at")
SELECT r."project_id", d."id", d."name", d."version", 'system', min(r."created_at")
FROM "manifest_registrations" r JOIN "manifests" m ON m."id" = r."manifest_id" JOIN "datasets" d ON d."id" = m."dataset_id"
GROUP BY r."project_id", d."id", d."name", d."version";--> statement-breakpoint
ALTER TABLE "manifest_registrations" DISABLE TRIGGER rows_are_final;--> statement-breakpoint
UPDATE "manifest_registrations" r SET "dataset_id" = m."dataset_id" FROM "manifests" m WHERE m."id" = r."manifest_id";--> statement-breakpoint
ALTER TABLE "manifest_registrations" ENABLE TRIGGER rows_are_final;--> statement-breakpoint
ALTER TABLE "manifest_registrations" ALTER COLUMN "dataset_id" SET NOT NULL;--> statement-breakpoint
-- the audit knows the id of who made a token or a link, which have kept a name alone
UPDATE "tokens" t SET "owner_id" = substr(a."actor", 8) FROM "audit" a
WHERE a."action" = 'token.create' AND a."subject" = 'token:' || t."id" AND a."actor" LIKE 'member:%';--> statement-breakpoint
UPDATE "links" l SET "created_by_id" = substr(a."actor", 8) FROM "audit" a
WHERE a."action" = 'link.create' AND a."subject" = 'link:' || l."id" AND a."actor" LIKE 'member:%';--> statement-breakpoint
ALTER TABLE "project_datasets" ADD CONSTRAINT "project_datasets_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_datasets" ADD CONSTRAINT "project_datasets_dataset_id_datasets_id_fk" FOREIGN KEY ("dataset_id") REFERENCES "public"."datasets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "project_datasets_by_dataset" ON "project_datasets" USING btree ("dataset_id");--> statement-breakpoint
ALTER TABLE "manifest_registrations" ADD CONSTRAINT "manifest_registrations_of_own_dataset" FOREIGN KEY ("project_id","dataset_id") REFERENCES "public"."project_datasets"("project_id","dataset_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "tokens_of_owner" ON "tokens" USING btree ("owner_id") WHERE "tokens"."revoked_at" is null;--> statement-breakpoint
-- A purge also removes the datasets that only the purged project had.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
    and tg_table_name in ('manifests', 'manifest_samples', 'manifest_registrations', 'manifest_reports',
      'manifest_overrides', 'near_pairs', 'pair_judgements', 'dataset_samples')
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
create or replace function purge_project(purged uuid) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  candidates text[];
  unused uuid[];
begin
  if not exists (select 1 from projects where id = purged and deleted_at is not null) then
    raise exception 'project % is not deleted; only a deleted project is purged', purged;
  end if;
  perform set_config('holdout.purge', 'on', true);
  select array_agg(manifest_id) into candidates from manifest_registrations where project_id = purged;
  select array_agg(dataset_id) into unused from project_datasets where project_id = purged;
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
  delete from project_datasets where project_id = purged;
  -- a manifest that another project made of equal samples may have been checked with these
  unused := array(
    select unnest(unused) except select dataset_id from project_datasets where dataset_id = any(unused)
    except select dataset_id from manifests where dataset_id = any(unused));
  delete from dataset_samples where dataset_number in (select number from datasets where id = any(unused));
  delete from datasets where id = any(unused);
  delete from projects where id = purged;
  perform set_config('holdout.purge', 'off', true);
end;
$$;
