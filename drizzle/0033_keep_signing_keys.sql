-- What an old key signed can be checked for ever.
create trigger rows_are_final before update or delete on signing_keys
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger table_is_final before truncate on signing_keys
  for each statement execute function refuse_change();
