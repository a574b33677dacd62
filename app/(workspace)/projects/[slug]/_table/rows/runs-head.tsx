"use client";
/** The head of the runs table: it sorts, and its columns are moved and made wider there. */
import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import type { CSSProperties, PointerEvent } from "react";
import { DirectionArrow } from "@/app/_ui/domain/primary-metric.tsx";
import type { RunRow } from "@/lib/table/rows.ts";
import type { TableColumn } from "../state/runs-columns.ts";
import { nextSort, type RunsView, viewHref, WIDTH_MIN } from "../state/runs-view.ts";
import type { TableSelection } from "../state/use-selection.ts";
import { beginsGroup, cellStyle, groupsOf, isTime, moved } from "./column-layout.ts";

type RunsHeadProps = {
  slug: string;
  view: RunsView;
  columns: TableColumn[];
  rows: RunRow[];
  show: (change: Partial<RunsView>) => void;
  selection: TableSelection;
};

const nameColumn = { name: "name", label: "Name", bestIsLow: true, direction: null };
const statusColumn = { name: "status", label: "Status", bestIsLow: true, direction: null };

export function RunsHead({ slug, view, columns, rows, show, selection }: RunsHeadProps) {
  const sorting = { slug, view, onSort: (sort: string) => show({ sort }) };
  const onColumns = (next: TableColumn[]) =>
    show({ columns: next.map(({ name, width, pinned }) => ({ name, width, pinned })) });
  return (
    <thead className="sticky top-0 z-20 bg-bg">
      <GroupHeads columns={columns} />
      <tr>
        <th className="sticky left-0 z-10 w-10 min-w-10 bg-bg pr-0">
          <input
            type="checkbox"
            className="block"
            aria-label="Select the runs that are loaded"
            checked={rows.every(({ id }) => selection.has(id))}
            onChange={(event) => selection.set(event.target.checked ? rows : [])}
          />
        </th>
        <ColumnHead sorting={sorting} column={nameColumn} className="sticky left-10 z-10 bg-bg" />
        <ColumnHead sorting={sorting} column={statusColumn} />
        {columns.map((column, index) => (
          <ColumnHead
            key={column.name}
            sorting={sorting}
            column={column}
            style={cellStyle(columns, index)}
            onWidth={(width) => onColumns(columns.map((one) => (one === column ? { ...one, width } : one)))}
            onDropped={(name) => onColumns(moved(columns, name, column.name))}
            className={`group/head relative ${column.numeric || isTime(column.name) ? "number" : ""} ${beginsGroup(columns, index) ? "border-l" : ""}
              ${column.pinned ? "sticky z-10 bg-bg" : ""}`}
          />
        ))}
        <th>
          <span className="sr-only">Actions</span>
        </th>
      </tr>
    </thead>
  );
}

/** What columns beside each other have in common, over their labels. */
const GroupHeads = ({ columns }: { columns: TableColumn[] }) => (
  <tr className="[&>*]:h-6 [&>*]:border-b-0">
    <td colSpan={2} className="sticky left-0 z-10 bg-bg" />
    <td />
    {groupsOf(columns).map(({ group, span, key }) => (
      <th
        key={key}
        colSpan={span}
        scope="colgroup"
        className="max-w-60 truncate border-l border-line pl-3 font-normal"
        title={group}
      >
        {group}
      </th>
    ))}
    <td className="border-l border-line" />
  </tr>
);

type ColumnHeadProps = {
  sorting: { slug: string; view: RunsView; onSort: (sort: string) => void };
  column: Pick<TableColumn, "name" | "label" | "bestIsLow" | "direction">;
  className?: string;
  style?: CSSProperties | undefined;
  onWidth?: (width: number) => void;
  /** Another column was dropped on this one. */
  onDropped?: (name: string) => void;
};

const DRAG_TYPE = "text/x-holdout-column";

function ColumnHead({ sorting, column, className = "", style, onWidth, onDropped }: ColumnHeadProps) {
  const { name } = column;
  const order = orderOf(sorting.view, name);
  return (
    <th
      aria-sort={order}
      className={className}
      style={style}
      scope="col"
      title={name}
      draggable={onDropped !== undefined}
      onDragStart={(event) => event.dataTransfer.setData(DRAG_TYPE, name)}
      onDragOver={(event) => onDropped && event.preventDefault()}
      onDrop={(event) => onDropped?.(event.dataTransfer.getData(DRAG_TYPE))}
    >
      <SortLink sorting={sorting} column={column} order={order} />
      {onWidth && <WidthHandle onWidth={onWidth} />}
    </th>
  );
}

type SortOrder = "ascending" | "descending" | undefined;

function orderOf(view: RunsView, name: string): SortOrder {
  const shown = view.sort || "-created";
  return shown === name ? "ascending" : shown === `-${name}` ? "descending" : undefined;
}

/** Columns that no order goes by. */
const unsorted = ["tags", "notes", "replicates"];

function SortLink({ sorting, column, order }: Pick<ColumnHeadProps, "sorting" | "column"> & { order: SortOrder }) {
  const { slug, view, onSort } = sorting;
  const { name, label, bestIsLow, direction } = column;
  const sort = nextSort(view.sort, name, bestIsLow);
  const Icon = order === "ascending" ? ArrowUp : ArrowDown;
  const words = (
    <>
      <span className="truncate">{label}</span>
      {(direction === "min" || direction === "max") && <DirectionArrow direction={direction} />}
      {order && <Icon aria-hidden className="size-3 shrink-0 text-accent" strokeWidth={3} />}
    </>
  );
  if (unsorted.includes(name)) return <span className="inline-flex items-center gap-1">{words}</span>;
  return (
    <Link
      href={viewHref(slug, { ...view, sort })}
      prefetch={false}
      onNavigate={(event) => {
        event.preventDefault();
        onSort(sort);
      }}
      className={`inline-flex max-w-full items-center gap-1 hover:text-text ${order ? "text-text" : ""}`}
      scroll={false}
    >
      {words}
    </Link>
  );
}

/** Makes its column wider or narrower while it is dragged; the address changes once it is let go. */
function WidthHandle({ onWidth }: { onWidth: (width: number) => void }) {
  const start = (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    const head = event.currentTarget.parentElement!;
    const [from, width] = [event.clientX, head.offsetWidth];
    const widthAt = (x: number) => Math.max(WIDTH_MIN, Math.round(width + x - from));
    const move = (moved: globalThis.PointerEvent) => {
      head.style.width = head.style.minWidth = head.style.maxWidth = `${widthAt(moved.clientX)}px`;
    };
    const end = (ended: globalThis.PointerEvent) => {
      document.removeEventListener("pointermove", move);
      onWidth(widthAt(ended.clientX));
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end, { once: true });
  };
  return (
    <span
      aria-hidden
      onPointerDown={start}
      className="absolute top-0 right-0 h-full w-1.5 cursor-col-resize group-hover/head:bg-line-strong"
    />
  );
}
