"use client";
import { createContext, type RefObject } from "react";
import type { CurveThreads } from "@/lib/reviews/curve-threads.ts";
import type { CurvePlace } from "./places.ts";

/** Places whose threads are shown, the first before others are chosen, and what gets the focus back. */
export type OpenPlaces = { places: CurvePlace[]; opener: RefObject<HTMLElement | null> };

type CurveThreadsState = {
  threads: CurveThreads[];
  canBegin: boolean;
  open: (places: OpenPlaces) => void;
  /** Fetches the script of what `open` shows. */
  prepare: () => void;
};
/** What the charts inside have to say of threads. */
export const CurveThreadsContext = createContext<CurveThreadsState>({
  threads: [],
  canBegin: false,
  open: () => {},
  prepare: () => {},
});
