/** The view of a project's runs, as its address holds it. Pure. */
import { projectHref } from "@/app/paths.ts";

export type ShownColumn = {
  /** As lib/table/columns.ts names it. */
  name: string;
  /** In pixels; null: as wide as it comes. */
  width: number | null;
  pinned: boolean;
};
export type RunsView = {
  /** A filter in the language of the table. */
  q: string;
  /** A column's name, `-` before it for descending; empty: newest first. */
  sort: string;
  /** Null: the columns in which the runs differ. */
  columns: ShownColumn[] | null;
  /** Whether archived runs are shown too. */
  archived: boolean;
  /** Columns whose values make groups; `replicates` alone: runs that differ in nothing but their seed. */
  by: string[];
  /** Whether charts stand beside the table. */
  charts: boolean;
  /** How much of the width the charts have, in per cent. */
  chartsShare: number;
};

type SearchParams = Record<string, string | string[] | undefined>;
const one = (value: string | string[] | undefined): string => (Array.isArray(value) ? (value[0] ?? "") : (value ?? ""));
const all = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

export function readView(params: SearchParams): RunsView {
  const named = new Map(all(params.c).map((text) => [readColumn(text).name, readColumn(text)]));
  const columns = [...named.values()];
  return {
    q: one(params.q),
    sort: one(params.sort),
    columns: columns.length > 0 ? columns : null,
    archived: one(params.archived) === "1",
    by: [...new Set(all(params.by))],
    charts: one(params.charts) === "1",
    chartsShare: readShare(one(params.split)),
  };
}

/** An address has room for so many selected runs. */
export const SELECTED_SHARED_MAX = 20;
/** Stands in place of ids where all runs that match the filter are selected. */
export const ALL_SELECTED = "all";

/** The runs that an address selects. They are no part of the view, as a saved view selects none. */
export function readSelected(params: SearchParams): { all: boolean; ids: string[] } {
  const asked = all(params.run).slice(0, SELECTED_SHARED_MAX);
  const isAll = asked.includes(ALL_SELECTED);
  return { all: isAll, ids: isAll ? [] : asked };
}

export const CHARTS_SHARE = { min: 20, usual: 44, max: 75 };
export const clampShare = (share: number): number =>
  Math.round(Math.min(CHARTS_SHARE.max, Math.max(CHARTS_SHARE.min, share)));
const readShare = (text: string): number => (/^\d{1,3}$/.test(text) ? clampShare(Number(text)) : CHARTS_SHARE.usual);

/** `NAME`, `NAME!120` with a width, `NAME!*` pinned, `NAME!120*` both, `NAME!` neither. */
function readColumn(text: string): ShownColumn {
  const [, name, width, pin] = /^(.*?)(?:!(\d{0,4})(\*?))?$/s.exec(text) ?? [];
  return { name: name ?? text, width: width ? Math.max(WIDTH_MIN, Number(width)) : null, pinned: pin === "*" };
}

/** In pixels: a narrower column can't be grabbed. */
export const WIDTH_MIN = 40;

/** A name that ends like a width gets a bare `!`, so that it is read back as it was. */
const columnText = ({ name, width, pinned }: ShownColumn): string =>
  width === null && !pinned && readColumn(name).name === name ? name : `${name}!${width ?? ""}${pinned ? "*" : ""}`;

/** Empty for the view of an address without a query. */
export function viewQuery({ q, sort, columns, archived, by, charts, chartsShare }: RunsView): string {
  const params = new URLSearchParams();
  if (q) params.set("q", q);
  if (sort) params.set("sort", sort);
  for (const column of columns ?? []) params.append("c", columnText(column));
  if (archived) params.set("archived", "1");
  for (const name of by) params.append("by", name);
  if (charts) params.set("charts", "1");
  if (chartsShare !== CHARTS_SHARE.usual) params.set("split", String(chartsShare));
  return params.toString();
}

export const viewHref = (slug: string, view: RunsView): string => projectHref(slug, viewQuery(view));

/** What a click on a column's head asks for: best first, then the other way, then newest first again. */
export function nextSort(sort: string, column: string, bestIsLow: boolean): string {
  const [first, second] = bestIsLow ? [column, `-${column}`] : [`-${column}`, column];
  if (sort === first) return second;
  if (sort === second) return "";
  return first;
}
