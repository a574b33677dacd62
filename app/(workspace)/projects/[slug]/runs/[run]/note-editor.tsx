"use client";
/** The field in which a run's notes are written. */
import { useState, useTransition } from "react";
import { noteRunAction } from "@/app/_ui/domain/run-actions.ts";
import { Button } from "@/app/_ui/parts/button.tsx";
import { inputClass } from "@/app/_ui/parts/field.tsx";

type NoteEditorProps = { id: string; notes: string; onDone: () => void };

export function NoteEditor({ id, notes, onDone }: NoteEditorProps) {
  const [draft, setDraft] = useState(notes);
  const [error, setError] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const save = () =>
    startTransition(async () => {
      const outcome = await noteRunAction(id, draft);
      setError(outcome.ok ? null : outcome.error);
      if (outcome.ok) onDone();
    });
  return (
    <div className="grid gap-2">
      <textarea
        aria-label="Notes, in Markdown"
        // biome-ignore lint/a11y/noAutofocus: the reader asked to edit
        autoFocus
        rows={8}
        maxLength={100_000}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={({ key, ctrlKey, metaKey }) => key === "Enter" && (ctrlKey || metaKey) && save()}
        className={`${inputClass} h-auto py-1.5 font-mono`}
      />
      {error && (
        <p role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
      <div className="flex items-center gap-2">
        <span className="mr-auto text-xs text-muted">Markdown</span>
        <Button onClick={onDone}>Cancel</Button>
        <Button look="primary" onClick={save} disabled={pending} aria-busy={pending}>
          Save notes
        </Button>
      </div>
    </div>
  );
}
