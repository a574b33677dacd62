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
  const { runs, hidden, baseline } = state;
  const placed = useMemo(() => placeColumns(data, { runs, hidden }), [data, runs, hidden]);
  const { slug } = data.project;
  const isChosen = baseline !== null;
  const acts = useMemo<ColumnActs>(() => {
    const known = data.runs.map(({ id }) => id);
    // a comparison by a filter becomes one of these runs
    const runsOf = (order: string[]) => ({ runs: order, q: "", sort: "" });
    // the first run stays the baseline that nobody chose, wherever it is moved: the server was asked with it
    const kept = isChosen ? {} : { baseline: data.baseline };
    const order = orderOf({ runs }, known);
    const shown = order.filter((id) => !hidden.includes(id));
    return {
      makeBaseline: (baseline) => change({ baseline }, "server"),
      move: (run, by) => change({ ...runsOf(movedBy(order, run, by, hidden)), ...kept }),
      drop: (run, target) => {
        const moved = runsOf(movedTo(order, run, target));
        if (target === shown[0]) change({ ...moved, baseline: run }, "server");
        else change({ ...moved, ...kept });
      },
      hide: (run) => {
        if (shown.length > 1) change({ hidden: [...hidden, run] });
      },
      remove: (run) => {
        const rest = order.filter((id) => id !== run);
        if (rest.length > 0) change({ ...runsOf(rest), hidden: hidden.filter((id) => id !== run) }, "server");
      },
      open: (run) => router.push(runHref(slug, run)),
    };
  }, [data.runs, data.baseline, runs, hidden, isChosen, change, router, slug]);
  const { order, ...columns } = placed;
  const own = baselineOf({ baseline }, order);
  return { ...columns, baseline: { id: own, place: data.runs.findIndex(({ id }) => id === own) }, acts };
}

/** `order`: ids of all columns, those that are hidden among them. */
type Placed = Omit<Columns, "acts" | "baseline"> & { order: string[] };

function placeColumns(data: GridData, state: Pick<GridState, "runs" | "hidden">): Placed {
  const places = new Map(data.runs.map(({ id }, at) => [id, at]));
  const order = orderOf(state, [...places.keys()]);
  const ids = order.filter((id) => !state.hidden.includes(id));
  const looks = looksOf(data.runs);
  return {
    order,
    shown: ids.map((id, at) => ({ run: places.get(id)!, index: at + 1, look: looks.get(id)! })),
    ids,
    hidden: order.length - ids.length,
  };
}
