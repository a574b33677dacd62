"use client";
/** Beside the table, on phones behind a tab: the charts, and the line that gives them more room or less. */
import dynamic from "next/dynamic";
import type { RunsChartsProps } from "./runs-charts.tsx";
import { SplitHandle } from "./split-handle.tsx";
import type { RunsView } from "./state/runs-view.ts";

// the table is there before the charts' script, which is on its way once the first frame has been drawn
const load = () => import("./runs-charts.tsx").then((module) => module.RunsCharts);
const RunsCharts = dynamic(load, { ssr: false });
if (typeof window !== "undefined") requestAnimationFrame(() => setTimeout(() => void load().catch(() => {})));

type ChartsPaneProps = RunsChartsProps & {
  /** Whether a narrow screen shows it, in place of the table. */
  isInFront: boolean;
  view: RunsView;
  show: (change: Partial<RunsView>) => void;
};

/** Has its room from the first paint on: what comes into it moves nothing. */
export function ChartsPane({ isInFront, view, show, ...charts }: ChartsPaneProps) {
  return (
    <>
      <SplitHandle share={view.chartsShare} onShare={(chartsShare) => show({ chartsShare })} />
      <section
        aria-label="Charts"
        className={`max-h-[calc(100dvh-148px)] min-w-0 overflow-y-auto border-line max-lg:flex-1 lg:w-(--charts) lg:shrink-0
          ${isInFront ? "" : "max-lg:hidden"}`}
      >
        <RunsCharts {...charts} />
      </section>
    </>
  );
}
