/** Where the pointer was last on a page's charts. Outside of React: only what reads it is drawn again as it moves. */
import { useSyncExternalStore } from "react";

/** `x` in the numbers of `axis`: steps, seconds, milliseconds since 1970, or the values of a metric. */
type Cursor = { axis: string; x: number };

let cursor: Cursor | null = null;
const listeners = new Set<() => void>();

export function moveCursor(next: Cursor): void {
  cursor = next;
  for (const listener of listeners) listener();
}

/** Where the cursor is on charts of this axis; null: it wasn't on one yet. */
export const cursorOn = (axis: string): number | null => (cursor?.axis === axis ? cursor.x : null);

export const useCursor = (axis: string): number | null =>
  useSyncExternalStore(
    listen,
    () => cursorOn(axis),
    () => null,
  );

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
