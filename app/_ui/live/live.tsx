"use client";
/** Live pages: read anew what is shown when its run changed. */
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import type { Notice } from "@/lib/wire/notice.ts";
import { liveState, onLiveState, onNotice } from "./live-events.ts";
import { pace } from "./pace.ts";
import "./whole-reads.ts";

/** What is watched: one run, every run of a project, a project's reviews and threads, or those of all (`reviews: null`). */
export type LiveFilter = { run: string } | { project: string } | { reviews: string | null };

const isAbout = (notice: Notice, filter: LiveFilter): boolean => {
  if (notice.kind === "resync") return true;
  if ("reviews" in filter)
    return notice.kind === "reviews" && (filter.reviews === null || notice.project === filter.reviews);
  if (notice.kind !== "run") return false;
  return "run" in filter ? notice.run === filter.run : notice.project === filter.project;
};

/**
 * Calls `reread` when what `filter` names changed, and after each reconnect, at most once in `pauseMs`, never beside
 * itself. A hidden tab waits until it is seen again.
 */
export function useLive(filter: LiveFilter, reread: () => unknown, pauseMs: number): void {
  const call = useEffectEvent(reread);
  const hears = useEffectEvent((notice: Notice) => isAbout(notice, filter));
  const watched = JSON.stringify(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is watched is what `hears` reads
  useEffect(() => {
    const paced = pace(() => call(), pauseMs);
    let missed = false;
    const ask = () => {
      missed = document.hidden;
      if (!missed) paced.ask();
    };
    const seen = () => missed && !document.hidden && ask();
    const leave = onNotice((notice) => {
      if (hears(notice)) ask();
    });
    document.addEventListener("visibilitychange", seen);
    return () => {
      leave();
      paced.stop();
      document.removeEventListener("visibilitychange", seen);
    };
  }, [watched, pauseMs]);
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
    // as wide as the longest words, and new at each state: nothing beside it moves
    <span role="status" data-live={state} title={looks.title} className="flex min-w-25 justify-end text-xs text-muted">
      <span key={state} className="flex items-center gap-1.5">
        <span aria-hidden className={`size-1.5 rounded-full ${looks.dot}`} />
        {looks.words}
      </span>
    </span>
  );
}

/** Keeps the server's part of a page fresh beside a `LivePage` that watches something else, and says nothing. */
export function LiveReread({ filter, pauseMs = 500 }: LivePageProps) {
  const router = useRouter();
  useLive(filter, () => router.refresh(), pauseMs);
  return null;
}
