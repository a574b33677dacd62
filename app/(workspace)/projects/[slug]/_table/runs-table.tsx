"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { type CSSProperties, type PointerEvent, useEffect, useMemo, useRef } from "react";
import { RunDot } from "@/app/_ui/domain/pending.tsx";
import { DirectionArrow } from "@/app/_ui/domain/primary-metric.tsx";
import { RunMenu } from "@/app/_ui/domain/run-menu.tsx";
import { StatusBadge } from "@/app/_ui/domain/status-badge.tsx";
import { ManifestStanding } from "@/app/_ui/domain/verdict.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
/** A run a row: only the rows in sight are there, and the next page is read before its rows are. */
import { runHref } from "@/app/paths.ts";
import { type CellValue, wholeText } from "@/lib/runs/long-text.ts";
import type { RunRow } from "@/lib/table/rows.ts";
import { durationWords, numberWords } from "@/lib/words/numbers.ts";
import type { Rows } from "./rows.ts";
import { type Column, formatOf } from "./runs-columns.ts";
import { nextSort, type RunsView, viewHref, WIDTH_MIN } from "./runs-view.ts";
import type { Selection } from "./selection.ts";

const ROW_HEIGHT = 32;
/** The next page is asked for when so few rows below the ones in sight are left. */
const ROWS_AHEAD = 20;

type RunsTableProps = {
  slug: string;
  view: RunsView;
  columns: Column[];
  rows: RunRow[];
  reading: Omit<Rows, "rows">;
  show: (change: Partial<RunsView>) => void;
  selection: Selection;
  canRename: boolean;
  canDelete: boolean;
};

/** The name stays in sight while the rest scrolls sideways, and so do columns that are pinned. */
export function RunsTable(props: RunsTableProps) {
  const { columns, rows, reading } = props;
  const { hasMore, problem, readMore, onSight } = reading;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    // of what the server makes: with the overscan, rows for a window of 1,000 px
    initialRect: { width: 1000, height: 448 },
  });
  const items = virtual.getVirtualItems();
  const firstShown = items[0]?.index ?? 0;
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && problem === null && lastShown >= rows.length - ROWS_AHEAD) readMore();
  }, [hasMore, problem, lastShown, rows.length, readMore]);
  useEffect(() => {
    onSight(rows.slice(firstShown, lastShown + 1).map(({ id }) => id));
  }, [onSight, rows, firstShown, lastShown]);
  const ordered = useMemo(() => [...columns].sort((a, b) => Number(b.pinned) - Number(a.pinned)), [columns]);
  const formats = useMemo(() => ordered.map((column) => formatOf(column, rows)), [ordered, rows]);
  const width = ordered.length + 4;
  return (
    <div
      ref={scroller}
      className="relative [--pinned:232px] md:[--pinned:280px] max-h-[calc(100dvh-96px)] min-w-0 flex-1 overflow-auto md:max-h-[calc(100dvh-148px)]"
    >
      <table className="table bleed" data-testid="runs" aria-rowcount={hasMore ? -1 : rows.length + 1}>
        <Head {...props} columns={ordered} />
        <tbody>
          <Space rows={firstShown} width={width} />
          {items.map(({ index }) => (
            <Row
              key={rows[index]!.id}
              {...props}
              columns={ordered}
              formats={formats}
              row={rows[index]!}
              index={index}
            />
          ))}
          <Space rows={rows.length - 1 - lastShown} width={width} />
        </tbody>
      </table>
      {problem !== null && (
        <p role="alert" className="sticky left-0 flex items-center gap-3 px-4 py-2 text-sm text-danger md:px-6">
          The runs after these couldn't be read: {problem}
          <Button onClick={readMore}>Try again</Button>
        </p>
      )}
    </div>
  );
}

/** In place of rows that aren't there. */
function Space({ rows, width }: { rows: number; width: number }) {
  if (rows <= 0) return null;
  return (
    <tr aria-hidden style={{ height: rows * ROW_HEIGHT }}>
      <td colSpan={width} className="border-0 p-0" />
    </tr>
  );
}

type RowProps = RunsTableProps & { row: RunRow; index: number; formats: ReturnType<typeof formatOf>[] };

