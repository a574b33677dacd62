ALTER TABLE "checkpoints" ADD COLUMN "preprocessing" jsonb;--> statement-breakpoint
-- A complete dataset stays as it is: it is never opened again, nor renamed.
create function refuse_reopening() returns trigger language plpgsql as $$
begin
  raise exception 'update on datasets is refused: dataset % is complete', old.number using errcode = 'insufficient_privilege';
end;
$$;
--> statement-breakpoint
create trigger complete_datasets_are_final before update on datasets for each row when (old.completed_at is not null)
  execute function refuse_reopening();
