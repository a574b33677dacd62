"use client";
/** Live pages: read anew what is shown when its run changed. */
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { liveState, onLiveState, onNotice } from "./live-events.ts";
import { pace } from "./pace.ts";
import "./whole-reads.ts";

/** What is watched: one run, or every run of a project. */
export type LiveFilter = { run: string } | { project: string };

/**
 * Calls `reread` when what `filter` names changed, and after each reconnect, at most once in `pauseMs`, never beside
 * itself. A hidden tab waits until it is seen again.
 */
export function useLive(filter: LiveFilter, reread: () => unknown, pauseMs: number): void {
  const call = useEffectEvent(reread);
  const [key, id] = "run" in filter ? (["run", filter.run] as const) : (["project", filter.project] as const);
  useEffect(() => {
    const paced = pace(() => call(), pauseMs);
    let missed = false;
    const ask = () => {
      missed = document.hidden;
      if (!missed) paced.ask();
    };
    const seen = () => missed && !document.hidden && ask();
    const leave = onNotice((notice) => {
      if (notice.kind === "resync" || notice[key] === id) ask();
    });
    document.addEventListener("visibilitychange", seen);
    return () => {
      leave();
      paced.stop();
      document.removeEventListener("visibilitychange", seen);
    };
  }, [key, id, pauseMs]);
}

type LivePageProps = { filter: LiveFilter; pauseMs?: number };

/** Keeps the server's part of a page fresh, and says whether the page is live. */
export function LivePage({ filter, pauseMs = 500 }: LivePageProps) {
  const router = useRouter();
  useLive(filter, () => router.refresh(), pauseMs);
  const state = useSyncExternalStore(onLiveState, liveState, () => "connecting" as const);
  const looks = {
    connecting: { dot: "border border-muted", words: "connecting…", title: "Opening the stream of changes" },
    live: { dot: "bg-finished", words: "live", title: "Changes appear as they happen" },
    reconnecting: {
      dot: "border border-warning",
      words: "reconnecting…",
      title: "The server can't be reached; what changed meanwhile will be shown when it can",
    },
  }[state];
  return (
    <span role="status" data-live={state} title={looks.title} className="flex items-center gap-1.5 text-xs text-muted">
      <span aria-hidden className={`size-1.5 rounded-full ${looks.dot}`} />
      {looks.words}
    </span>
  );
}