function Row({ slug, row, index, columns, formats, selection, canRename, canDelete }: RowProps) {
  const isSelected = selection.has(row.id);
  return (
    <tr
      className={`group h-8 ${row.isArchived ? "opacity-60" : ""}`}
      data-run={row.id}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
    >
      <td className="sticky left-0 z-10 w-10 min-w-10 bg-bg pr-0 group-hover:bg-hover">
        <input
          type="checkbox"
          className="block"
          checked={isSelected}
          aria-label={`Select ${row.name}`}
          onChange={(event) => selection.toggle(row, (event.nativeEvent as MouseEvent).shiftKey)}
        />
      </td>
      <td className="sticky left-10 z-10 w-48 max-w-48 min-w-48 bg-bg group-hover:bg-hover md:w-60 md:max-w-60 md:min-w-60">
        <div className="flex items-center gap-2">
          <Link
            href={runHref(slug, row.id)}
            prefetch={false}
            className="flex min-w-0 items-center gap-2 font-medium hover:underline"
            title={row.name}
          >
            <RunDot id={row.id} />
            <span className="truncate">{row.name}</span>
          </Link>
          {row.pointsLost > 0 && <PointsLost count={row.pointsLost} />}
          <ManifestStanding manifest={row.manifest} />
        </div>
      </td>
      <td className="[&>span]:align-middle">
        <StatusBadge status={row.status} reason={row.failureReason} />
      </td>
      {columns.map((column, at) => (
        <Cell
          key={column.name}
          column={column}
          row={row}
          format={formats[at]!}
          isFirst={beginsGroup(columns, at)}
          style={cellStyle(columns, at)}
        />
      ))}
      <td className="w-8">
        <RunMenu run={{ id: row.id, name: row.name }} canRename={canRename} canDelete={canDelete} />
      </td>
    </tr>
  );
}

type CellProps = {
  column: Column;
  row: RunRow;
  format: ReturnType<typeof formatOf>;
  isFirst: boolean;
  style: CSSProperties | undefined;
};

function Cell({ column, row, format, isFirst, style }: CellProps) {
  const value = row.values[column.name] ?? null;
  const isRun = column.kind === "run";
  return (
    <td
      title={isRun || value === null ? undefined : wholeText(value)}
      style={style}
      className={`max-w-60 truncate ${column.numeric || isTime(column.name) ? "number" : ""} ${isFirst ? "border-l" : ""}
        ${column.label === "best" ? "font-medium" : ""} ${column.pinned ? "sticky z-10 bg-bg group-hover:bg-hover" : ""}`}
    >
      {isRun ? <RunValue name={column.name} row={row} /> : format(value)}
    </td>
  );
}

const isTime = (name: string): boolean => ["created", "started", "ended", "duration"].includes(name);
/** Of a pinned column that nobody gave a width: those beside it stand where it ends. */
const PINNED_WIDTH = 112;

/** Pinned columns stand first, each where those before it end. */
function cellStyle(columns: Column[], at: number): CSSProperties | undefined {
  const { width: chosen, pinned } = columns[at]!;
  const width = chosen ?? (pinned ? PINNED_WIDTH : null);
  if (width === null) return undefined;
  const before = columns.slice(0, at).reduce((sum, column) => sum + (column.width ?? PINNED_WIDTH), 0);
  return { width, minWidth: width, maxWidth: width, ...(pinned ? { left: `calc(var(--pinned) + ${before}px)` } : {}) };
}

function RunValue({ name, row }: { name: string; row: RunRow }) {
  if (name === "created") return <Time at={row.createdAt} />;
  if (name === "started") return row.startedAt && <Time at={row.startedAt} />;
  if (name === "ended") return row.endedAt && <Time at={row.endedAt} />;
  if (name === "duration") return row.durationMs === null ? null : durationWords(row.durationMs);
  if (name === "tags") return <Tags tags={row.tags} />;
  if (name === "seed") return row.seed;
  if (name === "replicates") return <Digest text={row.values.replicates} />;
  if (name === "manifest")
    return row.manifest ? <Digest text={row.manifest.id} /> : <span className="text-warning">uncited</span>;
  return null;
}

