/** What the table of a comparison keeps in the address beside the comparison's own state. Pure. */
import { type CompareState, compareQuery, readCompareState } from "../compare-address.ts";

export type TableState = {
  /** Keys of rows that stand on top. */
  pinned: string[];
  /** Names of sections that are closed. */
  closed: string[];
  /** Only rows whose names have all of its words are shown. */
  find: string;
};
export type GridState = CompareState & TableState;

/** More than these would stand before all others, and fill the window. */
export const PINNED_MAX = 8;

const recordOf = (query: URLSearchParams): Record<string, string[]> =>
  Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]));

export const readGridState = (query: URLSearchParams): GridState => ({
  ...readCompareState(recordOf(query)),
  pinned: [...new Set(query.getAll("pin"))].slice(0, PINNED_MAX),
  closed: [...new Set(query.getAll("closed"))],
  find: query.get("find") ?? "",
});

/** The state, with those lists of the one before that say the same: what follows from one alone isn't made anew. */
export function keptLists(state: GridState, before: GridState | null): GridState {
  if (before === null) return state;
  const kept = <List extends readonly string[] | null>(now: List, then: List): List =>
    now?.length === then?.length && now?.every((one, at) => one === then?.[at]) ? then : now;
  return {
    ...state,
    runs: kept(state.runs, before.runs),
    hidden: kept(state.hidden, before.hidden),
    pinned: kept(state.pinned, before.pinned),
    closed: kept(state.closed, before.closed),
  };
}

/** The address with the state in it; what neither knows is left as it stands. */
export function gridQuery(state: GridState, others: URLSearchParams): URLSearchParams {
  const query = compareQuery(state, others);
  for (const name of ["pin", "closed", "find"]) query.delete(name);
  for (const key of state.pinned) query.append("pin", key);
  for (const section of state.closed) query.append("closed", section);
  if (state.find) query.set("find", state.find);
  return query;
}

/** Columns in the order that they are shown in, hidden ones among them; unknown ones are left out. */
export function orderOf(state: Pick<GridState, "runs">, known: readonly string[]): string[] {
  if (state.runs === null) return [...known];
  const there = new Set(known);
  const asked = state.runs.map((id) => id.toLowerCase()).filter((id) => there.has(id));
  return [...asked, ...known.filter((id) => !asked.includes(id))];
}

/** The run that the others are held against: the one that is asked for, else the first. */
export const baselineOf = (state: Pick<GridState, "baseline">, known: readonly string[]): string =>
  known.find((id) => id === state.baseline) ?? known[0]!;

/** The columns with `id` put where `target` stands: before it from the right, behind it from the left. */
export function movedTo(order: readonly string[], id: string, target: string): string[] {
  const [from, to] = [order.indexOf(id), order.indexOf(target)];
  if (from < 0 || to < 0) return [...order];
  const rest = order.filter((one) => one !== id);
  return [...rest.slice(0, to), id, ...rest.slice(to)];
}

/** The columns with `id` one place further among those in sight; the same where it stands at the end. */
export function movedBy(order: readonly string[], id: string, by: 1 | -1, hidden: readonly string[]): string[] {
  const shown = order.filter((one) => !hidden.includes(one));
  const target = shown[shown.indexOf(id) + by];
  return target === undefined ? [...order] : movedTo(order, id, target);
}
