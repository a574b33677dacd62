"use client";
/** The run's name; a click turns it into a field. Enter saves, Escape leaves it as it was. */
import { Pencil } from "lucide-react";
import { useState, useTransition } from "react";
import { renameRunAction } from "@/app/_ui/domain/run-actions.ts";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { inputClass } from "@/app/_ui/parts/field.tsx";

type RunNameProps = { id: string; name: string; color: string; canRename: boolean };

export function RunName({ id, name, color, canRename }: RunNameProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const toast = useToast();
  const save = () => {
    if (draft === null || pending) return;
    if (draft.trim() === name || draft.trim() === "") return setDraft(null);
    startTransition(async () => {
      const outcome = await renameRunAction(id, draft);
      if (outcome.ok) setDraft(null);
      else toast({ title: outcome.error, tone: "danger" });
    });
  };
  const dot = <span aria-hidden className="size-2.5 shrink-0 rounded-full" style={{ background: color }} />;
  if (draft !== null)
    return (
      <span className="inline-flex items-center gap-2">
        {dot}
        <input
          // the click that opened the field asked for it
          // biome-ignore lint/a11y/noAutofocus: the reader asked to edit this name
          autoFocus
          aria-label="Name of the run"
          value={draft}
          maxLength={200}
          disabled={pending}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.key === "Enter") save();
            if (event.key === "Escape") setDraft(null);
          }}
          className={`${inputClass} w-80 max-w-full font-semibold`}
        />
      </span>
    );
  return (
    <span className="group inline-flex min-w-0 items-center gap-2">
      {dot}
      <span className="min-w-0 wrap-anywhere">{name}</span>
      {canRename && (
        <button
          type="button"
          aria-label={`Rename ${name}`}
          title="Rename"
          onClick={() => setDraft(name)}
          className="rounded p-1 text-muted opacity-60 transition-opacity group-hover:opacity-100 hover:bg-hover hover:text-text focus-visible:opacity-100"
        >
          <Pencil aria-hidden className="size-3.5" />
        </button>
      )}
    </span>
  );
}
