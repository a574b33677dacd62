"use client";
/** Threads of a page: the open ones first, each where it hangs, and a field to begin another. */
import { useState } from "react";
import type { ThreadReader } from "@/lib/reviews/panel.ts";
import type { Thread } from "@/lib/wire/reviews/threads.ts";
import { anchorWords } from "@/lib/words/reviews/review-words.ts";
import { Button } from "../../parts/button.tsx";
import { Select } from "../../parts/field.tsx";
import { CommentField } from "./comment-field.tsx";
import { type PlaceNames, placeOf } from "./place-of.ts";
import { startThreadAction } from "./thread-actions.ts";
import { ThreadCard, type ThreadTimes } from "./thread-card.tsx";

type ThreadListProps = {
  projectId: string;
  slug: string;
  threads: Thread[];
  reader: ThreadReader;
  names: PlaceNames;
  times?: ThreadTimes;
  /** What a new thread is on. */
  subject: string;
  /** The places of it that may be chosen beside the whole. */
  anchors?: string[];
  canBegin: boolean;
};

export function ThreadList({
  projectId,
  slug,
  threads,
  reader,
  names,
  times,
  subject,
  anchors = [],
  canBegin,
}: ThreadListProps) {
  const [anchor, setAnchor] = useState("whole");
  const [isAll, setAll] = useState(false);
  const open = threads.filter(({ resolvedAt }) => resolvedAt === null);
  const resolved = threads.filter(({ resolvedAt }) => resolvedAt !== null);
  const shown = isAll ? [...open, ...resolved] : open;
  return (
    <section aria-labelledby="threads" className="grid gap-3">
      <div className="flex items-center gap-2">
        <h2 id="threads" className="text-base font-medium">
          Comments
        </h2>
        {resolved.length > 0 && (
          <Button look="ghost" className="ml-auto h-7 text-xs" aria-pressed={isAll} onClick={() => setAll(!isAll)}>
            {isAll ? "Hide resolved" : `Show ${resolved.length} resolved`}
          </Button>
        )}
      </div>
      {shown.map((thread) => (
        <ThreadCard
          key={thread.id}
          projectId={projectId}
          thread={thread}
          reader={reader}
          place={thread.subject === subject ? undefined : placeOf(slug, thread, names)}
          times={times}
        />
      ))}
      {shown.length === 0 && <p className="text-sm text-muted">Nothing is open here.</p>}
      {canBegin && reader.canWrite && (
        <div className="grid gap-2">
          {anchors.length > 0 && (
            <Select
              aria-label="Place"
              value={anchor}
              onChange={({ target }) => setAnchor(target.value)}
              options={["whole", ...anchors].map((one) => [one, anchorWords(one)] as const)}
              className="max-w-100"
            />
          )}
          <CommentField
            label="Begin a thread"
            send="Comment"
            names={reader.names}
            action={(text) => startThreadAction(projectId, subject, anchor, text)}
          />
        </div>
      )}
    </section>
  );
}
