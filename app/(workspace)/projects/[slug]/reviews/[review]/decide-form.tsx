"use client";
/** A member's yes, or what they ask to be changed. */
import { useState, useTransition } from "react";
import { Button } from "@/app/_ui/parts/button.tsx";
import { TextField } from "@/app/_ui/parts/field.tsx";
import { decideAction } from "../actions.ts";

/** `isOwn`: the reader asked for the review. */
export function DecideForm({ project, review, isOwn }: { project: string; review: string; isOwn: boolean }) {
  const [word, setWord] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const decide = (approves: boolean) =>
    startTransition(async () => {
      const outcome = await decideAction(project, review, approves, word);
      setError(outcome.ok ? null : outcome.error);
      if (outcome.ok) setWord("");
    });
  return (
    <div className="grid gap-3 rounded-md border border-line p-3">
      {isOwn && <p className="text-sm text-muted">You asked for this review: somebody else approves it.</p>}
      <TextField
        label="Your word"
        rows={3}
        maxLength={5000}
        value={word}
        onChange={({ target }) => setWord(target.value)}
        hint="Needed where you ask for changes"
      />
      {error && (
        <p role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={() => decide(true)} disabled={pending} aria-busy={pending}>
          Approve
        </Button>
        <Button onClick={() => decide(false)} disabled={pending}>
          Ask for changes
        </Button>
      </div>
    </div>
  );
}
