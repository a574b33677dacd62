"use client";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import type { TokenScope } from "@/lib/wire/base/words.ts";
import { createTokenAction, type NewToken } from "./actions.ts";

const scopes: readonly (readonly [TokenScope, string])[] = [
  ["ingest", "Creates runs, logs to them, evaluates them on validation, registers datasets and manifests, and reads."],
  ["read", "Reads runs, manifests and samples, and no test number. For notebooks and dashboards."],
  ["evaluate", "As ingest, and opens the test split: each time is a look. Only an admin gives it."],
  ["submit", "Hands candidates in to loops, and learns of each whether it was kept: one bit, and nothing else."],
  ["admin", "Does what ingest and evaluate do, and edits and deletes runs too."],
];

type CreateTokenProps = { projectId: string; canManageAdmin: boolean };

export function CreateToken({ projectId, canManageAdmin }: CreateTokenProps) {
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const change = (next: boolean) => {
    setOpen(next);
    if (!next) setSecret(null);
  };
  const trigger = (
    <Button>
      <Plus aria-hidden />
      New token
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
        <div className="grid gap-2 text-sm text-muted">
          <p>Where training runs:</p>
          <Snippet text={`export HOLDOUT_TOKEN=${secret}`} label="Copy the line" />
        </div>
        <Button look="primary" className="justify-self-end" onClick={() => change(false)}>
          Done
        </Button>
      </Dialog>
    );
  const offered = scopes.filter(([scope]) => canManageAdmin || (scope !== "admin" && scope !== "evaluate"));
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title="New token"
      description="It reaches this project alone: its runs, its manifests, and the datasets that it was given. Sealed labels reach nobody."
      trigger={trigger}
    >
      <ActionForm<NewToken>
        action={createTokenAction.bind(null, projectId)}
        onDone={(token) => setSecret(token.secret)}
      >
        <Field
          label="Name"
          name="name"
          placeholder="gpu node 1"
          maxLength={100}
          hint="Of the machine or job that uses it"
          autoComplete="off"
          required
        />
        <fieldset className="grid gap-1">
          <legend className="pb-1.5 text-sm font-medium">Scope</legend>
          {offered.map(([scope, words]) => (
            <label
              key={scope}
              className="flex cursor-pointer gap-3 rounded-md border border-line px-3 py-2 text-sm has-checked:border-accent has-checked:bg-accent-soft"
            >
              <input
                type="radio"
                name="scope"
                value={scope}
                defaultChecked={scope === "ingest"}
                className="mt-1 accent-accent"
              />
              <span>
                <span className="font-medium">{scope}</span>
                <span className="block text-muted">{words}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div className="flex justify-end gap-2">
          <Button onClick={() => change(false)}>Cancel</Button>
          <Submit>Create token</Submit>
        </div>
      </ActionForm>
    </Dialog>
  );
}
