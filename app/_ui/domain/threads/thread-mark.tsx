"use client";
/** The button beside a place of a page that opens its threads, and says how many are open. */
import { MessageSquare } from "lucide-react";
import { useRef, useState } from "react";
import { anchorWords } from "@/lib/words/reviews/review-words.ts";
import { fetched } from "../../overlays/fetched.tsx";
import type { ThreadPlace } from "./thread-panel.tsx";

const ThreadPanel = fetched(async () => (await import("./thread-panel.tsx")).ThreadPanel);

/** `count`: of open threads. Without any the button shows on hover and focus alone, where `isQuiet`. */
type ThreadMarkProps = ThreadPlace & { count: number; isQuiet?: boolean };

export function ThreadMark({ count, isQuiet = false, ...place }: ThreadMarkProps) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const words = `Comments on ${anchorWords(place.anchor)}${count > 0 ? `: ${count} open` : ""}`;
  const hidden = isQuiet && count === 0 && !isOpen;
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={words}
        title={words}
        onPointerEnter={ThreadPanel.prepare}
        onClick={() => setOpen(true)}
        className={`inline-flex h-6 shrink-0 items-center gap-1 rounded-md px-1 text-xs hover:bg-hover hover:text-text print:hidden ${
          count > 0 ? "text-accent" : "text-muted"
        } ${hidden ? "opacity-0 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100" : ""}`}
      >
        <MessageSquare aria-hidden className="size-3.5" />
        {count > 0 && count}
      </button>
      {isOpen && <ThreadPanel {...place} onClose={() => setOpen(false)} opener={button} />}
    </>
  );
}
