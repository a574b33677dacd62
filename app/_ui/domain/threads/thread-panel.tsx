"use client";
/** The threads at one place of a page, in a drawer: fetched when it opens, and live while it is open. */
import { type ReactNode, useCallback, useEffect, useState } from "react";
import type { ThreadPanel as Panel } from "@/lib/reviews/panel.ts";
import { anchorWords } from "@/lib/words/reviews/review-words.ts";
import { useLive } from "../../live/live.tsx";
import { Drawer } from "../../overlays/drawer.tsx";
import { CommentField } from "./comment-field.tsx";
import { readPanelAction, startThreadAction } from "./thread-actions.ts";
import { ThreadCard } from "./thread-card.tsx";

export type ThreadPlace = {
  projectId: string;
  /** `run:ID`. */
  subject: string;
  /** The text form of lib/wire/reviews/anchors.ts. */
  anchor: string;
};
type ThreadPanelProps = ThreadPlace & {
  /** What the place is called; left out: as its anchor is. */
  words?: string;
  onClose: () => void;
  opener: React.RefObject<HTMLElement | null>;
  /** Stands above the threads: the choice of another place, say. */
  children?: ReactNode;
};

export function ThreadPanel({
  projectId,
  subject,
  anchor,
  words = anchorWords(anchor),
  onClose,
  opener,
  children,
}: ThreadPanelProps) {
  const [panel, setPanel] = useState<Panel | null>(null);
  const [error, setError] = useState<string | null>(null);
  const read = useCallback(async () => {
    const outcome = await readPanelAction(projectId, subject, anchor);
    setError(outcome.ok ? null : outcome.error);
    if (outcome.ok) setPanel(outcome.value);
  }, [projectId, subject, anchor]);
  useEffect(() => void read(), [read]);
  useLive({ reviews: projectId }, read, 300);
  const changed = () => void read();
  // until those of a place that was chosen just now are there
  const threads = panel?.threads.filter((thread) => thread.anchor === anchor && thread.subject === subject);
  return (
    <Drawer side="right" title={`Comments: ${words}`} onClose={onClose} opener={opener}>
      <div className="grid max-h-dvh content-start gap-4 overflow-y-auto p-4">
        <h2 className="pr-8 text-base font-semibold wrap-anywhere">Comments: {words}</h2>
        {children}
        {error && (
          <p role="alert" className="text-sm text-danger">
            {error}
          </p>
        )}
        {!panel && !error && <p className="text-sm text-muted">Reading …</p>}
        {panel &&
          threads?.map((thread) => (
            <ThreadCard
              key={thread.id}
              projectId={projectId}
              thread={thread}
              reader={panel.reader}
              onChanged={changed}
            />
          ))}
        {threads?.length === 0 && <p className="text-sm text-muted">Nothing was said of this yet.</p>}
        {panel?.reader.canWrite && (
          <CommentField
            label="Begin a thread"
            send="Comment"
            names={panel.reader.names}
            action={(text) => startThreadAction(projectId, subject, anchor, text)}
            onDone={changed}
          />
        )}
      </div>
    </Drawer>
  );
}
