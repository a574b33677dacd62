"use client";
/** The run that the pointer is on: every view shows it apart, and words beside the pointer say what it is. */
import { type PointerEvent, useState } from "react";
import type { Explorer } from "../state/explorer.ts";
import type { TipPlace } from "./run-tip.tsx";

export function useRunTip({ store, pointed }: Pick<Explorer, "store" | "pointed">) {
  const [tip, setTip] = useState<TipPlace | null>(null);
  return {
    tip,
    /** Null: it is on none. */
    point: (run: number | null, { clientX: x, clientY: y }: PointerEvent) => {
      pointed.point(run === null ? null : store.ids[run]!);
      setTip(run === null ? null : { run, x, y });
    },
    leave: () => {
      pointed.point(null);
      setTip(null);
    },
  };
}