function Digest({ text }: { text: CellValue | undefined }) {
  if (typeof text !== "string") return null;
  return (
    <span className="font-mono text-xs" title={text}>
      {text.slice(0, 10)}
    </span>
  );
}

function Tags({ tags }: { tags: string[] }) {
  return (
    <span className="flex gap-1" title={tags.join(", ")}>
      {tags.map((tag) => (
        <span key={tag} className="rounded-sm bg-accent-soft px-1.5 text-xs text-accent">
          {tag}
        </span>
      ))}
    </span>
  );
}

function PointsLost({ count }: { count: number }) {
  const words = `${numberWords(count)} ${count === 1 ? "point" : "points"} lost`;
  return (
    <span title={words} className="shrink-0 text-warning">
      <TriangleAlert aria-hidden className="size-3.5" />
      <span className="sr-only">{words}</span>
    </span>
  );
}

const beginsGroup = (columns: Column[], index: number) => columns[index]?.group !== columns[index - 1]?.group;

function groupsOf(columns: Column[]): { group: string; span: number; key: string }[] {
  const groups: { group: string; span: number; key: string }[] = [];
  for (const [index, { group, name }] of columns.entries())
    if (beginsGroup(columns, index)) groups.push({ group, span: 1, key: name });
    else groups.at(-1)!.span++;
  return groups;
}

function Head({ slug, view, columns, rows, show, selection }: RunsTableProps) {
  const head = { slug, view, onSort: (sort: string) => show({ sort }) };
  const onColumns = (next: Column[]) =>
    show({ columns: next.map(({ name, width, pinned }) => ({ name, width, pinned })) });
  return (
    <thead className="sticky top-0 z-20 bg-bg">
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
        <SortHead {...head} column="name" label="Name" bestIsLow className="sticky left-10 z-10 bg-bg" />
        <SortHead {...head} column="status" label="Status" bestIsLow />
        {columns.map((column, index) => (
          <SortHead
            key={column.name}
            {...head}
            column={column.name}
            label={column.label}
            bestIsLow={column.bestIsLow}
            direction={column.direction}
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

/** The columns with one put before another. */
export function moved<T extends { name: string }>(columns: T[], name: string, before: string): T[] {
  const column = columns.find((one) => one.name === name);
  if (!column || name === before) return columns;
  return columns.flatMap((one) => (one.name === name ? [] : one.name === before ? [column, one] : [one]));
}

type SortHeadProps = {
  slug: string;
  view: RunsView;
  onSort: (sort: string) => void;
  column: string;
  label: string;
  bestIsLow: boolean;
  direction?: Column["direction"];
  className?: string;
  style?: CSSProperties | undefined;
  onWidth?: (width: number) => void;
  onDropped?: (name: string) => void;
};

const unsorted = ["tags", "notes", "replicates"];

function SortHead({
  slug,
  view,
  onSort,
  column,
  label,
  bestIsLow,
  direction = null,
  className = "",
  style,
  onWidth,
  onDropped,
}: SortHeadProps) {
  const shown = view.sort || "-created";
  const sort = nextSort(view.sort, column, bestIsLow);
  const order = shown === column ? "ascending" : shown === `-${column}` ? "descending" : undefined;
  const Icon = order === "ascending" ? ArrowUp : ArrowDown;
  const words = (
    <>
      <span className="truncate">{label}</span>
      {(direction === "min" || direction === "max") && <DirectionArrow direction={direction} />}
      {order && <Icon aria-hidden className="size-3 shrink-0 text-accent" strokeWidth={3} />}
    </>
  );
  return (
    <th
      aria-sort={order}
      className={className}
      style={style}
      scope="col"
      title={column}
      draggable={onDropped !== undefined}
      onDragStart={(event) => event.dataTransfer.setData("text/x-holdout-column", column)}
      onDragOver={(event) => onDropped && event.preventDefault()}
      onDrop={(event) => onDropped?.(event.dataTransfer.getData("text/x-holdout-column"))}
    >
      {unsorted.includes(column) ? (
        <span className="inline-flex items-center gap-1">{words}</span>
      ) : (
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
      )}
      {onWidth && <WidthHandle onWidth={onWidth} />}
    </th>
  );
}

/** Taken hold of, it makes its column wider or narrower; the address changes when it is let go. */
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
