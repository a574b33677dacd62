/** The view of a project's runs, as its address holds it. */

export type RunsView = {
  /** Words that are looked for. */
  q: string;
  /** A column of lib/runs/table.ts, `-` before it for descending; empty: newest first. */
  sort: string;
  /** From 1. */
  page: number;
};

type SearchParams = Record<string, string | string[] | undefined>;
const one = (value: string | string[] | undefined): string => (Array.isArray(value) ? (value[0] ?? "") : (value ?? ""));

export function readView(params: SearchParams): RunsView {
  const page = Number(one(params.page));
  return { q: one(params.q), sort: one(params.sort), page: Number.isInteger(page) && page > 0 ? page : 1 };
}

export function viewHref(slug: string, { q, sort, page }: RunsView): string {
  const params = new URLSearchParams();
  if (q) params.set("q", q);
  if (sort) params.set("sort", sort);
  if (page > 1) params.set("page", String(page));
  const query = params.toString();
  return `/projects/${encodeURIComponent(slug)}${query ? `?${query}` : ""}`;
}

/** What a click on a column's head asks for: best first, then the other way, then newest first again. */
export function nextSort(sort: string, column: string, bestIsLow: boolean): string {
  const [first, second] = bestIsLow ? [column, `-${column}`] : [`-${column}`, column];
  if (sort === first) return second;
  if (sort === second) return "";
  return first;
}
