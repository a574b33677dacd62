"use client";
/** What the menu of a run opens: its tags, and the form of its name. */
import { ActionForm, Submit } from "../parts/action-form.tsx";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import type { ActionOutcome } from "../parts/outcome.ts";
import { renameRunAction } from "./run-actions.ts";
import { TagEditor, type TagEditorProps } from "./tag-editor.tsx";

export const RunTags = ({ run, canEdit }: TagEditorProps & { onClose: () => void }) => (
  <TagEditor run={run} canEdit={canEdit} />
);

export function RunRename({ run, onClose }: { run: { id: string; name: string }; onClose: () => void }) {
  const rename = async (_previous: ActionOutcome | null, form: FormData) =>
    renameRunAction(run.id, String(form.get("name")));
  return (
    <ActionForm action={rename} onDone={onClose}>
      <Field label="Name" name="name" defaultValue={run.name} maxLength={200} required autoComplete="off" />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Submit>Rename</Submit>
      </div>
    </ActionForm>
  );
}
