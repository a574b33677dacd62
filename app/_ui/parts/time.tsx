"use client";
/** When something was: in words while it is near, the exact time on hover. */
import { useEffect, useState } from "react";

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;
const WORDS_UNTIL_S = 30 * DAY_S;
const units = [
  ["day", DAY_S],
  ["hour", HOUR_S],
  ["minute", MINUTE_S],
] as const;
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** `at` as seen from `now` (milliseconds since 1970): `3 hours ago`, or its date once a month lies between. */
export function timeWords(at: string, now: number): string {
  const seconds = Math.round((Date.parse(at) - now) / 1000);
  const distance = Math.abs(seconds);
  if (distance < MINUTE_S) return seconds <= 0 ? "just now" : "in a moment";
  if (distance >= WORDS_UNTIL_S) return at.slice(0, 10);
  const [unit, length] = units.find(([, unitLength]) => distance >= unitLength) ?? units[2];
  return relative.format(Math.trunc(seconds / length), unit);
}

/** ISO 8601 in; the title is UTC, to the second. */
export function Time({ at }: { at: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_S * 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    // the server's minute may be another than the browser's
    <time dateTime={at} title={`${at.slice(0, 19).replace("T", " ")} UTC`} suppressHydrationWarning>
      {timeWords(at, now)}
    </time>
  );
}
