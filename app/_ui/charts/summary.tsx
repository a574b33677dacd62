import { valueWords } from "@/lib/words/numbers.ts";
/** What a chart shows, in words: for screen readers, and for whoever reads no canvas. */

export type ChartSummaryRow = { key: string; count: number; last: number | string | null };

type ChartSummaryProps = { title: string; rows: ChartSummaryRow[] };

export function ChartSummary({ title, rows }: ChartSummaryProps) {
  return (
    // a table is as wide as its words, clipped or not: the box around it is what has no size
    <div className="sr-only">
      <table data-testid="chart-summary">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th>Series</th>
            <th>Points</th>
            <th>Last value</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, count, last }) => (
            <tr key={key} data-series={key} data-points={count} data-last={last === null ? "" : String(last)}>
              <td>{key}</td>
              <td>{count}</td>
              <td>{last === null ? "none" : valueWords(Number(last))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
