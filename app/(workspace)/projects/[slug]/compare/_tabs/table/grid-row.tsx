/** A row of the table: its name, and a cell for each run in sight. */
import { ChevronRight, Pin } from "lucide-react";
import { memo, useMemo } from "react";
import { DirectionArrow } from "@/app/_ui/domain/primary-metric.tsx";
import type { RunLook } from "@/app/_ui/parts/run-color.ts";
import { columnFormat } from "@/lib/words/numbers.ts";
import { EvaluationCell } from "./cells/evaluation-cell.tsx";
import { type Format, MetricCell, numberAt } from "./cells/metric-cell.tsx";
import { ValueCell } from "./cells/value-cell.tsx";
import type { GridData, MetricCells, GridRow as Row } from "./grid-data.ts";
import { heightOf } from "./grid-items.ts";
import type { LineOf, Pairing } from "./reads/use-cells.ts";

/** A column that is made: the place of its run, and which of the columns in sight it is, from 1. */
export type Column = { run: number; index: number; look: RunLook };
export type RowActs = { pin: (id: string) => void; toggle: (id: string) => void };

export type GridRowProps = {
  data: GridData;
  row: Row;
  columns: Column[];
  /** Columns before and behind those that are made. */
  spacers: "none" | "before" | "after" | "both";
  /** The place of the baseline. */
  baseline: number;
  isPinned: boolean;
  /** Whether its detail is shown; null: it has none. */
  isOpen: boolean | null;
  acts: RowActs;
  cells: CellSources;
};
export type CellSources = {
  metric: MetricCells | undefined;
  lines: LineOf | undefined;
  pairing: Pairing | undefined;
};

export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { data, row, columns, spacers, baseline, isPinned } = props;
  const { metric } = props.cells;
  const format = useMemo(() => (metric ? formatOf(metric) : String), [metric]);
  return (
    <tr data-row={row.id} className="group/row" style={{ height: heightOf(row) }}>
      <RowName {...props} />
      {(spacers === "before" || spacers === "both") && <td aria-hidden />}
      {columns.map((column) => (
        <td
          key={data.runs[column.run]!.id}
          tabIndex={-1}
          data-run={data.runs[column.run]!.id}
          aria-colindex={column.index + 1}
          className={`overflow-hidden border-b border-l border-line px-1.5 py-0 text-sm whitespace-nowrap
            ${column.run === baseline ? "bg-accent-soft/50" : isPinned ? "bg-bg" : ""} ${row.kind === "value" ? "" : "text-right"}`}
        >
          <Cell {...props} column={column} format={format} />
        </td>
      ))}
      {(spacers === "after" || spacers === "both") && <td aria-hidden />}
    </tr>
  );
});

/** One format a row. */
function formatOf(cells: MetricCells): Format {
  const numbers = cells.values.flatMap((_, run) => numberAt(cells, run) ?? []);
  const format = columnFormat(numbers);
  return (value) => (Number.isFinite(value) ? format(value) : Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞");
}

function Cell({ data, row, column, baseline, cells, format }: GridRowProps & { column: Column; format: Format }) {
  const { run, look } = column;
  if (row.kind === "value") return <ValueCell data={data} row={row} run={run} baseline={baseline} />;
  if (row.kind === "evaluation")
    return <EvaluationCell slug={data.project.slug} row={row} run={run} baseline={baseline} pairing={cells.pairing} />;
  if (!cells.metric) return <span aria-hidden className="ml-auto block h-3 w-10 rounded-sm bg-hover" />;
  const { id } = data.runs[run]!;
  return (
    <MetricCell
      cells={cells.metric}
      run={run}
      baseline={baseline}
      isCurrent={cells.metric.baseline === data.runs[baseline]!.id && cells.metric.summary === data.summary}
      format={format}
      line={cells.lines?.[id]}
      color={look.color}
    />
  );
}

function RowName({ row, isPinned, isOpen, acts }: GridRowProps) {
  const indent = row.prefix !== "" && row.kind === "value" && !isPinned;
  const name = isPinned && row.kind === "value" && row.prefix !== "" ? `${row.prefix}.${row.label}` : row.label;
  return (
    <th
      scope="row"
      className={`sticky left-0 z-10 overflow-hidden border-b border-line bg-bg px-2 py-0 text-left text-sm font-normal whitespace-nowrap text-muted
        group-hover/row:bg-hover md:pr-1 md:pl-4 ${indent ? "md:pl-6" : ""}`}
    >
      <span className="flex items-center gap-1">
        {isOpen !== null && (
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={`Detail of ${row.label}`}
            onClick={() => acts.toggle(row.id)}
            className="-ml-1 shrink-0 rounded-sm text-muted hover:text-text"
          >
            <ChevronRight aria-hidden className={`size-3.5 ${isOpen ? "rotate-90" : ""}`} />
          </button>
        )}
        <span className="truncate" title={name}>
          {name}
        </span>
        {row.kind === "metric" && row.direction && row.direction !== "none" && (
          <DirectionArrow direction={row.direction} />
        )}
        {row.kind === "metric" && row.unit !== "" && <span className="text-xs">{row.unit}</span>}
        <button
          type="button"
          aria-pressed={isPinned}
          aria-label={`Pin ${name} on top`}
          onClick={() => acts.pin(row.id)}
          className={`ml-auto shrink-0 rounded-sm hover:text-text focus-visible:opacity-100 pointer-coarse:hidden
            ${isPinned ? "text-accent" : "opacity-0 group-hover/row:opacity-100"}`}
        >
          <Pin aria-hidden className="size-3.5" />
        </button>
      </span>
    </th>
  );
}
