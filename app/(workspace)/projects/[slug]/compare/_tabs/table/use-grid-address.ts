/** The state of the table, which the address holds: what changes is shown at once, and the server is asked where it must be. */
import { useRouter, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useRef, useState, useTransition } from "react";
import { type GridState, gridQuery, keptLists, readGridState } from "./table-address.ts";

export type GridAddress = {
  state: GridState;
  /** `asks`: the server's part of the page depends on it. */
  change: (change: Partial<GridState>, asks?: "server") => void;
  /** Whether the server's part is on its way. */
  isPending: boolean;
};

export function useGridAddress(): GridAddress {
  const router = useRouter();
  const given = useSearchParams().toString();
  const [shown, setShown] = useState(given);
  const [isPending, startTransition] = useTransition();
  /** Addresses that were written here, and that the router hasn't told of yet. */
  const written = useRef<string[]>([]);
  useEffect(() => {
    const at = written.current.lastIndexOf(given);
    // what was written here comes back late, and may be older than what is shown
    if (at >= 0) written.current = written.current.slice(at + 1);
    else {
      written.current = [];
      setShown(given);
    }
  }, [given]);
  const now = useRef({ shown, isPending });
  now.current = { shown, isPending };
  /** What the change that isn't written yet asks for. */
  const due = useRef<"server" | "page" | null>(null);
  const write = useCallback(() => {
    const { shown: next } = now.current;
    const asks = due.current;
    due.current = null;
    written.current.push(next);
    // a change of the address alone would break off what is on its way
    if (asks === "server" || now.current.isPending)
      startTransition(() => router.replace(`?${next}`, { scroll: false }));
    else window.history.replaceState(null, "", `?${next}`);
  }, [router]);
  const change = useCallback(
    (change: Partial<GridState>, asks: "server" | "page" = "page") => {
      const before = new URLSearchParams(now.current.shown);
      const next = gridQuery({ ...readGridState(before), ...change }, before).toString();
      if (next === now.current.shown) return;
      now.current.shown = next;
      setShown(next);
      if (due.current === null) afterPaint(write);
      if (due.current !== "server") due.current = asks;
    },
    [write],
  );
  const before = useRef<GridState | null>(null);
  const state = useMemo(() => {
    before.current = keptLists(readGridState(new URLSearchParams(shown)), before.current);
    return before.current;
  }, [shown]);
  return { state, change, isPending };
}

/** The router's work on an address waits until the change is seen. */
const afterPaint = (act: () => void): void => void requestAnimationFrame(() => setTimeout(act));
