"use client";
/** A thread: where it hangs, what was said, and the field to answer in. */
import { Check, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useState, useTransition } from "react";
import type { ThreadReader } from "@/lib/reviews/panel.ts";
import type { Comment, Thread } from "@/lib/wire/reviews/threads.ts";
import { anchorWords } from "@/lib/words/reviews/review-words.ts";
import { useToast } from "../../overlays/toast.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Time } from "../../parts/time.tsx";
import { Written } from "../../parts/written.tsx";
import { CommentField } from "./comment-field.tsx";
import { NewMark } from "./new-mark.tsx";
import { addCommentAction, editCommentAction, resolveThreadAction } from "./thread-actions.ts";

/** What of a thread's time is worth a mark. */
export type ThreadTimes = {
  /** What came later is new to the reader; null: everything is, and nothing is marked. */
  seenAt?: string | null;
  /** What came later was said once it was settled. */
  approvedAt?: string | null;
};

type ThreadCardProps = {
  projectId: string;
  thread: Thread;
  reader: ThreadReader;
  /** What it is on, where the page doesn't say it: words and address. */
  place?: { words: string; href: string };
  times?: ThreadTimes;
  onChanged?: () => void;
};

export function ThreadCard({ projectId, thread, reader, place, times = {}, onChanged }: ThreadCardProps) {
  const { id, anchor, resolvedAt, resolvedBy, comments } = thread;
  const [isOpen, setOpen] = useState(false);
  const isFolded = resolvedAt !== null && !isOpen;
  const words = anchorWords(anchor);
  return (
    <article
      aria-label={`Thread on ${place ? `${place.words}, ` : ""}${words}`}
      className="rounded-md border border-line"
    >
      <header className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line bg-surface px-3 py-1.5 text-xs text-muted">
        <span className="min-w-0 wrap-anywhere">
          {place && (
            <Link href={place.href} prefetch={false} className="text-text underline">
              {place.words}
            </Link>
          )}{" "}
          {words}
        </span>
        {resolvedAt !== null && (
          <>
            <Badge>resolved by {resolvedBy}</Badge>
            <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} className="underline">
              {isOpen ? "Fold" : "Show"}
            </button>
          </>
        )}
        {reader.canWrite && (
          <ResolveButton projectId={projectId} thread={id} isResolved={resolvedAt !== null} onChanged={onChanged} />
        )}
      </header>
      {!isFolded && (
        <>
          <ol>
            {comments.map((comment) => (
              <CommentItem
                key={comment.id}
                comment={comment}
                {...{ projectId, reader, times, onChanged }}
                thread={id}
              />
            ))}
          </ol>
          {reader.canWrite && (
            <div className="p-3">
              <CommentField
                label="Answer"
                send="Answer"
                names={reader.names}
                action={(text) => addCommentAction(projectId, id, text)}
                onDone={onChanged}
              />
            </div>
          )}
        </>
      )}
    </article>
  );
}

type ResolveButtonProps = { projectId: string; thread: string; isResolved: boolean; onChanged?: () => void };

function ResolveButton({ projectId, thread, isResolved, onChanged }: ResolveButtonProps) {
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const change = () =>
    startTransition(async () => {
      const outcome = await resolveThreadAction(projectId, thread, !isResolved);
      if (!outcome.ok) toast({ title: outcome.error, tone: "danger" });
      else onChanged?.();
    });
  return (
    <Button look="ghost" className="ml-auto h-6 px-2 text-xs" onClick={change} disabled={pending}>
      {isResolved ? <RotateCcw aria-hidden className="size-3.5" /> : <Check aria-hidden className="size-3.5" />}
      {isResolved ? "Open again" : "Resolve"}
    </Button>
  );
}

type CommentItemProps = {
  comment: Comment;
  projectId: string;
  thread: string;
  reader: ThreadReader;
  times: ThreadTimes;
  onChanged?: () => void;
};

function CommentItem({ comment, projectId, thread, reader, times, onChanged }: CommentItemProps) {
  const [isEdited, setEdited] = useState(false);
  const { id, text, by, byActor, at, editedAt, earlier } = comment;
  const isOwn = byActor === reader.me;
  const isLater = times.approvedAt != null && at > times.approvedAt;
  const done = () => {
    setEdited(false);
    onChanged?.();
  };
  return (
    <li className="grid gap-1 border-b border-line px-3 py-2 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted">
        <span className="font-medium text-text">{by}</span>
        <Time at={at} />
        {!isOwn && <NewMark at={editedAt ?? at} seenAt={times.seenAt} />}
        {isLater && <Badge>after the approval</Badge>}
        {isOwn && reader.canWrite && !isEdited && (
          <button type="button" className="ml-auto underline" onClick={() => setEdited(true)}>
            Edit
          </button>
        )}
      </div>
      {isEdited ? (
        <CommentField
          label="Comment"
          send="Save"
          names={reader.names}
          initial={text}
          autoFocus
          action={(changed) => editCommentAction(projectId, thread, id, changed)}
          onDone={done}
          onCancel={() => setEdited(false)}
        />
      ) : (
        <div className="prose text-sm wrap-anywhere">
          <Written text={text} />
        </div>
      )}
      {earlier.length > 0 && (
        <details className="text-xs text-muted">
          <summary>
            edited <Time at={editedAt ?? at} />
          </summary>
          <ol className="grid gap-1 pt-1">
            {earlier.map((one) => (
              <li key={one.until} className="border-l-2 border-line pl-2">
                <span>
                  until <Time at={one.until} />
                </span>
                <p className="whitespace-pre-wrap wrap-anywhere">{one.text}</p>
              </li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}
