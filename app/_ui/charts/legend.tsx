/** Which stroke is which series of a run. */

import type { PointSeries } from "@/lib/wire/points.ts";
import { valueWords } from "@/lib/words/numbers.ts";
import { type Dash, dashOf } from "./plot/traces.ts";
import type { ChartSummaryRow } from "./summary.tsx";

const dashes: Record<Dash, string | undefined> = { solid: undefined, dash: "4 3", dot: "1.5 2.5" };

/** A piece of a trace, in its colour and stroke. */
export function TraceMark({ color, dash }: { color: string; dash: Dash }) {
  return (
    <svg width="18" height="2" role="presentation" className="inline-block align-middle">
      <line x2="18" y1="1" y2="1" stroke={color} strokeWidth="2" strokeDasharray={dashes[dash]} />
    </svg>
  );
}

type LegendProps = { rows: ChartSummaryRow[]; series: Pick<PointSeries, "split">[]; color: string };

export function Legend({ rows, series, color }: LegendProps) {
  return (
    <ul className="flex h-5 gap-4 overflow-hidden text-xs whitespace-nowrap text-muted" aria-hidden>
      {rows.map(({ key, last }, index) => (
        <li key={key} className="flex items-center gap-1.5">
          <TraceMark color={color} dash={dashOf(series[index]!.split, rows.length === 1)} />
          {series[index]!.split ?? "last"}
          <span className="text-text" title={last === null ? undefined : String(last)}>
            {last === null ? "" : valueWords(Number(last))}
          </span>
        </li>
      ))}
    </ul>
  );
}
