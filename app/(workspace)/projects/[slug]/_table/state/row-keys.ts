/** Keys of the runs table: `app/_ui/shell/keys.ts` says which. They do what stands in the row that has the focus. */
import { type RefObject, useEffect, useEffectEvent, useRef } from "react";
import { isFreeKey } from "@/app/_ui/shell/free-key.ts";

type RowKeysActs = {
  onEscape: () => void;
  /** Hears whether the row itself has something to compare: a group. */
  onCompare: (pressRow: (() => unknown) | null) => void;
};

/** Listens while the page is there. `table`: the rows are within it, each with what takes its focus, `data-cursor`. */
export function useRowKeys(table: RefObject<HTMLElement | null>, { onEscape, onCompare }: RowKeysActs): void {
  /** The run whose row had the focus last: a row out of sight isn't there to have it. */
  const last = useRef<string | null>(null);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!isFreeKey(event) || !table.current) return;
    const row = rowIn(table.current, last.current);
    const done = actOf(event, table.current, row);
    if (!done) return;
    event.preventDefault();
    done();
    last.current = rowIn(table.current, null)?.dataset.run ?? last.current;
  });
  const actOf = (event: KeyboardEvent, within: HTMLElement, row: HTMLElement | null): (() => unknown) | undefined => {
    switch (event.key.toLowerCase()) {
      case "j":
        return () => move(within, row, 1);
      case "k":
        return () => move(within, row, -1);
      case "x":
        return () => press(row, "x", event.shiftKey);
      case "e":
        return () => press(row, "e", false);
      case "m":
        return () => press(row, "m", false);
      case "t":
        return () => tag(row);
      case "c": {
        const isGroup = row?.querySelector('[aria-keyshortcuts="c"]');
        return () => onCompare(isGroup ? () => press(row, "c", false) : null);
      }
      case "/":
        return () => document.querySelector<HTMLInputElement>('[aria-keyshortcuts="/"]')?.select();
      case "escape":
        return onEscape;
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

/** The rows around those in sight are there too, so the next one always is; the browser scrolls to what gets the focus. */
function move(table: HTMLElement, row: HTMLElement | null, by: 1 | -1): void {
  const places = [...table.querySelectorAll<HTMLElement>("[data-cursor]")];
  const at = row ? places.findIndex((place) => row.contains(place)) : -1;
  // beyond the first and the last the focus stays, or comes back
  const next = at < 0 ? firstInSight(table, places) : (places[at + by] ?? places[at]);
  next?.focus();
}

function firstInSight(table: HTMLElement, places: HTMLElement[]): HTMLElement | undefined {
  const head = table.querySelector("thead")?.getBoundingClientRect().bottom ?? 0;
  return places.find((place) => place.getBoundingClientRect().top >= head);
}

/** Presses what the row has for the key. */
const press = (row: HTMLElement | null, key: string, shiftKey: boolean) =>
  row
    ?.querySelector(`[aria-keyshortcuts="${key}"]`)
    ?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));

/** Goes to the field that tags the selected runs; where none is selected, the row's run is then. */
function tag(row: HTMLElement | null): void {
  const field = () => document.querySelector<HTMLInputElement>('[aria-keyshortcuts="t"]');
  if (field()) field()?.focus();
  else {
    press(row, "x", false);
    requestAnimationFrame(() => field()?.focus());
  }
}
