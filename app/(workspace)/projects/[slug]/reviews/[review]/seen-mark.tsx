"use client";
/** Says that the reader has the page before them: what they were told of it counts as read. */
import { useEffect } from "react";
import { seeReviewAction } from "@/app/_ui/domain/threads/thread-actions.ts";

/** `latest`: when something happened last. A page in a hidden tab isn't seen. */
export function SeenMark({ project, review, latest }: { project: string; review: string; latest: string }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came since is seen anew
  useEffect(() => {
    const see = () => {
      if (!document.hidden) void seeReviewAction(project, review);
    };
    see();
    document.addEventListener("visibilitychange", see);
    return () => document.removeEventListener("visibilitychange", see);
  }, [project, review, latest]);
  return null;
}
