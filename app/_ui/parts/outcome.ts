/** What a server action returns: its value, or what to mend, by field where fields are at fault. */
export type Outcome<Value = void> =
  | { ok: true; value: Value }
  | { ok: false; error: string; fieldErrors: Record<string, string> };

/** The shape of an action behind a form. */
export type FormAction<Value = void> = (previous: Outcome<Value> | null, form: FormData) => Promise<Outcome<Value>>;
