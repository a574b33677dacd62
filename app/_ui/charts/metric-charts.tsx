"use client";
/** The charts of a page: one a metric, all seen alike, in sections, pinned ones first; the address says how. */
import { ChevronRight } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { type CSSProperties, type ReactNode, useMemo } from "react";
import { numberWords } from "@/lib/words/numbers.ts";
import { Button } from "../parts/button.tsx";
import {
  type CardSeries,
  type ChartCard,
  type ChartSection,
  cardsByFacet,
  cardsBySplit,
  cardsNamed,
  cardsOf,
  expressionCard,
  sectionsOf,
} from "./cards.ts";
import { ChartControls } from "./controls.tsx";
import type { ChartSource } from "./data.ts";
import { ExpressionBar, useExpressions } from "./expressions/expression-bar.tsx";
import { FullScreens, SharedValues } from "./full-screen.tsx";
import type { ChartComparison, Facet } from "./grouping/arrange.ts";
import { CurveLegends } from "./grouping/curve-legends.tsx";
import { BY_SPLIT, GroupingBar } from "./grouping/grouping-bar.tsx";
import { useArrangement } from "./grouping/use-arrangement.ts";
import { MetricChart } from "./metric-chart.tsx";
import type { XAxis } from "./plot/traces.ts";
import { placeWords } from "./readings.ts";
import { ChartGroup, toggled, useChartGroup, useChartsView } from "./view.tsx";
import { type ChartsView, sizeOf, type Zoom } from "./view-address.ts";

type MetricChartsProps = Omit<ChartSource, "expression"> & {
  primaryMetric: string | null;
  /** Where the controls stay: at the head of a column that scrolls, or of the page. */
  layout: "column" | "grid";
  /** Says below the controls whose curves these are. */
  note: ReactNode;
  /** Of runs that are held against one of them: by what they may be grouped. */
  comparison?: ChartComparison;
};

export function MetricCharts({
  project,
  series,
  primaryMetric,
  layout,
  note,
  comparison,
  ...given
}: MetricChartsProps) {
  const [view, setView] = useChartsView(useSearchParams());
  const { runs, groups, facets, legends, baseline } = useArrangement(given, view, comparison);
  const metrics = useMemo(() => cardsOf(series, primaryMetric), [series, primaryMetric]);
  const sections = useSections(metrics, { view, series, facets });
  const isFinding = view.find.trim() !== "";
  const inset = layout === "column" ? "px-4" : "px-4 md:px-6";
  return (
    <ChartGroup view={view} onView={setView} baseline={baseline}>
      <FullScreens project={project} runs={runs} groups={groups} cards={sections.flatMap((section) => section.cards)}>
        <div className={`sticky z-20 flex bg-bg py-2 ${inset} ${layout === "column" ? "top-0" : "top-12 md:top-0"}`}>
          <ChartControls view={view} onView={setView} metrics={metrics.map(({ metric }) => metric)} />
        </div>
        {(comparison || view.expressions.length > 0) && (
          <div className={`flex flex-wrap items-start gap-x-4 gap-y-2 pb-2 ${inset}`}>
            {comparison && (
              <GroupingBar
                grouping={view.grouping}
                onGrouping={(grouping) => setView({ ...view, grouping })}
                dimensions={comparison.dimensions}
              />
            )}
            <ExpressionBar
              texts={view.expressions}
              onTexts={(expressions) => setView({ ...view, expressions })}
              known={series}
            />
          </div>
        )}
        <div className={`pb-1 text-xs text-muted ${inset}`}>
          {note}
          {comparison && (
            <CurveLegends
              owners={groups ?? runs.map((run) => ({ ...run, key: run.id }))}
              baseline={baseline}
              legends={legends}
              splits={series.map(({ split }) => split)}
            />
          )}
          {view.zoom && <ZoomNote x={view.x} zoom={view.zoom} onOut={() => setView({ ...view, zoom: null })} />}
        </div>
        {sections.map((section) => (
          <Section
            key={section.key}
            section={section}
            inset={inset}
            // what a reader looks for isn't kept from them
            isOpen={isFinding || !view.shut.includes(section.key)}
            onToggle={() => setView({ ...view, shut: toggled(view.shut, section.key) })}
          >
            <div
              style={{ "--chart": `${sizeOf(view).width}px` } as CSSProperties}
              className={`-mr-px grid ${sections.length > 1 ? manyColumns : fewColumns}`}
            >
              {section.cards.map((card) => (
                <MetricChart key={card.key} project={project} runs={runs} groups={groups} card={card} />
              ))}
            </div>
          </Section>
        ))}
        {sections.length === 0 && (
          <div className={`flex items-center gap-3 py-6 text-sm text-muted ${inset}`}>
            {isFinding ? `No metric has “${view.find.trim()}” in its name.` : "No metric yet."}
            {isFinding && <Button onClick={() => setView({ ...view, find: "" })}>Show all</Button>}
          </div>
        )}
        {comparison && <SharedTable />}
      </FullScreens>
    </ChartGroup>
  );
}

