/** What a chart shows, in words: for screen readers, and for whoever reads no canvas. */
import { memo } from "react";
import { numberWords, valueWords } from "@/lib/words/numbers.ts";
import type { BestPoint } from "./cards.ts";

export type ChartSummaryRow = {
  key: string;
  /** Says which series it is. */
  words: string;
  count: number;
  last: number | string | null;
  /** Null where no direction is declared, and where nothing is finite. */
  best: BestPoint | null;
};

type ChartSummaryProps = { title: string; rows: ChartSummaryRow[] };

export const ChartSummary = memo(function ChartSummary({ title, rows }: ChartSummaryProps) {
  return (
    // a table is as wide as its words, clipped or not: the box around it is what has no size
    <div className="sr-only">
      <table data-testid="chart-summary">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th>Series</th>
            <th>Points</th>
            <th>Best value</th>
            <th>Last value</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, words, count, last, best }) => (
            <tr key={key} data-series={key} data-points={count} data-last={last === null ? "" : String(last)}>
              <td>{words}</td>
              <td>{count}</td>
              <td>{best === null ? "none" : `${valueWords(best.value)} at step ${numberWords(best.step)}`}</td>
              <td>{last === null ? "none" : valueWords(Number(last))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});
