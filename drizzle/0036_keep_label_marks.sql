-- What a member said of a label is final, and goes with its evaluation alone.
create trigger rows_are_final before update or delete on label_marks
  for each row execute function refuse_change_but_purge();
--> statement-breakpoint
create trigger table_is_final before truncate on label_marks
  for each statement execute function refuse_change();
