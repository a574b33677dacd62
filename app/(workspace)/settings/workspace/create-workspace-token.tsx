"use client";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import { createWorkspaceTokenAction, type NewToken } from "./actions.ts";

export function CreateWorkspaceToken() {
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const change = (next: boolean) => {
    setOpen(next);
    if (!next) setSecret(null);
  };
  const trigger = (
    <Button className="justify-self-start">
      <Plus aria-hidden />
      New token of the workspace
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
        <Button look="primary" className="justify-self-end" onClick={() => change(false)}>
          Done
        </Button>
      </Dialog>
    );
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title="New token of the workspace"
      description="It creates, renames and deletes projects, and logs to any of them. It reads no test number."
      trigger={trigger}
    >
      <ActionForm<NewToken> action={createWorkspaceTokenAction} onDone={(token) => setSecret(token.secret)}>
        <Field
          label="Name"
          name="name"
          placeholder="shared notebook server"
          maxLength={100}
          hint="Of the machine or job that uses it"
          autoComplete="off"
          required
        />
        <div className="flex justify-end gap-2">
          <Button onClick={() => change(false)}>Cancel</Button>
          <Submit>Create token</Submit>
        </div>
      </ActionForm>
    </Dialog>
  );
}
