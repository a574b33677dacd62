"use client";
import { useLinkStatus } from "next/link";
import { runColor } from "../parts/run-color.ts";

/** Inside a link: shows that the page behind it is on its way. */
export function PendingMark({ className = "" }: { className?: string }) {
  const { pending } = useLinkStatus();
  return pending ? <span aria-hidden className={`size-1.5 animate-pulse rounded-full bg-accent ${className}`} /> : null;
}

/** Inside a link to a run: a dot in the run's colour, which pulses while its page is on its way. */
export function RunDot({ id }: { id: string }) {
  const { pending } = useLinkStatus();
  return (
    <span
      aria-hidden
      className={`size-2 shrink-0 rounded-full ${pending ? "animate-pulse" : ""}`}
      style={{ background: runColor(id) }}
    />
  );
}
