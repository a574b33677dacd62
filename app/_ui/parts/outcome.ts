/** What a server action returns: its value, or what to mend, by field where fields are at fault. */
export type ActionOutcome<Value = void> =
  | { ok: true; value: Value }
  | { ok: false; error: string; fieldErrors: Record<string, string> };

/** The shape of an action behind a form. */
export type FormAction<Value = void> = (
  previous: ActionOutcome<Value> | null,
  form: FormData,
) => Promise<ActionOutcome<Value>>;
