/** What a chart shows, in words: for screen readers, and for whoever reads no canvas. */
import { fromWireFloat, type WireFloat } from "@/lib/wire.ts";
import { formatValue } from "./chart-traces.ts";

export type ChartSummaryRow = { key: string; count: number; last: WireFloat | null };

type ChartSummaryProps = { title: string; rows: ChartSummaryRow[] };

export function ChartSummary({ title, rows }: ChartSummaryProps) {
  return (
    <table data-testid="chart-summary" className="sr-only">
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
          <tr key={key} data-series={key} data-points={count} data-last={last ?? ""}>
            <td>{key}</td>
            <td>{count}</td>
            <td>{last === null ? "none" : formatValue(fromWireFloat(last))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
