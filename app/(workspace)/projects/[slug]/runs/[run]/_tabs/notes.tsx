"use client";
/** What people wrote about a run, and the field to write it in. */
import { type ReactNode, useState } from "react";
import { Button } from "@/app/_ui/parts/button.tsx";
import { NoteEditor } from "../note-editor.tsx";
import { TabSection } from "./tab-section.tsx";

type NotesProps = {
  id: string;
  notes: string;
  canEdit: boolean;
  /** The notes as they are read. */
  children: ReactNode;
};

export function Notes({ id, notes, canEdit, children }: NotesProps) {
  const [isEdited, setEdited] = useState(false);
  const edit = canEdit && !isEdited && <Button onClick={() => setEdited(true)}>Edit</Button>;
  return (
    <TabSection id="notes" title="Notes" actions={edit}>
      {isEdited ? (
        <NoteEditor id={id} notes={notes} onDone={() => setEdited(false)} />
      ) : notes.trim() === "" ? (
        <p className="text-sm text-muted">{canEdit ? "Nothing noted yet." : "Nothing was noted."}</p>
      ) : (
        <div className="prose text-sm">{children}</div>
      )}
    </TabSection>
  );
}
