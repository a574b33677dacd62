"use client";
/** Beside the table: a card for each metric, with the selected runs, or the first of the table, in one chart. */
import { useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";
import type { ChartView } from "@/app/_ui/chart-traces.ts";
import { ChartControls, ChartGroup, toggled, useChartsView } from "@/app/_ui/chart-view.tsx";
import { inputClass } from "@/app/_ui/field.tsx";
import { MetricChart } from "@/app/_ui/metric-chart.tsx";
import type { RunsColumns } from "@/lib/table/known-columns.ts";
import type { RunRow } from "@/lib/table/rows.ts";
import type { Selection } from "./selection.ts";

/** More curves than a reader tells apart are asked for by selecting them. */
const RUNS_SHOWN = 10;

/** And more than these aren't asked of the server at once. */
const SELECTED_SHOWN = 100;

type RunsChartsProps = {
  project: { id: string; slug: string };
  rows: RunRow[];
  known: RunsColumns;
  primary: string | null;
  /** Drawn in place of the first of the table, where there is any. */
  selection: Pick<Selection, "rows" | "isAll">;
};

type Card = { metric: string; section: string; series: RunsColumns["metrics"] };

export function RunsCharts({ project, rows, known, primary, selection }: RunsChartsProps) {
  const { rows: selected, isAll } = selection;
  const [wanted, setWanted] = useState("");
  const query = useSearchParams();
  const [view, setView] = useChartsView(query);
  const { smoothing, method, x, clip, logX, log, pinned } = view;
  const chartView = useMemo<ChartView>(() => ({ smoothing, method, x, clip }), [smoothing, method, x, clip]);
  const runs = useMemo(() => {
    const chosen = selected.length > 0 ? selected.slice(0, SELECTED_SHOWN) : rows.slice(0, RUNS_SHOWN);
    return chosen.map(({ id, name, startedAt }) => ({ id, name, startedAt }));
  }, [rows, selected]);
  const cards = useMemo(() => cardsOf(known, primary), [known, primary]);
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const found = cards.filter(({ metric }) => words.every((word) => metric.toLowerCase().includes(word)));
  const ordered = [
    ...found.filter((card) => pinned.includes(card.metric)),
    ...found.filter((card) => !pinned.includes(card.metric)),
  ];
  return (
    <section
      aria-label="Charts"
      className="max-h-[calc(100dvh-148px)] min-w-0 overflow-y-auto border-line max-lg:border-t lg:w-(--charts) lg:shrink-0"
    >
      <div className="sticky top-0 z-10 flex flex-wrap items-center gap-x-4 gap-y-2 bg-bg px-4 py-2">
        <input
          type="search"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          placeholder="Find a metric"
          aria-label="Find a metric"
          className={`${inputClass} max-w-40`}
        />
        <ChartControls view={view} onView={setView} metrics={cards.map(({ metric }) => metric)} />
        <span className="text-xs text-muted">
          {selected.length > 0
            ? selectedWords(runs.length, isAll ? "all that match" : selected.length)
            : `the first ${runs.length} of the table`}
        </span>
      </div>
      <ChartGroup view={view} onView={setView}>
        {ordered.map((card, index) => {
          const { metric, section, series } = card;
          const isPinned = pinned.includes(metric);
          const heading = isPinned ? "pinned" : section;
          const before = ordered[index - 1];
          const isFirst = !before || (pinned.includes(before.metric) ? "pinned" : before.section) !== heading;
          return (
            <div key={metric}>
              {isFirst && heading !== "" && (
                <h2 className="border-b border-line px-4 pt-3 pb-1 text-xs text-muted">{heading}</h2>
              )}
              <MetricChart
                project={project}
                runs={runs}
                metric={metric}
                direction={series[0]!.direction}
                unit={series[0]!.unit}
                series={series}
                view={chartView}
                log={log.includes(metric)}
                onLog={() => setView({ ...view, log: toggled(log, metric) })}
                logX={logX}
                pinned={isPinned}
                onPin={() => setView({ ...view, pinned: toggled(pinned, metric) })}
              />
            </div>
          );
        })}
      </ChartGroup>
      {ordered.length === 0 && <p className="px-4 py-6 text-sm text-muted">No metric has these words in its name.</p>}
    </section>
  );
}

const selectedWords = (shown: number, selected: number | "all that match"): string =>
  shown === selected ? `${shown} selected` : `the first ${shown} of ${selected.toLocaleString("en")} selected`;

/** The primary metric first, then by section: what stands before the first `/` or `.` of the name. */
function cardsOf({ metrics }: RunsColumns, primary: string | null): Card[] {
  const cards = new Map<string, Card>();
  for (const one of metrics) {
    const card = cards.get(one.metric) ?? { metric: one.metric, section: sectionOf(one.metric), series: [] };
    card.series.push(one);
    cards.set(one.metric, card);
  }
  const rank = (card: Card) =>
    card.series.some((one) => `${one.split ?? "-"}/${card.metric}` === primary) ? 0 : card.section === "" ? 1 : 2;
  return [...cards.values()].sort(
    (a, b) =>
      rank(a) - rank(b) || (a.section < b.section ? -1 : a.section > b.section ? 1 : a.metric < b.metric ? -1 : 1),
  );
}

const sectionOf = (metric: string): string => /^([^/.]+)[/.]/.exec(metric)?.[1] ?? "";
