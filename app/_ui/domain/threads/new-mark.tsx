"use client";
/** Marks what came since the reader looked last: the mark stays while the page is open, though it counts as seen by then. */
import { useState } from "react";
import { Badge } from "../../parts/badge.tsx";

/** `seenAt`: when that was; null: never, and nothing is marked. */
export function NewMark({ at, seenAt }: { at: string; seenAt: string | null | undefined }) {
  const [looked] = useState(seenAt);
  return looked != null && at > looked && <Badge tone="accent">new</Badge>;
}
