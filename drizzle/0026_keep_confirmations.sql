-- What an admin confirmed is final for ever, as looks are.
create trigger rows_are_final before update or delete on look_confirmations
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger table_is_final before truncate on look_confirmations
  for each statement execute function refuse_change();