type CardsOf = { view: ChartsView; series: readonly CardSeries[]; facets: Facet[] | null };

/** Cards of the metrics and of expressions, as the view divides and finds them. */
function useSections(metrics: ChartCard[], { view, series, facets }: CardsOf): ChartSection[] {
  const { find, pinned, grouping } = view;
  const isBySplit = grouping.chartBy === BY_SPLIT;
  const expressions = useExpressions(view.expressions, series);
  const cards = useMemo(() => {
    const all = [...expressions.map((one) => expressionCard(one, series)), ...metrics];
    return facets ? cardsByFacet(all, facets) : isBySplit ? cardsBySplit(all) : all;
  }, [expressions, metrics, series, facets, isBySplit]);
  return useMemo(() => sectionsOf(cardsNamed(cards, find), pinned), [cards, find, pinned]);
}

/** The table of all charts, of whose group it is a part. */
function SharedTable() {
  const { reads, view, onView, cursor } = useChartGroup();
  const close = () => onView({ ...view, values: [], at: null });
  return reads && view.values.length > 0 && <SharedValues reads={reads} x={view.x} cursor={cursor} onClose={close} />;
}

/** Charts of all sections are equally wide; those of the only one fill the row. */
const manyColumns = "grid-cols-[repeat(auto-fill,minmax(min(100%,var(--chart)),1fr))]";
const fewColumns = "grid-cols-[repeat(auto-fit,minmax(min(100%,var(--chart)),1fr))]";

type ZoomNoteProps = { x: XAxis; zoom: Zoom; onOut: () => void };

/** Says that the charts show a part, which a shared address may ask for. */
const ZoomNote = ({ x, zoom: [from, to], onOut }: ZoomNoteProps) => (
  <span>
    {" · "}
    {placeWords(x, from)} … {placeWords(x, to)}{" "}
    <button
      type="button"
      onClick={onOut}
      title="A double click on a chart does the same"
      className="text-accent underline"
    >
      Zoom out
    </button>
  </span>
);

type SectionProps = {
  section: ChartSection;
  inset: string;
  isOpen: boolean;
  onToggle: () => void;
  children: ReactNode;
};

function Section({ section: { title, cards }, inset, isOpen, onToggle, children }: SectionProps) {
  return (
    <>
      <h2 className="border-y border-line not-first:-mt-px">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={onToggle}
          className={`flex h-8 w-full items-center gap-1.5 text-left text-xs hover:bg-hover ${inset}`}
        >
          <ChevronRight
            aria-hidden
            className={`size-3.5 shrink-0 text-muted transition-transform ${isOpen ? "rotate-90" : ""}`}
          />
          <span className="min-w-0 truncate font-medium">{title}</span>
          <span className="text-muted">{numberWords(cards.length)}</span>
        </button>
      </h2>
      {isOpen && <div className="overflow-hidden">{children}</div>}
    </>
  );
}
