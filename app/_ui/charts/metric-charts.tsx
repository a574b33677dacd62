"use client";
/** The charts of a page: one a metric, all seen alike, pinned ones first; the address says how. */
import { useSearchParams } from "next/navigation";
import { type ReactNode, useMemo, useState } from "react";
import { inputClass } from "../parts/field.tsx";
import { type ChartCard, cardsNamed, cardsOf, pinnedFirst } from "./cards.ts";
import type { ChartSource } from "./data.ts";
import { MetricChart } from "./metric-chart.tsx";
import { ChartControls, ChartGroup, useChartsView } from "./view.tsx";

type MetricChartsProps = ChartSource & {
  primaryMetric: string | null;
  /** `column`: one below the other, beside something else; `grid`: as many in a row as there is room for. */
  layout: "column" | "grid";
  /** Says beside the controls whose curves these are. */
  note: ReactNode;
};

export function MetricCharts({ project, runs, series, primaryMetric, layout, note }: MetricChartsProps) {
  const [view, setView] = useChartsView(useSearchParams());
  const [wanted, setWanted] = useState("");
  const cards = useMemo(() => cardsOf(series, primaryMetric), [series, primaryMetric]);
  const shown = pinnedFirst(cardsNamed(cards, wanted), view.pinned);
  const isColumn = layout === "column";
  const place = isColumn ? "top-0 gap-x-4 px-4" : "top-12 gap-x-5 border-b border-line px-4 md:top-0 md:px-6";
  return (
    <ChartGroup view={view} onView={setView}>
      <div className={`sticky z-20 flex flex-wrap items-center gap-y-2 bg-bg py-2 ${place}`}>
        <input
          type="search"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          placeholder="Find a metric"
          aria-label="Find a metric"
          className={`${inputClass} max-w-40`}
        />
        <ChartControls view={view} onView={setView} metrics={cards.map(({ metric }) => metric)} />
        <span className={`text-xs text-muted ${isColumn ? "" : "ml-auto"}`}>{note}</span>
      </div>
      <div className={isColumn ? "" : "overflow-hidden"}>
        <div className={isColumn ? "" : "-mr-px grid grid-cols-[repeat(auto-fit,minmax(min(100%,360px),1fr))]"}>
          {shown.map((card, index) => (
            <div key={card.metric} className="min-w-0">
              {isColumn && <SectionHeading card={card} before={shown[index - 1]} pinned={view.pinned} />}
              <MetricChart project={project} runs={runs} card={card} />
            </div>
          ))}
        </div>
      </div>
      {shown.length === 0 && <p className="px-4 py-6 text-sm text-muted">No metric has these words in its name.</p>}
    </ChartGroup>
  );
}

type SectionHeadingProps = { card: ChartCard; before: ChartCard | undefined; pinned: string[] };

/** Over the first chart of a section. */
function SectionHeading({ card, before, pinned }: SectionHeadingProps) {
  const nameOf = ({ metric, section }: ChartCard) => (pinned.includes(metric) ? "pinned" : section);
  const name = nameOf(card);
  if (name === "" || (before && nameOf(before) === name)) return null;
  return <h2 className="border-b border-line px-4 pt-3 pb-1 text-xs text-muted">{name}</h2>;
}
