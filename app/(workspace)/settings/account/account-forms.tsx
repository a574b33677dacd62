"use client";
import { useState } from "react";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import { changePasswordAction, renameAction } from "./actions.ts";

export function NameForm({ name }: { name: string }) {
  const toast = useToast();
  return (
    <ActionForm action={renameAction} onDone={() => toast({ title: "Name saved." })}>
      <Field label="Name" name="name" defaultValue={name} autoComplete="name" maxLength={100} required />
      <Submit look="plain" className="justify-self-start">
        Save
      </Submit>
    </ActionForm>
  );
}

export function PasswordForm({ email }: { email: string }) {
  const toast = useToast();
  // counted, so that the fields are empty again once the password is changed
  const [changes, setChanges] = useState(0);
  const onDone = () => {
    setChanges(changes + 1);
    toast({ title: "Password changed. Your other sessions are ended." });
  };
  return (
    <ActionForm key={changes} action={changePasswordAction} onDone={onDone}>
      <input type="email" name="email" autoComplete="username" defaultValue={email} hidden />
      <Field label="Current password" name="current" type="password" autoComplete="current-password" required />
      <Field
        label="New password"
        name="next"
        type="password"
        autoComplete="new-password"
        minLength={10}
        hint="At least 10 characters"
        required
      />
      <Submit look="plain" className="justify-self-start">
        Change password
      </Submit>
    </ActionForm>
  );
}
