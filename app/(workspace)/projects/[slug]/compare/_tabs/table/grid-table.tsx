"use client";
/** The table itself: it scrolls both ways, with its head, its names and what is pinned staying in sight. */
import { type CSSProperties, type RefObject, useDeferredValue, useEffect, useEffectEvent } from "react";
import { countWords } from "@/lib/words/numbers.ts";
import { cellWords } from "./cells/metric-cell.tsx";
import { RowDetail } from "./cells/row-detail.tsx";
import { GridBody } from "./grid-body.tsx";
import type { GridRow as Row } from "./grid-data.ts";
import { ColumnHead } from "./grid-head.tsx";
import { GridRow } from "./grid-row.tsx";
import { COLUMN_MAX, FIRST_WIDTH, type Grid, toggled } from "./use-grid.ts";
import { PAPER_COLUMNS } from "./use-window.ts";

type GridTableProps = { grid: Grid; scroller: RefObject<HTMLDivElement | null> };

export function GridTable({ grid, scroller }: GridTableProps) {
  const { data, address, columns, places, pinned, made, sight, sourcesOf } = grid;
  const { state, change } = address;
  useCellTitles(scroller, grid);
  // the head says at once which column it is; a thousand cells follow
  const baseline = useDeferredValue(columns.baseline.place);
  const spacers = { before: sight.columns.from > 0, after: sight.columns.to < columns.shown.length };
  const renderRow = (row: Row, isOpen: boolean, isPinned = false) => (
    <GridRow
      key={row.id}
      data={data}
      row={row}
      columns={made}
      spacers={spacers.before ? (spacers.after ? "both" : "before") : spacers.after ? "after" : "none"}
      baseline={baseline}
      isPinned={isPinned}
      isOpen={isPinned || (row.kind === "value" && !row.isLong) ? null : isOpen}
      acts={grid.rowActs}
      cells={sourcesOf(row)}
    />
  );
  return (
    <div
      ref={scroller}
      data-scroller
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it, and walks its cells
      tabIndex={0}
      className="@container-size relative h-[calc(100dvh-140px)] min-h-80 scroll-pt-(--head) scroll-pl-(--first) overflow-auto overscroll-x-contain [--head:86px] [--names:128px] md:[--names:176px]"
      style={{ "--first": `${FIRST_WIDTH}px` } as CSSProperties}
    >
      <table
        aria-label={`${countWords(columns.ids.length, "run")} side by side`}
        aria-colcount={columns.ids.length + 1}
        className="table-fixed border-separate border-spacing-0 print:w-full! print:min-w-0!"
        style={widthsOf(grid)}
      >
        <Widths grid={grid} />
        <Head grid={grid} />
        {pinned.length > 0 && (
          <tbody
            aria-label="Pinned"
            data-section="pinned"
            className="sticky top-(--head) z-15 bg-bg shadow-[0_1px_var(--line-strong)]"
          >
            {pinned.map((row) => renderRow(row, false, true))}
          </tbody>
        )}
        <GridBody
          items={grid.items}
          offsets={grid.offsets}
          range={sight.rows}
          width={made.length + 1 + Number(spacers.before) + Number(spacers.after)}
          isAll={state.all}
          onSection={(name) => change({ closed: toggled(state.closed, name) })}
          onAll={() => change({ all: !state.all })}
          renderRow={renderRow}
          renderDetail={(row) => (
            <RowDetail data={data} row={row} shown={places} baseline={baseline} cells={sourcesOf(row).metric} />
          )}
        />
      </table>
      {columns.shown.length > PAPER_COLUMNS && (
        <p className="hidden py-2 text-sm text-muted print:block">
          The first {PAPER_COLUMNS} of {countWords(columns.shown.length, "run")}: a page has room for no more. The
          Markdown and the CSV of this comparison have all.
        </p>
      )}
    </div>
  );
}

/** `--column` is what cells hold their room against; where all columns have the least width, they have none to spare. */
function widthsOf({ columns, columnWidth, isFluid }: Grid): CSSProperties {
  const { length } = columns.shown;
  const least = `${FIRST_WIDTH + length * columnWidth}px`;
  if (!isFluid) return { width: least, minWidth: least };
  const most = `min(100%, ${FIRST_WIDTH + length * COLUMN_MAX}px)`;
  const column = `min((100cqw - var(--names)) / ${length}, ${COLUMN_MAX}px)`;
  return { width: most, minWidth: least, "--column": column } as CSSProperties;
}

/** All widths are given, so that nothing which comes into a cell moves a column. */
function Widths({ grid: { data, made, sight, columns, isFluid, columnWidth } }: { grid: Grid }) {
  const { from, to } = sight.columns;
  const { length } = columns.shown;
  return (
    <colgroup>
      <col style={{ width: "var(--names)" }} />
      {from > 0 && <col style={{ width: from * columnWidth }} />}
      {made.map(({ run }) => (
        <col key={data.runs[run]!.id} style={isFluid ? undefined : { width: columnWidth }} />
      ))}
      {to < length && <col style={{ width: (length - to) * columnWidth }} />}
    </colgroup>
  );
}

function Head({ grid: { data, made, sight, columns } }: { grid: Grid }) {
  return (
    <thead className="sticky top-0 z-20 bg-bg">
      <tr>
        <th
          scope="col"
          className="sticky left-0 z-10 h-(--head) border-b border-line bg-bg px-2 pb-2 text-left align-bottom text-xs font-medium text-muted md:px-4"
        >
          {countWords(columns.ids.length, "run")}
          {!columns.ids.includes(columns.baseline.id) && (
            <span className="block truncate font-normal text-accent">
              against {data.runs[columns.baseline.place]!.name}
            </span>
          )}
        </th>
        {sight.columns.from > 0 && <td aria-hidden />}
        {made.map(({ run, index, look }) => (
          <ColumnHead
            key={data.runs[run]!.id}
            slug={data.project.slug}
            run={data.runs[run]!}
            look={look}
            isBaseline={run === columns.baseline.place}
            index={index}
            acts={columns.acts}
          />
        ))}
        {sight.columns.to < columns.shown.length && <td aria-hidden />}
      </tr>
    </thead>
  );
}

/** A cell of figures says all of itself to whoever points at it: a thousand titles would be half of the page. */
function useCellTitles(scroller: RefObject<HTMLElement | null>, { data, sourcesOf }: Grid): void {
  const title = useEffectEvent(({ target }: Event) => {
    const cell = target instanceof Element ? target.closest("td[data-run]") : null;
    const id = cell?.closest("[data-row]")?.getAttribute("data-row");
    const row = data.rows.find((one) => one.id === id);
    const cells = row?.kind === "metric" ? sourcesOf(row).metric : undefined;
    const run = data.runs.findIndex((one) => one.id === cell?.getAttribute("data-run"));
    if (cell && cells && run >= 0) cell.setAttribute("title", cellWords(cells, run).join("\n"));
  });
  useEffect(() => {
    const box = scroller.current;
    const listen = (event: Event) => title(event);
    for (const name of ["pointerover", "focusin"]) box?.addEventListener(name, listen);
    return () => {
      for (const name of ["pointerover", "focusin"]) box?.removeEventListener(name, listen);
    };
  }, [scroller]);
}
