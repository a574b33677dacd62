/** Keys of the runs table: `app/_ui/shell/keys.ts` says which. They do what stands in the row that has the focus. */
import { type RefObject, useEffect, useEffectEvent, useRef } from "react";
import { isFreeKey } from "@/app/_ui/shell/free-key.ts";

type RowKeysActs = {
  onEscape: () => void;
  /** Hears whether the row itself has something to compare: a group. */
  onCompare: (pressRow: (() => unknown) | null) => void;
};

/** What a key does with the row that the keys are at; false: it must wait, as the next row isn't there yet. */
type RowAct = (row: HTMLElement | null) => unknown;

/** Keys wait so long for rows that are still to come, then they are forgotten. */
const WAITING_MS = 3_000;

/** Listens while the page is there. `table`: the rows are within it, each with what takes its focus, `data-cursor`. */
export function useRowKeys(table: RefObject<HTMLElement | null>, { onEscape, onCompare }: RowKeysActs): void {
  /** The run whose row had the focus last: a row out of sight isn't there to have it. */
  const last = useRef<string | null>(null);
  const waiting = useRef<{ act: RowAct; until: number }[]>([]);
  const frame = useRef<number | null>(null);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!isFreeKey(event) || !table.current) return;
    const act = actOf(event, table.current);
    if (!act) return;
    event.preventDefault();
    waiting.current.push({ act, until: performance.now() + WAITING_MS });
    if (frame.current === null) doWaiting();
  });
  /** In the order of the keys: where one must wait, all goes on in the next frame. */
  const doWaiting = useEffectEvent(() => {
    frame.current = null;
    for (let one = waiting.current.shift(); one && table.current; one = waiting.current.shift()) {
      if (one.act(rowIn(table.current, last.current)) === false) {
        if (performance.now() > one.until) waiting.current = [];
        else {
          waiting.current.unshift(one);
          frame.current = requestAnimationFrame(() => doWaiting());
          return;
        }
      }
      last.current = rowIn(table.current, null)?.dataset.run ?? last.current;
    }
  });
  const actOf = (event: KeyboardEvent, within: HTMLElement): RowAct | undefined => {
    const { shiftKey } = event;
    switch (event.key.toLowerCase()) {
      case "j":
        return (row) => move(within, row, 1);
      case "k":
        return (row) => move(within, row, -1);
      case "x":
        return (row) => press(row, "x", shiftKey);
      case "e":
        return (row) => press(row, "e", false);
      case "m":
        return (row) => press(row, "m", false);
      case "t":
        return tag;
      case "c":
        return (row) => {
          const isGroup = row?.querySelector('[aria-keyshortcuts="c"]');
          onCompare(isGroup ? () => press(row, "c", false) : null);
        };
      case "/":
        return () => document.querySelector<HTMLInputElement>('[aria-keyshortcuts="/"]')?.select();
      case "escape":
        return () => onEscape();
    }
  };
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

/** The row that has the focus, or else that of the run. */
function rowIn(table: HTMLElement, run: string | null): HTMLElement | null {
  const focused = document.activeElement?.closest<HTMLElement>("tr");
  if (focused && table.contains(focused) && focused.querySelector("[data-cursor]")) return focused;
  return run === null ? null : table.querySelector<HTMLElement>(`tr[data-run="${CSS.escape(run)}"]`);
}

/** Those around the rows in sight are there too, and the browser scrolls to what gets the focus; false: the next one is still to come. */
function move(table: HTMLElement, row: HTMLElement | null, by: 1 | -1): boolean {
  const places = [...table.querySelectorAll<HTMLElement>("[data-cursor]")];
  const at = row ? places.findIndex((place) => row.contains(place)) : -1;
  const next = at < 0 ? firstInSight(table, places) : places[at + by];
  if (!next && isRowBeyond(row, by)) return false;
  // beyond the first and the last the focus stays, or comes back
  (next ?? places[at])?.focus();
  return true;
}

/** Whether the table has a row before or behind this one, there or not. */
function isRowBeyond(row: HTMLElement | null, by: 1 | -1): boolean {
  const index = Number(row?.getAttribute("aria-rowindex") ?? Number.NaN);
  const count = Number(row?.closest("[aria-rowcount]")?.getAttribute("aria-rowcount") ?? Number.NaN);
  // the first is the head's; a table that isn't read to its end has −1
  return by < 0 ? index > 2 : count === -1 || index < count;
}

function firstInSight(table: HTMLElement, places: HTMLElement[]): HTMLElement | undefined {
  const head = table.querySelector("thead")?.getBoundingClientRect().bottom ?? 0;
  return places.find((place) => place.getBoundingClientRect().top >= head);
}

/** Presses what the row has for the key. */
const press = (row: HTMLElement | null, key: string, shiftKey: boolean): void => {
  row
    ?.querySelector(`[aria-keyshortcuts="${key}"]`)
    ?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));
};

/** Goes to the field that tags the selected runs; where none is selected, the row's run is then. */
function tag(row: HTMLElement | null): void {
  const field = () => document.querySelector<HTMLInputElement>('[aria-keyshortcuts="t"]');
  if (field()) field()?.focus();
  else {
    press(row, "x", false);
    requestAnimationFrame(() => field()?.focus());
  }
}
