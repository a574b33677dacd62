"use client";
/** How far the checks are; reads the page anew until they are done. */
import { useRouter } from "next/navigation";
import { useEffect, useTransition } from "react";

const AGAIN_MS = 1_000;

/** `words`: what the checks are at. */
export function CheckProgress({ share, words }: { share: number; words: string }) {
  const router = useRouter();
  const [isReading, startReading] = useTransition();
  useEffect(() => {
    // a page that takes longer than that isn't asked for again meanwhile
    if (isReading) return;
    const timer = setInterval(() => !document.hidden && startReading(() => router.refresh()), AGAIN_MS);
    return () => clearInterval(timer);
  }, [router, isReading]);
  return (
    <div className="flex items-center gap-3 text-sm text-muted" role="status">
      <progress aria-label="Checks" value={share} max={1} className="h-1.5 w-48 accent-accent" />
      {words}
    </div>
  );
}
