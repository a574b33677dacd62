"use client";
/** Lets a member write a word on a claim. */
import { useState } from "react";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { TextField } from "@/app/_ui/parts/field.tsx";
import { writeWordAction } from "./actions.ts";

export function WordForm({ project, claim, number }: { project: string; claim: string; number: number }) {
  const [isOpen, setOpen] = useState(false);
  if (!isOpen)
    return (
      <button
        type="button"
        className="justify-self-start text-xs text-muted underline hover:text-text"
        onClick={() => setOpen(true)}
      >
        Write a word<span className="sr-only"> on claim {number}</span>
      </button>
    );
  return (
    <ActionForm
      action={writeWordAction.bind(null, project, claim)}
      onDone={() => setOpen(false)}
      className="grid max-w-140 gap-2"
    >
      <TextField label={`Word on claim ${number}`} name="word" rows={2} required autoFocus hint="It stays as it is." />
      <div className="flex gap-2">
        <Submit>Write</Submit>
        <Button onClick={() => setOpen(false)}>Cancel</Button>
      </div>
    </ActionForm>
  );
}
