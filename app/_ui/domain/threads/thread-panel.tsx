"use client";
/** The threads at one place of a page, in a drawer: fetched when it opens, and live while it is open. */
import { useCallback, useEffect, useState } from "react";
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
type ThreadPanelProps = ThreadPlace & { onClose: () => void; opener: React.RefObject<HTMLElement | null> };

export function ThreadPanel({ projectId, subject, anchor, onClose, opener }: ThreadPanelProps) {
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
  const words = anchorWords(anchor);
  return (
    <Drawer side="right" title={`Comments: ${words}`} onClose={onClose} opener={opener}>
      <div className="grid max-h-dvh content-start gap-4 overflow-y-auto p-4">
        <h2 className="pr-8 text-base font-semibold wrap-anywhere">Comments: {words}</h2>
        {error && (
          <p role="alert" className="text-sm text-danger">
            {error}
          </p>
        )}
        {!panel && !error && <p className="text-sm text-muted">Reading …</p>}
        {panel?.threads.map((thread) => (
          <ThreadCard key={thread.id} projectId={projectId} thread={thread} reader={panel.reader} onChanged={changed} />
        ))}
        {panel?.threads.length === 0 && <p className="text-sm text-muted">Nothing was said of this yet.</p>}
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
