"use client";
/** The head of the runs table: it sorts, and its columns are moved and made wider there. */
import type { CSSProperties, PointerEvent, ReactNode } from "react";
import { DirectionArrow } from "@/app/_ui/domain/primary-metric.tsx";
import { shownName } from "@/lib/table/language/column-name.ts";
import type { RunRow } from "@/lib/table/rows.ts";
import type { TableColumn } from "../state/runs-columns.ts";
import { type RunsView, WIDTH_MIN } from "../state/runs-view.ts";
import type { TableSelection } from "../state/use-selection.ts";
import { beginsGroup, cellStyle, groupsOf, isTime, moved, NAME_CELL } from "./column-layout.ts";
import { NameWidthHandle } from "./name-width-handle.tsx";
import { orderOf, type Sorting, SortLink } from "./sort-link.tsx";

type RunsHeadProps = {
  slug: string;
  view: RunsView;
  columns: TableColumn[];
  rows: RunRow[];
  show: (change: Partial<RunsView>) => void;
  selection: TableSelection;
};

const nameColumn = { name: "name", label: "Name", bestIsLow: true };
const statusColumn = { name: "status", label: "Status", bestIsLow: true };

export function RunsHead({ slug, view, columns, rows, show, selection }: RunsHeadProps) {
  const sorting: Sorting = { slug, view, show, hasSecond: false, usual: "-created" };
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
        <ColumnHead sorting={sorting} column={nameColumn} className={`group/head left-10 ${NAME_CELL}`}>
          <NameWidthHandle width={view.nameWidth} onWidth={(nameWidth) => show({ nameWidth })} />
        </ColumnHead>
        <ColumnHead sorting={sorting} column={statusColumn} />
        {columns.map((column, index) => (
          <ColumnHead
            key={column.name}
            sorting={sorting}
            column={column}
            style={cellStyle(columns, index)}
            onDropped={(name) => onColumns(moved(columns, name, column.name))}
            className={`group/head relative ${column.numeric || isTime(column.name) ? "number" : ""} ${beginsGroup(columns, index) ? "border-l" : ""}
              ${column.pinned ? "sticky z-10 bg-bg" : ""}`}
          >
            <WidthHandle
              onWidth={(width) => onColumns(columns.map((one) => (one === column ? { ...one, width } : one)))}
            />
          </ColumnHead>
        ))}
      </tr>
    </thead>
  );
}

/** What columns beside each other have in common, over their labels. */
const GroupHeads = ({ columns }: { columns: TableColumn[] }) => (
  <tr className="[&>*]:h-6 [&>*]:border-b-0">
    <td colSpan={2} className="sticky left-0 z-10 bg-bg" />
    <td />
    {groupsOf(columns).map(({ group, span, key, direction }) => (
      <th
        key={key}
        colSpan={span}
        scope="colgroup"
        className="max-w-60 border-l border-line pl-3 font-normal"
        title={group}
      >
        <span className="flex items-center gap-1">
          <span className="truncate">{group}</span>
          {direction && <DirectionArrow direction={direction} />}
        </span>
      </th>
    ))}
  </tr>
);

type ColumnHeadProps = {
  sorting: Sorting;
  column: Pick<TableColumn, "name" | "label" | "bestIsLow">;
  className?: string;
  style?: CSSProperties | undefined;
  /** Another column was dropped on this one. */
  onDropped?: (name: string) => void;
  /** What makes it wider. */
  children?: ReactNode;
};

const DRAG_TYPE = "text/x-holdout-column";

function ColumnHead({ sorting, column, className = "", style, onDropped, children }: ColumnHeadProps) {
  const { name } = column;
  return (
    <th
      aria-sort={orderOf(sorting, name)?.direction}
      className={className}
      style={style}
      scope="col"
      title={shownName(name)}
      draggable={onDropped !== undefined}
      onDragStart={(event) => event.dataTransfer.setData(DRAG_TYPE, name)}
      onDragOver={(event) => onDropped && event.preventDefault()}
      onDrop={(event) => onDropped?.(event.dataTransfer.getData(DRAG_TYPE))}
    >
      <SortLink sorting={sorting} column={column} />
      {children}
    </th>
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
