"use client";
/** Beside the table: a chart for each metric, with the selected runs, or the first of the table, in it. */
import { useMemo } from "react";
import { MetricCharts } from "@/app/_ui/charts/metric-charts.tsx";
import type { RunsColumns } from "@/lib/table/known-columns.ts";
import type { RunRow } from "@/lib/table/rows.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import type { TableSelection } from "./state/use-selection.ts";

/** A reader can't tell more curves apart; who wants more selects their runs. */
const RUNS_SHOWN = 10;

/** The server isn't asked for more runs at once. */
const SELECTED_SHOWN = 100;

type RunsChartsProps = {
  project: { id: string; slug: string };
  rows: RunRow[];
  known: RunsColumns;
  primaryMetric: string | null;
  /** Where any run is selected, these are drawn in place of the first rows of the table. */
  selection: Pick<TableSelection, "rows" | "isAll">;
};

export function RunsCharts({ project, rows, known, primaryMetric, selection }: RunsChartsProps) {
  const { rows: selected, isAll } = selection;
  const runs = useMemo(() => {
    const chosen = selected.length > 0 ? selected.slice(0, SELECTED_SHOWN) : rows.slice(0, RUNS_SHOWN);
    return chosen.map(({ id, name, startedAt }) => ({ id, name, startedAt }));
  }, [rows, selected]);
  const note =
    selected.length > 0
      ? selectedWords(runs.length, isAll ? "all that match" : selected.length)
      : `the first ${runs.length} of the table`;
  return (
    <section
      aria-label="Charts"
      className="max-h-[calc(100dvh-148px)] min-w-0 overflow-y-auto border-line max-lg:border-t lg:w-(--charts) lg:shrink-0"
    >
      <MetricCharts
        project={project}
        runs={runs}
        series={known.metrics}
        primaryMetric={primaryMetric}
        note={note}
        layout="column"
      />
    </section>
  );
}

const selectedWords = (shown: number, selected: number | "all that match"): string =>
  shown === selected
    ? `${shown} selected`
    : `the first ${shown} of ${typeof selected === "number" ? numberWords(selected) : selected} selected`;
