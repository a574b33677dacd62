"use client";
/** A run a row: only the rows in sight are there, and the next page is read before its rows are. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { Button } from "@/app/_ui/parts/button.tsx";
import type { RunRow } from "@/lib/table/rows.ts";
import { formatOf, type TableColumn } from "../state/runs-columns.ts";
import type { RunsView } from "../state/runs-view.ts";
import type { TableRows } from "../state/use-rows.ts";
import type { TableSelection } from "../state/use-selection.ts";
import { nameStyle } from "./name-width-handle.tsx";
import { RunTableRow } from "./run-row.tsx";
import { RunsHead } from "./runs-head.tsx";

const ROW_HEIGHT = 32;
/** The next page is asked for once fewer rows than this are left below those in sight. */
const ROWS_AHEAD = 20;

type RunsTableProps = {
  slug: string;
  view: RunsView;
  columns: TableColumn[];
  rows: RunRow[];
  /** Null: the rows are of a view that was left, and stay as they are. */
  reading: Omit<TableRows, "rows"> | null;
  show: (change: Partial<RunsView>) => void;
  selection: TableSelection;
  can: { update: boolean; remove: boolean };
  usesManifests: boolean;
};

const nothingToRead = { hasMore: false, problem: null, readMore: () => {}, onSight: () => {} };

/** The name stays in sight while the rest scrolls sideways, and so do columns that are pinned. */
export function RunsTable(props: RunsTableProps) {
  const { slug, view, columns, rows, reading, show, selection, can, usesManifests } = props;
  const { hasMore, problem, readMore, onSight } = reading ?? nothingToRead;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    // the server knows no window: with the overscan it makes rows for one of 1,000 px
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
  const width = ordered.length + 3;
  return (
    <div
      ref={scroller}
      data-scroller
      style={nameStyle(view.nameWidth)}
      className="relative [--name:min(var(--name-chosen,208px),60vw)] [--pinned:calc(40px+var(--name))] md:[--name:var(--name-chosen,304px)] max-h-[calc(100dvh-96px)] min-w-0 flex-1 overflow-auto md:max-h-[calc(100dvh-148px)]"
    >
      <table
        className="table bleed"
        data-testid={reading ? "runs" : "runs-before"}
        aria-rowcount={hasMore ? -1 : rows.length + 1}
      >
        <RunsHead slug={slug} view={view} columns={ordered} rows={rows} show={show} selection={selection} />
        <tbody>
          <HiddenRows rows={firstShown} width={width} />
          {items.map(({ index }) => (
            <RunTableRow
              key={rows[index]!.id}
              slug={slug}
              row={rows[index]!}
              index={index}
              columns={ordered}
              formats={formats}
              isSelected={selection.has(rows[index]!.id)}
              onToggle={selection.toggle}
              can={can}
              usesManifests={usesManifests}
            />
          ))}
          <HiddenRows rows={rows.length - 1 - lastShown} width={width} />
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

/** Takes the room of rows that are out of sight. */
function HiddenRows({ rows, width }: { rows: number; width: number }) {
  if (rows <= 0) return null;
  return (
    <tr aria-hidden style={{ height: rows * ROW_HEIGHT }}>
      <td colSpan={width} className="border-0 p-0" />
    </tr>
  );
}
