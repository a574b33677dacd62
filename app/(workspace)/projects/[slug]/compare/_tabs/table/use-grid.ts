/** All that the table shows: what the server knows, as the address and the window want it. */
import { type RefObject, useCallback, useMemo, useRef, useState } from "react";
import type { EvaluatedRow, GridData, GridRow, MetricCells } from "./grid-data.ts";
import { differingIn, type GridItem, itemsOf, offsetsOf, toldIn } from "./grid-items.ts";
import type { CellSources, Column, RowActs } from "./grid-row.tsx";
import { type LineOf, type Pairing, useMetricCells, usePairings, useSparklines } from "./reads/use-cells.ts";
import { PINNED_MAX } from "./table-address.ts";
import { type Columns, useColumns } from "./use-columns.ts";
import { type GridAddress, useGridAddress } from "./use-grid-address.ts";
import { useLaterText } from "./use-later-text.ts";
import { useTelling } from "./use-telling.ts";
import { type Sight, useWindow } from "./use-window.ts";

/** Twelve columns of the least width and the names fill a window of 1440 px beside the menu. */
const COLUMN_MIN = 86;
export const FIRST_WIDTH = 176;
/** More columns than these have one width, whatever there is room for. */
const COLUMNS_FLUID = 24;
const COLUMN_OF_MANY = 104;
/** Few columns stand together rather than at the ends of a wide window. */
export const COLUMN_MAX = 300;

export type Grid = {
  data: GridData;
  address: GridAddress;
  columns: Columns;
  /** Places of the runs in sight. */
  places: number[];
  items: GridItem[];
  offsets: number[];
  pinned: GridRow[];
  sight: Sight;
  /** Columns that are made. */
  made: Column[];
  isFluid: boolean;
  columnWidth: number;
  find: string;
  setFind: (find: string) => void;
  rowActs: RowActs;
  sourcesOf: (row: GridRow) => CellSources;
  /** Runs that a row tells from the baseline; null: nobody knows yet. */
  differing: (row: GridRow) => string[] | null;
};

export function useGrid(data: GridData, scroller: RefObject<HTMLElement | null>): Grid {
  const address = useGridAddress();
  const { state, change } = address;
  const columns = useColumns(data, address);
  const { shown } = columns;
  const [find, setFind] = useLaterText(
    state.find,
    useCallback((find) => change({ find }), [change]),
  );
  const rows = useRows(data, columns, address, find);
  const isFluid = shown.length <= COLUMNS_FLUID;
  const columnWidth = isFluid ? COLUMN_MIN : COLUMN_OF_MANY;
  const { offsets, items, pinned } = rows;
  const sight = useWindow(scroller, { offsets, columns: shown.length, columnWidth, firstWidth: FIRST_WIDTH });
  const { from, to } = sight.columns;
  const made = useMemo(() => shown.slice(from, to), [shown, from, to]);
  const inSight = items.slice(sight.rows.from, sight.rows.to).flatMap((item) => (item.kind === "row" ? item.row : []));
  const series = [...pinned, ...inSight].flatMap((row) => (row.kind === "metric" ? row.series : []));
  const cells = useSources(data, series, made, columns.baseline.id);
  const differing = (row: GridRow): string[] | null => {
    const idsOf = (places: number[]) => places.map((place) => data.runs[place]!.id);
    // what a run is called, or when it was made, differs always
    if (row.section === "identity") return [];
    if (row.kind === "value") return idsOf(differingIn(row, rows.places, columns.baseline.place));
    const { metric, pairing } = cells(row);
    if (row.kind === "metric") return metric ? idsOf(toldIn(metric, rows.places)) : null;
    if (!pairing || "problem" in pairing) return [];
    return columns.ids.filter(
      (id) => !row.barred.includes(id) && ["better", "worse"].includes(pairing.byRun[id]?.decision ?? ""),
    );
  };
  return {
    data,
    address,
    columns,
    ...rows,
    sight,
    made,
    isFluid,
    columnWidth,
    find,
    setFind,
    sourcesOf: cells,
    differing,
  };
}

type Rows = Pick<Grid, "places" | "items" | "offsets" | "pinned" | "rowActs">;

function useRows(data: GridData, { shown }: Columns, { state, change }: GridAddress, find: string): Rows {
  const [opened, setOpened] = useState<string[]>([]);
  const places = useMemo(() => shown.map(({ run }) => run), [shown]);
  const { pinned: pins, closed, all } = state;
  const telling = useTelling(data, places);
  const items = useMemo(
    () => itemsOf({ rows: data.rows, shown: places, telling, pinned: pins, closed, opened, find, all }),
    [data.rows, places, telling, pins, closed, opened, find, all],
  );
  const offsets = useMemo(() => offsetsOf(items), [items]);
  const pinned = useMemo(() => pins.flatMap((id) => data.rows.find((row) => row.id === id) ?? []), [pins, data.rows]);
  const rowActs = useMemo(
    () => ({
      pin: (id: string) => change({ pinned: toggled(pins, id).slice(-PINNED_MAX) }),
      toggle: (id: string) => setOpened((now) => toggled(now, id)),
    }),
    [change, pins],
  );
  return { places, items, offsets, pinned, rowActs };
}

export const toggled = (list: readonly string[], one: string): string[] =>
  list.includes(one) ? list.filter((other) => other !== one) : [...list, one];

/** What the cells of a row are made of; the same object while nothing of it changed, as a row is rendered anew for another. */
function useSources(data: GridData, series: string[], made: Column[], baseline: string): (row: GridRow) => CellSources {
  const cellsOf = useMetricCells(data, series);
  const lineOf = useSparklines(
    data,
    series,
    useMemo(() => made.map(({ run }) => data.runs[run]!.id), [made, data.runs]),
  );
  const evaluated = useMemo(
    () => data.rows.filter((row): row is EvaluatedRow => row.kind === "evaluation"),
    [data.rows],
  );
  const pairingOf = usePairings(data, evaluated, baseline);
  const kept = useRef(new Map<string, CellSources>());
  return (row) => {
    const metric: MetricCells | undefined = row.kind === "metric" ? cellsOf(row.series) : undefined;
    const pairing: Pairing | undefined = row.kind === "evaluation" ? pairingOf(row) : undefined;
    const lines: LineOf | undefined = row.kind === "metric" ? lineOf(row.series) : undefined;
    const before = kept.current.get(row.id);
    if (before && before.metric === metric && before.pairing === pairing && before.lines === lines) return before;
    const now = { metric, pairing, lines };
    kept.current.set(row.id, now);
    return now;
  };
}
