/** The cursor of a page's charts: it stands in all of them where the reader points in one. */
import { useSyncExternalStore } from "react";
import type { Direction } from "@/lib/wire/base/words.ts";
import type { Trace, XAxis } from "./plot/traces.ts";

export type CursorPlace = {
  x: XAxis;
  /** Where the nearest point is, in the numbers of the axis. */
  at: number;
  /** Whether the pointer is on a chart; else it was there last. */
  isOver: boolean;
};

/** Is kept outside React's state, as a pointer moves more often than a page should render. */
export type CursorStore = {
  get: () => CursorPlace | null;
  move: (x: XAxis, at: number) => void;
  /** Says that the pointer has left the charts. */
  leave: () => void;
  subscribe: (listener: () => void) => () => void;
};

export function newCursorStore(): CursorStore {
  let cursor: CursorPlace | null = null;
  const listeners = new Set<() => void>();
  const set = (next: CursorPlace) => {
    if (cursor && next.x === cursor.x && next.at === cursor.at && next.isOver === cursor.isOver) return;
    cursor = next;
    for (const listener of listeners) listener();
  };
  return {
    get: () => cursor,
    move: (x, at) => set({ x, at, isOver: true }),
    leave: () => cursor && set({ ...cursor, isOver: false }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Where the reader points, or pointed last, on charts of this axis; null: nowhere yet. */
export function useCursor(store: CursorStore, x: XAxis): CursorPlace | null {
  const cursor = useSyncExternalStore(store.subscribe, store.get, () => null);
  return cursor?.x === x ? cursor : null;
}

/** A chart whose values stand in the one table of all charts. */
export type ReadChart = { metric: string; direction: Direction | null; traces: Trace[] };

export type ReadStore = {
  /** In the order in which they came; the same object as long as nothing changed. */
  get: () => readonly ReadChart[];
  /** By the key of its card; null: its values are no longer asked for. */
  put: (key: string, chart: ReadChart | null) => void;
  subscribe: (listener: () => void) => () => void;
};

export function newReadStore(): ReadStore {
  const charts = new Map<string, ReadChart>();
  let listed: readonly ReadChart[] = [];
  const listeners = new Set<() => void>();
  return {
    get: () => listed,
    put: (key, chart) => {
      if (chart === null && !charts.has(key)) return;
      if (chart === null) charts.delete(key);
      else charts.set(key, chart);
      listed = [...charts.values()];
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
