"use client";
/** Each parameter against the objective, drawn once it comes near. */
import { useMemo } from "react";
import { Figure } from "@/app/_ui/figures/figure.tsx";
import { Plot } from "@/app/_ui/figures/plot.tsx";
import type { Axis } from "@/lib/studies/panels/search/axes.ts";
import type { TrialColumns } from "@/lib/studies/panels/trials.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { useNear } from "../frame/near.ts";
import { useTrialsData } from "../frame/trials-data.tsx";
import { axisPlotOf, type Objective } from "./axis-plot.ts";

type AxisFiguresProps = Objective & { axes: Axis[] };

export function AxisFigures({ axes, ...objective }: AxisFiguresProps) {
  const { columns } = useTrialsData();
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,300px),1fr))] gap-x-6 gap-y-4">
      {axes.map((axis) => (
        <AxisFigure key={axis.name} axis={axis} columns={columns} {...objective} />
      ))}
    </div>
  );
}

const HEIGHT = 220;

function AxisFigure({ axis, columns, metric, direction, within }: Objective & { axis: Axis; columns: TrialColumns }) {
  const [ref, isNear] = useNear<HTMLDivElement>();
  const plot = useMemo(
    () => isNear && axisPlotOf(axis, columns, { metric, direction, within }),
    [isNear, axis, columns, metric, direction, within],
  );
  const lost = axis.buckets.filter(({ lost }) => lost > 0);
  return (
    <div ref={ref} data-axis={axis.name} className="grid min-w-0 content-start gap-1">
      {plot ? (
        <Figure
          id={`figure-axis-${axis.at}`}
          title={`${axis.name}, ${axis.role}`}
          summary={`${countWords(plot.points, "trial")}; the best at ${axis.best ?? "no value"}${axis.edge ? `, at the ${axis.edge} end of the range` : ""}.`}
          table={plot.table}
        >
          <Plot height={HEIGHT} x={plot.x} y={plot.y} marks={plot.marks} />
        </Figure>
      ) : (
        <div style={{ aspectRatio: `400 / ${HEIGHT + 36}` }} className="max-w-120" />
      )}
      {lost.length > 0 && (
        <p className="text-xs text-muted">
          Infeasible: {lost.map(({ label, lost, of }) => `${lost} of ${of} at ${label}`).join("; ")}.
        </p>
      )}
    </div>
  );
}
