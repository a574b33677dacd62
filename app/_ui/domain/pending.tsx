"use client";
import { useLinkStatus } from "next/link";

/** Inside a link: shows that the page behind it is on its way. */
export function PendingMark({ className = "" }: { className?: string }) {
  const { pending } = useLinkStatus();
  return pending ? <span aria-hidden className={`size-1.5 animate-pulse rounded-full bg-accent ${className}`} /> : null;
}
