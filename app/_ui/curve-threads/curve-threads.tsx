"use client";
/** Lends the charts inside the threads on their curves; all but this is fetched once the page is there. */
import { type ReactNode, useEffect, useMemo, useState } from "react";
import type { CurveThreads as Threads } from "@/lib/reviews/curve-threads.ts";
import { type ChartTalk, TalkContext } from "../charts/talk/talk.ts";
import { fetched } from "../overlays/fetched.tsx";
import { CurveThreadsContext, type OpenPlaces } from "./state.ts";

const PlacesPanel = fetched(async () => (await import("./places-panel.tsx")).PlacesPanel);

type CurveThreadsProps = {
  projectId: string;
  /** The open ones on the runs that the charts show. */
  threads: Threads[];
  /** Whether the reader may begin one. */
  canBegin: boolean;
  children: ReactNode;
};

export function CurveThreads({ projectId, threads, canBegin, children }: CurveThreadsProps) {
  const [talk, setTalk] = useState<ChartTalk | null>(null);
  const [opened, setOpened] = useState<OpenPlaces | null>(null);
  const isTalked = canBegin || threads.length > 0;
  useEffect(() => {
    if (!isTalked) return;
    // without it charts are what they are without threads, which the page's tab of comments has all the same
    import("./chart-parts.tsx").then(
      ({ chartParts }) => setTalk(chartParts),
      () => {},
    );
  }, [isTalked]);
  const state = useMemo(
    () => ({ threads, canBegin, open: setOpened, prepare: PlacesPanel.prepare }),
    [threads, canBegin],
  );
  return (
    <CurveThreadsContext value={state}>
      <TalkContext value={talk}>{children}</TalkContext>
      {opened && <PlacesPanel projectId={projectId} {...opened} onClose={() => setOpened(null)} />}
    </CurveThreadsContext>
  );
}
