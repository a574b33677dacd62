/** Which stroke is which series of a run, and what it came to. */

import type { PointSeries } from "@/lib/wire/points/points.ts";
import { numberWords, valueWords } from "@/lib/words/numbers.ts";
import type { RunLook } from "../parts/run-color.ts";
import { LineMark } from "./plot/line-mark.tsx";
import { dashOf } from "./plot/traces.ts";
import type { ChartSummaryRow } from "./summary.tsx";

type LegendProps = { rows: ChartSummaryRow[]; series: Pick<PointSeries, "split">[]; look: RunLook };

/** A line a series: a metric with a direction says its best value, as the last one is often a mini-batch's. */
export function Legend({ rows, series, look }: LegendProps) {
  // what was trained on is no answer where there is another
  const isBehind = (index: number) => series[index]!.split === "train" && series.length > 1;
  return (
    <ul className="grow text-xs leading-5 whitespace-nowrap text-muted" aria-hidden>
      {rows.map(({ key, last, best }, index) => (
        <li key={key} className="flex h-5 items-center gap-1.5 overflow-hidden">
          <LineMark color={look.color} dash={dashOf(series[index]!.split, rows.length === 1, look.round)} />
          {series[index]!.split}
          {best && (
            <span title={String(best.value)}>
              best <span className={isBehind(index) ? "" : "font-medium text-text"}>{valueWords(best.value)}</span> at
              step {numberWords(best.step)}
            </span>
          )}
          {last !== null && (
            <span title={String(last)}>
              {best && "· "}last {valueWords(Number(last))}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
