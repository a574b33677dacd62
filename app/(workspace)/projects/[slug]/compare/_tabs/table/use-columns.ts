/** The columns of the table as the address has them, and what is done with them. */
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { runHref } from "@/app/paths.ts";
import { looksOf } from "../run-looks.ts";
import type { GridData } from "./grid-data.ts";
import type { ColumnActs } from "./grid-head.tsx";
import type { Column } from "./grid-row.tsx";
import { baselineOf, type GridState, movedBy, movedTo, orderOf } from "./table-address.ts";
import type { GridAddress } from "./use-grid-address.ts";

export type Columns = {
  /** Those in sight, in their order. */
  shown: Column[];
  /** Ids in the same order. */
  ids: string[];
  /** The id and the place of the baseline. */
  baseline: { id: string; place: number };
  hidden: number;
  acts: ColumnActs;
};

export function useColumns(data: GridData, { state, change }: Pick<GridAddress, "state" | "change">): Columns {
  const router = useRouter();
  const placed = useMemo(() => placeColumns(data, state), [data, state]);
  const { slug } = data.project;
  const acts = useMemo<ColumnActs>(() => {
    const known = data.runs.map(({ id }) => id);
    // a comparison by a filter becomes one of these runs
    const runsOf = (order: string[]) => ({ runs: order, q: "", sort: "" });
    const order = orderOf(state, known);
    const shown = order.filter((id) => !state.hidden.includes(id));
    return {
      makeBaseline: (baseline) => change({ baseline }, "server"),
      move: (run, by) => change(runsOf(movedBy(order, run, by, state.hidden))),
      drop: (run, target) => {
        const moved = runsOf(movedTo(order, run, target));
        if (target === shown[0]) change({ ...moved, baseline: run }, "server");
        else change(moved);
      },
      hide: (run) => {
        if (shown.length > 1) change({ hidden: [...state.hidden, run] });
      },
      remove: (run) => {
        const rest = order.filter((id) => id !== run);
        const hidden = state.hidden.filter((id) => id !== run);
        if (rest.length > 0) change({ ...runsOf(rest), hidden }, "server");
      },
      open: (run) => router.push(runHref(slug, run)),
    };
  }, [data.runs, state, change, router, slug]);
  return { ...placed, acts };
}

/** The first run stays the baseline that nobody chose, wherever it is moved: the server is asked with the first. */
function placeColumns(data: GridData, state: GridState): Omit<Columns, "acts"> {
  const places = new Map(data.runs.map(({ id }, at) => [id, at]));
  const order = orderOf(state, [...places.keys()]);
  const ids = order.filter((id) => !state.hidden.includes(id));
  const looks = looksOf(data.runs);
  const baseline = baselineOf(state, order);
  return {
    shown: ids.map((id, at) => ({ run: places.get(id)!, index: at + 1, look: looks.get(id)! })),
    ids,
    baseline: { id: baseline, place: places.get(baseline)! },
    hidden: order.length - ids.length,
  };
}
