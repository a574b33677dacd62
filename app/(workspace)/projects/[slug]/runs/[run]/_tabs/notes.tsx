"use client";
/** What people wrote about a run, and the field to write it in. */
import { type ReactNode, useState, useTransition } from "react";
import { noteRunAction } from "@/app/_ui/domain/run-actions.ts";
import { Button } from "@/app/_ui/parts/button.tsx";
import { inputClass } from "@/app/_ui/parts/field.tsx";
import { TabSection } from "./tab-section.tsx";

type NotesProps = {
  id: string;
  notes: string;
  canEdit: boolean;
  /** The notes as they are read. */
  children: ReactNode;
};

export function Notes({ id, notes, canEdit, children }: NotesProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const save = () =>
    startTransition(async () => {
      const outcome = await noteRunAction(id, draft ?? "");
      setError(outcome.ok ? null : outcome.error);
      if (outcome.ok) setDraft(null);
    });
  const edit = canEdit && draft === null && <Button onClick={() => setDraft(notes)}>Edit</Button>;
  return (
    <TabSection title="Notes" actions={edit}>
      {draft !== null ? (
        <div className="grid gap-2">
          <textarea
            aria-label="Notes, in Markdown"
            // biome-ignore lint/a11y/noAutofocus: the reader asked to edit
            autoFocus
            rows={8}
            maxLength={100_000}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
            className={`${inputClass} h-auto py-1.5 font-mono`}
          />
          {error && (
            <p role="alert" className="text-sm text-danger">
              {error}
            </p>
          )}
          <div className="flex items-center gap-2">
            <span className="mr-auto text-xs text-muted">Markdown</span>
            <Button onClick={() => setDraft(null)}>Cancel</Button>
            <Button look="primary" onClick={save} disabled={pending} aria-busy={pending}>
              Save notes
            </Button>
          </div>
        </div>
      ) : notes.trim() === "" ? (
        <p className="text-sm text-muted">{canEdit ? "Nothing noted yet." : "Nothing was noted."}</p>
      ) : (
        <div className="prose text-sm">{children}</div>
      )}
    </TabSection>
  );
}
