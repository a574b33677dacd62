"use client";
/** A button that makes a token: asks for its name and whatever else, and shows its secret this once. */
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Dialog } from "../../overlays/dialog.tsx";
import { ActionForm, Submit } from "../../parts/action-form.tsx";
import { Button } from "../../parts/button.tsx";
import { Snippet } from "../../parts/copy-button.tsx";
import { Field } from "../../parts/field.tsx";
import type { ActionOutcome } from "../../parts/outcome.ts";

/** The secret is in this answer and nowhere else. */
export type MadeToken = { id: string; secret: string };

type NewTokenProps = {
  /** What it is called, `New token`. */
  title: string;
  about: string;
  placeholder: string;
  action: (previous: ActionOutcome<MadeToken> | null, form: FormData) => Promise<ActionOutcome<MadeToken>>;
  /** Stands beside the secret: how it is used. */
  usage?: (secret: string) => ReactNode;
  className?: string;
  /** Further fields. */
  children?: ReactNode;
};

export function NewToken({ title, about, placeholder, action, usage, className = "", children }: NewTokenProps) {
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const change = (next: boolean) => {
    setOpen(next);
    if (!next) setSecret(null);
  };
  const trigger = (
    <Button className={className}>
      <Plus aria-hidden />
      {title}
    </Button>
  );
  if (secret !== null)
    return (
      <Dialog
        open={open}
        onOpenChange={change}
        title="Copy the token now"
        description="It is shown this once: the server keeps only a hash of it."
        trigger={trigger}
      >
        <Snippet text={secret} label="Copy the token" />
        {usage?.(secret)}
        <Button look="primary" className="justify-self-end" onClick={() => change(false)}>
          Done
        </Button>
      </Dialog>
    );
  return (
    <Dialog open={open} onOpenChange={change} title={title} description={about} trigger={trigger}>
      <ActionForm<MadeToken> action={action} onDone={(token) => setSecret(token.secret)}>
        <Field
          label="Name"
          name="name"
          placeholder={placeholder}
          maxLength={100}
          hint="Of the machine or job that uses it"
          autoComplete="off"
          required
        />
        {children}
        <div className="flex justify-end gap-2">
          <Button onClick={() => change(false)}>Cancel</Button>
          <Submit>Create token</Submit>
        </div>
      </ActionForm>
    </Dialog>
  );
}
