/** The state of a comparison, as its address holds it. Pure. */
import { type ComparedSummary, comparedSummaries } from "@/lib/wire/compared.ts";

export type CompareState = {
  /** In the order of the columns; null: those that `q` finds. */
  runs: string[] | null;
  /** A filter in the language of the runs table, in place of ids. */
  q: string;
  /** The table's order of the runs that a filter finds. */
  sort: string;
  /** Whether the filter finds archived runs too. */
  archived: boolean;
  /** Null: the first. */
  baseline: string | null;
  /** Columns that are out of sight. */
  hidden: string[];
  /** Whether rows in which all runs are alike are shown too. */
  all: boolean;
  /** What of each metric is compared; null: what suits the project. */
  summary: ComparedSummary | null;
  /** The part that is shown; empty: the first. */
  tab: string;
};

export type SearchParams = Record<string, string | string[] | undefined>;

export const one = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? (value[0] ?? "") : (value ?? "");
export const all = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

export function readCompareState(params: SearchParams): CompareState {
  const runs = [...new Set(all(params.run).filter((id) => id !== ""))];
  return {
    runs: runs.length > 0 || params.q === undefined ? runs : null,
    q: one(params.q),
    sort: one(params.sort),
    archived: one(params.archived) === "1",
    baseline: one(params.baseline) || null,
    hidden: all(params.hide),
    all: one(params.all) === "1",
    summary: comparedSummaries.find((name) => name === one(params.summary)) ?? null,
    tab: one(params.tab),
  };
}

/** What `readCompareState` knows, in one order; what other parts of the page keep in the address is left as it stands. */
export function compareQuery(state: CompareState, others: URLSearchParams = new URLSearchParams()): URLSearchParams {
  const params = new URLSearchParams(others);
  for (const name of ["run", "q", "sort", "archived", "baseline", "hide", "all", "summary", "tab"]) params.delete(name);
  const { runs, q, sort, archived, baseline, hidden, all: isAll, summary, tab } = state;
  for (const id of runs ?? []) params.append("run", id);
  if (runs === null) params.set("q", q);
  if (sort) params.set("sort", sort);
  if (archived) params.set("archived", "1");
  if (baseline) params.set("baseline", baseline);
  for (const id of hidden) params.append("hide", id);
  if (isAll) params.set("all", "1");
  if (summary) params.set("summary", summary);
  if (tab) params.set("tab", tab);
  return params;
}

/** The same state as the API is asked for it, to be written as text. */
export function askedQuery(state: CompareState, baseline: string): URLSearchParams {
  const { runs, q, sort, archived, hidden, all: isAll, summary } = state;
  const params = new URLSearchParams(runs?.map((id) => ["run", id]) ?? { filter: q });
  if (sort) params.set("sort", sort);
  if (archived) params.set("archived", "1");
  params.set("baseline", baseline);
  if (summary) params.set("summary", summary);
  for (const id of hidden) params.append("hide", id);
  if (isAll) params.set("all", "1");
  return params;
}
