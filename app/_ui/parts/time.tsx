"use client";
/** When something was: in words while it is near, the exact time on hover. */
import { useEffect, useState } from "react";
import { timeWords } from "@/lib/words/times.ts";

const MINUTE_MS = 60_000;

/** ISO 8601 in; the title is UTC, to the second. */
export function Time({ at }: { at: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    // the server's minute may be another than the browser's
    <time dateTime={at} title={`${at.slice(0, 19).replace("T", " ")} UTC`} suppressHydrationWarning>
      {timeWords(at, now)}
    </time>
  );
}
