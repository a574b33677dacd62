"use client";
/** The member's passkeys: one is added, named anew, removed. */
import { useState } from "react";
import { Confirm, Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { makePasskey } from "@/app/_ui/parts/passkey.ts";
import { Time } from "@/app/_ui/parts/time.tsx";
import type { Passkey } from "@/lib/access/passkeys.ts";
import { addPasskeyAction, beginPasskeyAction, removePasskeyAction, renamePasskeyAction } from "./actions.ts";

export function Passkeys({ passkeys }: { passkeys: Passkey[] }) {
  return (
    <div className="grid gap-4">
      {passkeys.length > 0 && (
        <ul className="-mt-2 text-sm">
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} />
          ))}
        </ul>
      )}
      <AddPasskey />
    </div>
  );
}

function PasskeyRow({ passkey: { id, name, createdAt } }: { passkey: Passkey }) {
  const toast = useToast();
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2">
      <div className="min-w-0 flex-1">
        <div className="truncate" title={name}>
          {name}
        </div>
        <div className="text-xs text-muted">
          added <Time at={createdAt} />
        </div>
      </div>
      <RenamePasskey id={id} name={name} />
      <Confirm
        trigger={<Button aria-label={`Remove ${name}`}>Remove</Button>}
        title={`Remove ${name}?`}
        description="Nobody signs in with it any more. What your device keeps of it stays there until you delete it."
        confirm="Remove"
        action={() => removePasskeyAction(id)}
        onDone={() => toast({ title: `${name} is removed.` })}
      />
    </li>
  );
}

function RenamePasskey({ id, name }: { id: string; name: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Name this passkey"
      trigger={<Button aria-label={`Rename ${name}`}>Rename</Button>}
    >
      <ActionForm action={renamePasskeyAction.bind(null, id)} onDone={() => setOpen(false)}>
        <Field label="Name" name="name" defaultValue={name} maxLength={100} required autoComplete="off" />
        <div className="flex justify-end gap-2">
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Submit>Save</Submit>
        </div>
      </ActionForm>
    </Dialog>
  );
}

function AddPasskey() {
  const toast = useToast();
  // counted, so that the field is empty again
  const [added, setAdded] = useState(0);
  const add = async (_previous: ActionOutcome | null, form: FormData): Promise<ActionOutcome> => {
    const asked = await beginPasskeyAction();
    if (!asked.ok) return asked;
    const made = await makePasskey(asked.value);
    if ("error" in made) return { ok: false, error: made.error ?? "No passkey was made.", fieldErrors: {} };
    return addPasskeyAction(String(form.get("name")), made.response);
  };
  const onDone = () => {
    setAdded(added + 1);
    toast({ title: "The passkey is added. You can sign in with it." });
  };
  return (
    <ActionForm key={added} action={add} onDone={onDone}>
      <Field
        label="Name of a new passkey"
        name="name"
        placeholder="The device's, such as laptop"
        maxLength={100}
        required
        autoComplete="off"
      />
      <Submit look="plain" className="justify-self-start">
        Add a passkey
      </Submit>
    </ActionForm>
  );
}
