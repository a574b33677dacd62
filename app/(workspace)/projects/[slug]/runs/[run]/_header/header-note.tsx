"use client";
/** The first lines of a run's notes, or the way to write some. */
import { NotebookPen } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { runNotesHref } from "@/app/paths.ts";
import { NoteEditor } from "../note-editor.tsx";
import { excerptOf } from "./excerpt.ts";

type HeaderNoteProps = { run: { id: string; slug: string; notes: string }; canEdit: boolean };

export function HeaderNote({ run, canEdit }: HeaderNoteProps) {
  const [isEdited, setEdited] = useState(false);
  const excerpt = excerptOf(run.notes);
  if (isEdited)
    return (
      <div className="w-full max-w-160 py-1">
        <NoteEditor id={run.id} notes={run.notes} onDone={() => setEdited(false)} />
      </div>
    );
  if (excerpt === "" && !canEdit) return null;
  return (
    <p className="flex min-w-0 items-center gap-1.5 text-sm">
      {excerpt !== "" && (
        <Link
          prefetch={false}
          href={runNotesHref(run.slug, run.id)}
          title="All of the notes"
          className="line-clamp-2 max-w-[90ch] min-w-0 wrap-anywhere hover:underline"
        >
          {excerpt}
        </Link>
      )}
      {canEdit && (
        <button
          type="button"
          aria-label={excerpt === "" ? undefined : "Edit the notes"}
          title={excerpt === "" ? undefined : "Edit the notes"}
          onClick={() => setEdited(true)}
          className="inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md px-1.5 text-muted hover:bg-hover hover:text-text"
        >
          <NotebookPen aria-hidden className="size-3.5" />
          {excerpt === "" && "Add a note"}
        </button>
      )}
    </p>
  );
}
