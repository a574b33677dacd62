"use client";
/** What few readers open of charts: one over the whole window, which the address names, and tables of values at the cursor. */
import { useSearchParams } from "next/navigation";
import { createContext, type ReactNode, useContext, useState } from "react";
import { fetched } from "../overlays/fetched.tsx";
import { useAddress } from "../parts/address.ts";
import type { ChartCard } from "./cards.ts";
import type { PlotGroup } from "./plot/group-traces.ts";
import type { PlotRun } from "./plot/traces.ts";

const FullScreenBox = fetched(async () => (await import("./full-screen-box.tsx")).FullScreenBox);
export const ChartValues = fetched(async () => (await import("./values.tsx")).ChartValues);
export const SharedValues = fetched(async () => (await import("./values.tsx")).SharedValues);

const prepare = () => {
  FullScreenBox.prepare();
  ChartValues.prepare();
};

const ShowContext = createContext<((chart: string) => void) | null>(null);

/** Shows the chart of a card over the window, of those that stand in the FullScreens around; `prepare` fetches the script. */
export function useFullScreen() {
  const show = useContext(ShowContext);
  if (!show) throw new Error("a chart stands in a FullScreens");
  return { show, prepare };
}

function writeFull(chart: string | null, query: URLSearchParams): void {
  query.delete("full");
  if (chart !== null) query.set("full", chart);
}

type FullScreensProps = {
  project: { id: string; slug: string };
  runs: PlotRun[];
  groups: PlotGroup[] | null;
  /** In the order in which they follow each other. */
  cards: ChartCard[];
  children: ReactNode;
};

/** Has the state in a place of its own, so that the charts behind aren't rendered anew by the next one's coming. */
export function FullScreens({ project, runs, groups, cards, children }: FullScreensProps) {
  const query = useSearchParams();
  const [chart, setChart] = useState(() => query.get("full"));
  useAddress(chart, writeFull);
  const index = cards.findIndex((card) => card.key === chart);
  return (
    <ShowContext value={setChart}>
      {children}
      {index >= 0 && (
        <FullScreenBox
          project={project}
          runs={runs}
          groups={groups}
          cards={cards}
          index={index}
          onIndex={(next) => setChart(cards[next]!.key)}
          onClose={() => setChart(null)}
        />
      )}
    </ShowContext>
  );
}
