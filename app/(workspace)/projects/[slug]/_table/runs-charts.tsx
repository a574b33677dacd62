"use client";
/** Beside the table: a chart for each metric, with the curves of the runs in sight in it. */
import { memo, useMemo } from "react";
import { StrokeNote } from "@/app/_ui/charts/grouping/stroke-note.tsx";
import { MetricCharts } from "@/app/_ui/charts/metric-charts.tsx";
import type { PlotGroup } from "@/app/_ui/charts/plot/group-traces.ts";
import type { RunsColumns } from "@/lib/table/known-columns.ts";
import type { DrawnItem } from "./state/use-sight.ts";

export type RunsChartsProps = {
  project: { id: string; slug: string };
  drawn: DrawnItem[];
  known: RunsColumns;
  primaryMetric: string | null;
  /** Whether means over groups are drawn. */
  isGrouped: boolean;
  /** Says whose curves these are. */
  note: string;
};

/** Rendered anew for what it draws, and not for what happens in the table. */
export const RunsCharts = memo(function RunsCharts(props: RunsChartsProps) {
  const { project, drawn, known, primaryMetric, isGrouped, note } = props;
  const runs = useMemo(() => drawn.flatMap(({ look, runs }) => runs.map((run) => ({ ...run, look }))), [drawn]);
  const groups = useMemo(() => (isGrouped ? drawn.map(toGroup) : null), [drawn, isGrouped]);
  const rounds = Math.max(0, ...drawn.map(({ look }) => look.round));
  return (
    <MetricCharts
      project={project}
      runs={runs}
      groups={groups}
      series={known.metrics}
      primaryMetric={primaryMetric}
      note={
        <>
          {note}
          <StrokeNote splits={known.metrics.map(({ split }) => split)} rounds={rounds} />
        </>
      }
      layout="column"
    />
  );
});

const toGroup = ({ key, name, look, count, runs }: DrawnItem): PlotGroup => ({
  key,
  name,
  look,
  count,
  members: new Map(runs.map(({ id, unit }) => [id, unit])),
});
