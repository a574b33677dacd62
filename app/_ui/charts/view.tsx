"use client";
/** What the charts of a page share: how they are seen, which the address holds, and one cursor. */
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useAddress } from "../parts/address.ts";
import { type CursorStore, newCursorStore, newReadStore, type ReadStore } from "./cursor.ts";
import type { ChartView } from "./plot/traces.ts";
import { type ChartsView, readView, roundZoom, writeView, type Zoom } from "./view-address.ts";

/** The view, and its change; the address follows. */
export function useChartsView(query: URLSearchParams): [ChartsView, (view: ChartsView) => void] {
  const [view, setView] = useState(() => readView(query));
  useAddress(view, writeView);
  return [view, setView];
}

export const toggled = (list: string[], name: string): string[] =>
  list.includes(name) ? list.filter((one) => one !== name) : [...list, name];

export type ChartCursor = {
  store: CursorStore;
  /** Where it is pinned, in the numbers of the x-axis; null: it follows the pointer. */
  at: number | null;
  pin: (at: number | null) => void;
};
type ChartGroupState = {
  view: ChartsView;
  onView: (view: ChartsView) => void;
  /** The part of the view that all charts draw by; the same object as long as it says the same. */
  look: ChartView;
  setZoom: (zoom: Zoom | null) => void;
  /** The run, or the group of runs, that others are held against; null: there is none. */
  baseline: string | null;
  /** The charts of the one table below all charts; null: each has a table of its own. */
  reads: ReadStore | null;
  cursor: ChartCursor & {
    /** Whether a table shows what this metric is at the cursor. */
    isRead: (metric: string) => boolean;
    toggleRead: (metric: string) => void;
  };
};
const GroupContext = createContext<ChartGroupState | null>(null);

type ChartGroupProps = {
  view: ChartsView;
  onView: (view: ChartsView) => void;
  baseline: string | null;
  children: ReactNode;
};

/** Charts inside are seen alike, zoom together, and have one cursor. */
export function ChartGroup({ view, onView, baseline, children }: ChartGroupProps) {
  const [store] = useState(newCursorStore);
  const [reads] = useState(newReadStore);
  const { smoothing, method, x, clip } = view;
  const look = useMemo<ChartView>(() => ({ smoothing, method, x, clip }), [smoothing, method, x, clip]);
  const state = useMemo<ChartGroupState>(() => {
    const toggleRead = (metric: string) => {
      const values = toggled(view.values, metric);
      onView({ ...view, values, at: values.length > 0 ? view.at : null });
    };
    return {
      view,
      onView,
      look,
      baseline,
      reads: baseline === null ? null : reads,
      setZoom: (zoom) => onView({ ...view, zoom: zoom && roundZoom(zoom) }),
      cursor: {
        store,
        at: view.at,
        pin: (at) => onView({ ...view, at }),
        isRead: (metric) => view.values.includes(metric),
        toggleRead,
      },
    };
  }, [view, onView, look, baseline, reads, store]);
  return <GroupContext value={state}>{children}</GroupContext>;
}

/** The group that a chart stands in. */
export function useChartGroup(): ChartGroupState {
  const group = useContext(GroupContext);
  if (!group) throw new Error("a chart stands in a ChartGroup");
  return group;
}
