"use client";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { Field, SelectField } from "@/app/_ui/parts/field.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { inviteAction, type NewInvitation } from "./actions.ts";

export function Invite() {
  const [open, setOpen] = useState(false);
  const [invitation, setInvitation] = useState<NewInvitation | null>(null);
  const change = (next: boolean) => {
    setOpen(next);
    if (!next) setInvitation(null);
  };
  const trigger = (
    <Button look="primary">
      <UserPlus aria-hidden />
      Invite
    </Button>
  );
  if (invitation)
    return (
      <Dialog
        open={open}
        onOpenChange={change}
        title="Send this link"
        description={
          <>
            It is shown this once, lets one person in, and expires <Time at={invitation.expiresAt} />.
          </>
        }
        trigger={trigger}
      >
        <Snippet text={invitation.url} label="Copy the link" />
        <Button look="primary" className="justify-self-end" onClick={() => change(false)}>
          Done
        </Button>
      </Dialog>
    );
  return (
    <Dialog open={open} onOpenChange={change} title="Invite somebody" trigger={trigger}>
      <ActionForm<NewInvitation> action={inviteAction} onDone={setInvitation}>
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="off"
          hint="The link then works for this address alone. Empty: for whoever has it."
        />
        <SelectField
          label="Role"
          name="role"
          defaultValue="member"
          options={[
            ["viewer", "viewer: reads everything"],
            ["member", "member: makes projects and tokens, edits runs"],
            ["admin", "admin: manages people, purges"],
          ]}
        />
        <Field
          label="Page to land on"
          name="leadsTo"
          autoComplete="off"
          placeholder="Its address, copied from the browser"
          hint="A project, a run or a view of runs. Empty: the list of projects."
        />
        <div className="flex justify-end gap-2">
          <Button onClick={() => change(false)}>Cancel</Button>
          <Submit>Create link</Submit>
        </div>
      </ActionForm>
    </Dialog>
  );
}
