/** Which runs are selected: by a click, by a range with shift, or all. The address holds a few ids, or says that it is all. */
import { useCallback, useMemo, useRef, useState } from "react";
import { useAddress } from "@/app/_ui/parts/address.ts";
import type { RunRow } from "@/lib/table/rows.ts";
import { ALL_SELECTED, type RunsView, SELECTED_SHARED_MAX } from "./runs-view.ts";

export type TableSelection = {
  /** In the order in which they were selected, also those that aren't shown now; where all are selected, the loaded ones. */
  rows: RunRow[];
  /** Whether it is all that match the filter, loaded or not. */
  isAll: boolean;
  has: (id: string) => boolean;
  set: (rows: RunRow[]) => void;
  setAll: () => void;
  /**
   * Selects a run or no longer selects it; `through`: with it the rows between it and the one toggled before. Always the
   * same function, so that a row is rendered anew only where its own box changed.
   */
  toggle: (row: RunRow, through: boolean) => void;
};

/** `all`: the filter whose runs are all selected; null: only `rows` are. */
type SelectionState = { all: string | null; rows: ReadonlyMap<string, RunRow> };

/** `shown`: the rows in their order; `given`: what was selected when the page was made. */
export function useSelection(view: RunsView, shown: RunRow[], given: { all: boolean; rows: RunRow[] }): TableSelection {
  const filter = JSON.stringify([view.q, view.archived]);
  const [chosen, setChosen] = useState<SelectionState>({ all: given.all ? filter : null, rows: byId(given.rows) });
  const last = useRef<string | null>(null);
  // all runs of one filter are not all runs of another
  const isAll = chosen.all === filter;
  const selected = useMemo(() => (isAll ? byId(shown) : chosen.rows), [isAll, chosen, shown]);
  const ids = useMemo(() => (isAll ? [ALL_SELECTED] : [...chosen.rows.keys()]), [isAll, chosen]);
  useAddress(ids, writeSelected);
  const now = useRef({ selected, isAll, shown });
  now.current = { selected, isAll, shown };
  const toggle = useCallback((row: RunRow, through: boolean) => {
    const { selected, isAll, shown } = now.current;
    const place = (id: string | null) => shown.findIndex((one) => one.id === id);
    const [from, to] = [place(last.current), place(row.id)];
    const isRange = through && from >= 0 && to >= 0;
    const range = isRange ? shown.slice(Math.min(from, to), Math.max(from, to) + 1) : [row];
    const isOn = !isAll && !selected.has(row.id);
    const next = new Map(selected);
    for (const one of range)
      if (isOn) next.set(one.id, one);
      else next.delete(one.id);
    last.current = row.id;
    setChosen({ all: null, rows: next });
  }, []);
  return useMemo(() => {
    // a row that is shown is newer than it was when it was selected
    const newest = byId(shown);
    return {
      rows: [...selected.values()].map((row) => newest.get(row.id) ?? row),
      isAll,
      has: (id) => isAll || selected.has(id),
      set: (rows) => setChosen({ all: null, rows: byId(rows) }),
      setAll: () => setChosen({ all: filter, rows: new Map() }),
      toggle,
    };
  }, [selected, isAll, shown, filter, toggle]);
}

const byId = (rows: RunRow[]) => new Map(rows.map((row) => [row.id, row]));

function writeSelected(ids: string[], query: URLSearchParams): void {
  query.delete("run");
  if (ids.length <= SELECTED_SHARED_MAX) for (const id of ids) query.append("run", id);
}
