/** The run, or group of runs, that a reader points at in a table or a chart: all charts and the table show it apart. */
import { createContext, useContext, useSyncExternalStore } from "react";

/** Is kept outside React's state: to point at a curve draws no part of the page anew but what shows it. */
export type PointedStore = {
  /** Its key; null: nothing is pointed at. */
  get: () => string | null;
  point: (key: string | null) => void;
  subscribe: (listener: () => void) => () => void;
};

export function newPointedStore(): PointedStore {
  let pointed: string | null = null;
  const listeners = new Set<() => void>();
  return {
    get: () => pointed,
    point: (key) => {
      if (key === pointed) return;
      pointed = key;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Where nobody provides one, nothing can be pointed at. */
const nothing: PointedStore = { get: () => null, point: () => {}, subscribe: () => () => {} };

export const PointedContext = createContext<PointedStore>(nothing);
export const usePointed = (): PointedStore => useContext(PointedContext);

/** Whether the run or group with this key is pointed at. */
export function useIsPointed(key: string): boolean {
  const store = usePointed();
  return useSyncExternalStore(
    store.subscribe,
    () => store.get() === key,
    () => false,
  );
}
