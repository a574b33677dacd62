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
  /** What orders groups that `sort` leaves alike, written as `sort` is; empty: nothing. */
  thenBy: string;
  /** In pixels, of the column of names; null: as wide as it is by itself. */
  nameWidth: number | null;
  /** Null: the columns in which the runs differ. */
  columns: ShownColumn[] | null;
  /** Whether archived runs are shown too. */
  archived: boolean;
  /** Columns whose values make groups; `replicates` alone: runs that differ in nothing but their seed. */
  by: string[];
  /** Whether charts stand beside the table; on a narrow screen, whether there are any. */
  charts: boolean;
  /** How much of the width the charts have, in per cent. */
  chartsShare: number;
};

type SearchParams = Record<string, string | string[] | undefined>;
const one = (value: string | string[] | undefined): string => (Array.isArray(value) ? (value[0] ?? "") : (value ?? ""));
const all = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

export function readView(params: SearchParams): RunsView {
  const named = new Map(all(params.c).map((text) => [readColumn(text).name, readColumn(text)]));
  // the names stand first in any case; an address says how wide
  const nameWidth = named.get(NAME)?.width ?? null;
  named.delete(NAME);
  const columns = [...named.values()];
  const [sort = "", thenBy = ""] = all(params.sort);
  return {
    q: one(params.q),
    sort,
    thenBy,
    nameWidth: nameWidth && Math.max(NAME_WIDTH_MIN, nameWidth),
    columns: columns.length > 0 ? columns : null,
    archived: one(params.archived) === "1",
    by: [...new Set(all(params.by))],
    charts: one(params.charts) !== "0",
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
/** A run's menu and a few letters of its name have room in it. */
export const NAME_WIDTH_MIN = 120;
const NAME = "name";

/** A name that ends like a width gets a bare `!`, so that it is read back as it was. */
const columnText = ({ name, width, pinned }: ShownColumn): string =>
  width === null && !pinned && readColumn(name).name === name ? name : `${name}!${width ?? ""}${pinned ? "*" : ""}`;

/** Empty for the view of an address without a query. */
export function viewQuery(view: RunsView): string {
  const { q, sort, thenBy, nameWidth, columns, archived, by, charts, chartsShare } = view;
  const params = new URLSearchParams();
  if (q) params.set("q", q);
  if (sort) params.set("sort", sort);
  if (sort && thenBy) params.append("sort", thenBy);
  if (nameWidth !== null) params.append("c", columnText({ name: NAME, width: nameWidth, pinned: false }));
  for (const column of columns ?? []) params.append("c", columnText(column));
  if (archived) params.set("archived", "1");
  for (const name of by) params.append("by", name);
  if (!charts) params.set("charts", "0");
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

/** What a click asks for where two columns may count; `isSecond`: this one comes after the one that is sorted by. */
export function sortedBy(
  { sort, thenBy }: Pick<RunsView, "sort" | "thenBy">,
  column: string,
  bestIsLow: boolean,
  isSecond: boolean,
): Pick<RunsView, "sort" | "thenBy"> {
  if (isSecond) return { sort, thenBy: nextSort(thenBy, column, bestIsLow) };
  return { sort: nextSort(sort, column, bestIsLow), thenBy: "" };
}

/** The order by how many runs a group has. */
export const COUNT_ORDER = "count";

/** The name of the column that an order goes by: `-/` begins the name of a series without a split. */
export const orderedColumn = (sort: string): string => sort.replace(/^-(?!\/)/, "");

/** The order of the runs inside of groups: what tells groups apart orders no runs. */
export function orderInGroups({ sort, thenBy, by }: Pick<RunsView, "sort" | "thenBy" | "by">): string {
  const isOfGroups = (one: string) => [COUNT_ORDER, ...by].includes(orderedColumn(one));
  return [sort, thenBy].find((one) => one !== "" && !isOfGroups(one)) ?? "";
}
