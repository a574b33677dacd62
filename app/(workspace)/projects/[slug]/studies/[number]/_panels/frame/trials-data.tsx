"use client";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { TrialsData } from "@/lib/studies/panels/trials.ts";

const TrialsContext = createContext<TrialsData | null>(null);

type TrialsProviderProps = {
  /** `TrialsData` as JSON: one text reaches the page many times sooner than ten thousands of values that React encodes. */
  text: string;
  children: ReactNode;
};

/** The study's trials, sent once for all figures that are drawn in the page. */
export function TrialsProvider({ text, children }: TrialsProviderProps) {
  const data = useMemo(() => JSON.parse(text) as TrialsData | null, [text]);
  return <TrialsContext value={data}>{children}</TrialsContext>;
}

/** Below a panel that has data alone. */
export const useTrialsData = (): TrialsData => useContext(TrialsContext)!;
