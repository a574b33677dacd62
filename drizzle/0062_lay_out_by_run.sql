-- A run's column stands in every key of its rows, so that they may be spread over nodes by it. The index is there already.
ALTER TABLE "checkpoints" DROP CONSTRAINT "checkpoints_pkey";--> statement-breakpoint
ALTER TABLE "checkpoints" ADD CONSTRAINT "checkpoints_one_a_file" PRIMARY KEY USING INDEX "checkpoints_one_a_file";--> statement-breakpoint
-- The part of a table that lies on a node is called by the table's name and a number.
create or replace function refuse_change() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE'
    and regexp_replace(tg_table_name, '_\d+$', '') in (
      'manifests', 'manifest_samples', 'manifest_registrations', 'manifest_reports',
      'manifest_overrides', 'near_pairs', 'pair_judgements', 'dataset_samples', 'datasets', 'evaluations',
      'evaluation_predictions', 'evaluation_reports',
      'champion_rules', 'claims', 'sign_offs', 'claim_words', 'alias_moves')
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
-- What triggers on projects do is done here too: where tables lie on nodes there are no such triggers.
create or replace function purge_project(purged uuid) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp set citus.propagate_set_commands = 'local' as $$
declare
  candidates text[];
  candidate_numbers integer[];
  unused uuid[];
  unused_numbers integer[];
begin
  if not exists (select 1 from projects where id = purged and deleted_at is not null) then
    raise exception 'project % is not deleted; only a deleted project is purged', purged;
  end if;
  if not exists (
    select 1 from audit where project_id = purged and action = 'project.purge'
      and xmin::text::bigint = pg_current_xact_id()::text::bigint % 4294967296
  ) then
    raise exception 'purge of project % is refused: the audit has no row of it in this transaction', purged
      using errcode = 'insufficient_privilege';
  end if;
  set local holdout.purge = 'on';
  select array_agg(manifest_id) into candidates from manifest_registrations where project_id = purged;
  select array_agg(dataset_id) into unused from project_datasets where project_id = purged;
  delete from comment_edits e using comments c, threads t
    where t.project_id = purged and c.thread_id = t.id and e.comment_id = c.id;
  delete from comments c using threads t where t.project_id = purged and c.thread_id = t.id;
  delete from threads where project_id = purged;
  delete from review_decisions d using reviews r where r.project_id = purged and d.review_id = r.id;
  delete from reviews where project_id = purged;
  delete from loop_answers where project_id = purged;
  delete from loop_candidates where project_id = purged;
  delete from rulings where project_id = purged;
  delete from loop_runs where project_id = purged;
  delete from loops where project_id = purged;
  delete from referee_scores where project_id = purged;
  delete from referee_splits where project_id = purged;
  delete from imported_records where project_id = purged;
  delete from alias_moves where project_id = purged;
  delete from sign_offs s using claims c where c.project_id = purged and s.claim_id = c.id;
  delete from claim_words w using claims c where c.project_id = purged and w.claim_id = c.id;
  delete from claims where project_id = purged;
  delete from champion_rules where project_id = purged;
  delete from evaluation_reports r using evaluations e
    where e.project_id = purged and r.run_id = e.run_id and r.evaluation_id = e.id;
  delete from evaluation_predictions p using evaluations e
    where e.project_id = purged and p.run_id = e.run_id and p.evaluation_id = e.id;
  delete from prediction_batches b using evaluations e
    where e.project_id = purged and b.run_id = e.run_id and b.evaluation_id = e.id;
  delete from evaluations where project_id = purged;
  delete from runs where project_id = purged;
  delete from manifest_overrides where project_id = purged;
  delete from manifest_registrations where project_id = purged;
  candidates := array(
    select unnest(candidates) except select manifest_id from manifest_registrations where manifest_id = any(candidates));
  candidate_numbers := array(select number from manifests where id = any(candidates));
  delete from manifest_samples where manifest_number = any(candidate_numbers);
  delete from near_pairs where manifest_number = any(candidate_numbers);
  delete from pair_judgements where manifest_id = any(candidates);
  delete from manifest_reports where manifest_id = any(candidates);
  delete from manifests where id = any(candidates);
  delete from project_datasets where project_id = purged;
  -- a manifest that another project made of equal samples may have been checked with these
  unused := array(
    select unnest(unused) except select dataset_id from project_datasets where dataset_id = any(unused)
    except select dataset_id from manifests where dataset_id = any(unused));
  unused_numbers := array(select number from datasets where id = any(unused));
  delete from dataset_samples where dataset_number = any(unused_numbers);
  delete from datasets where id = any(unused);
  delete from projects where id = purged;
  set local holdout.purge = 'off';
end;
$$;
