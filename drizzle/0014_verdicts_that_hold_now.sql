ALTER TABLE "dataset_samples" ADD COLUMN "features" text;--> statement-breakpoint
CREATE INDEX "pair_judgements_by_pair" ON "pair_judgements" USING btree ("a_key","b_key","id");--> statement-breakpoint
ALTER TABLE "manifest_reports" ADD CONSTRAINT "manifest_reports_verdict_known" CHECK ("manifest_reports"."verdict" in ('pass', 'cannot-tell', 'warn', 'block'));--> statement-breakpoint
CREATE VIEW "public"."manifest_verdicts" AS (
  select r.manifest_id, case when told.apart then (
      select case when bool_or(v = 'warn') then 'warn' when bool_or(v = 'cannot-tell') then 'cannot-tell' else 'pass' end
      from (select case when c->>'name' = 'near-duplicates' then coalesce(c->>'withoutPairs', 'cannot-tell')
        else c->>'verdict' end as v from jsonb_array_elements(r.checks) c) checks)
    else r.verdict end as verdict, told.apart as is_told_apart
  from manifest_reports r
  join manifests m on m.id = r.manifest_id
  cross join lateral (
    select r.verdict = 'warn' and exists (select from near_pairs p where p.manifest_number = m.number)
      and not exists (
        select from near_pairs p where p.manifest_number = m.number and coalesce((
          select j.same from pair_judgements j join manifests other on other.id = j.manifest_id
          where j.a_key = p.a_key and j.b_key = p.b_key and other.dataset_id = m.dataset_id
          order by j.id desc limit 1), true)) as apart) told);