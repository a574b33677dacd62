/** Keys of the table: `app/_ui/shell/keys.ts` says which. They do what the cell says that has the focus. */
import { type RefObject, useEffect, useEffectEvent, useRef } from "react";
import { flushSync } from "react-dom";
import { isFreeKey } from "@/app/_ui/shell/free-key.ts";
import type { GridRow } from "./grid-data.ts";
import type { ColumnActs } from "./grid-head.tsx";

type Cursor = { row: string; run: string };
export type GridKeys = {
  /** Rows and columns in their order, those out of sight among them. */
  rows: GridRow[];
  runs: string[];
  /** Runs that a row tells apart; null: nobody knows yet. */
  differing: (row: GridRow) => string[] | null;
  columns: ColumnActs;
  pin: (row: string) => void;
  toggle: (row: string) => void;
  /** Brings a cell that isn't made near the part in sight. */
  bringNear: (row: string, run: string) => void;
  /** Tells who can't see it what the next difference is. */
  tell: (row: GridRow) => void;
  find: () => void;
};

export function useGridKeys(scroller: RefObject<HTMLElement | null>, keys: GridKeys): void {
  const cursor = useRef<Cursor | null>(null);
  /** The cell that shall have the focus once it is there. */
  const wanted = useRef<Cursor | null>(null);

  const focusWanted = () => {
    const box = scroller.current;
    if (!wanted.current || !box) return;
    const { row, run } = wanted.current;
    const cell = box.querySelector<HTMLElement>(`[data-row="${CSS.escape(row)}"] > [data-run="${CSS.escape(run)}"]`);
    if (!cell) return;
    wanted.current = null;
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  // a cell may come with any render, and a column that was moved has lost the focus
  useEffect(focusWanted);

  const goTo = (row: string, run: string) => {
    cursor.current = { row, run };
    wanted.current = { row, run };
    focusWanted();
    if (wanted.current) keys.bringNear(row, run);
  };
  /** Does what takes the cell away, or puts it elsewhere: it has the focus where it stands then, and not where it was. */
  const follow = (row: string, run: string, act: () => void) => {
    cursor.current = { row, run };
    // what is taken away with the focus makes the browser lay out the table once more
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    flushSync(act);
    wanted.current = { row, run };
    focusWanted();
  };

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const box = scroller.current;
    if (!isFreeKey(event) || !box) return;
    const { activeElement } = document;
    const cell = activeElement instanceof HTMLElement && box.contains(activeElement) ? cellOf(activeElement) : null;
    if (cell) cursor.current = cell;
    // a cell that was scrolled out of sight is gone, and the focus with it
    const isHere = box.contains(activeElement) || (activeElement === document.body && cursor.current !== null);
    const act = actOf(event, {
      keys,
      at: placeIn(keys, cursor.current),
      isHere,
      goTo,
      follow,
      onCell: isOnCell(activeElement),
    });
    if (!act) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

const isOnCell = (element: Element | null): boolean => element?.tagName === "TD" || element === document.body;

function cellOf(element: HTMLElement): Cursor | null {
  const row = element.closest<HTMLElement>("[data-row]")?.dataset.row;
  const run = element.closest<HTMLElement>("[data-run]")?.dataset.run;
  return row !== undefined && run !== undefined ? { row, run } : null;
}

/** Places of the cursor; −1 where it has none. */
type Place = { row: number; run: number };
const placeIn = ({ rows, runs }: GridKeys, cursor: Cursor | null): Place => ({
  row: cursor ? rows.findIndex(({ id }) => id === cursor.row) : -1,
  run: cursor ? runs.indexOf(cursor.run) : -1,
});

type Pressed = {
  keys: GridKeys;
  at: Place;
  /** Whether the table has the focus, or had it last. */
  isHere: boolean;
  onCell: boolean;
  goTo: (row: string, run: string) => void;
  follow: (row: string, run: string, act: () => void) => void;
};

function actOf(event: KeyboardEvent, pressed: Pressed): (() => void) | null {
  const { keys, at, isHere, onCell, goTo, follow } = pressed;
  const [row, run] = [keys.rows[at.row], keys.runs[at.run]];
  const walk = (rows: number, runs: number) => () => {
    const nextRow = keys.rows[clamp(at.row + rows, keys.rows.length)];
    const nextRun = keys.runs[clamp(at.run + runs, keys.runs.length)];
    if (nextRow && nextRun !== undefined) goTo(nextRow.id, nextRun);
  };
  const onRun = (act: (run: string) => void) => (run === undefined ? null : () => act(run));
  const onRow = (act: (row: string) => void) => (row === undefined ? null : () => act(row.id));
  const moved = (by: 1 | -1) =>
    onRun((id) => {
      const move = () => keys.columns.move(id, by);
      if (row) follow(row.id, id, move);
      else move();
    });
  switch (event.key) {
    case "ArrowLeft":
      return isHere ? (event.shiftKey ? moved(-1) : walk(0, -1)) : null;
    case "ArrowRight":
      return isHere ? (event.shiftKey ? moved(1) : walk(0, 1)) : null;
    case "ArrowUp":
      return isHere ? walk(-1, 0) : null;
    case "ArrowDown":
      return isHere ? walk(1, 0) : null;
    case "n":
    case "]":
      return () => goToDifference(pressed, 1);
    case "N":
    case "[":
      return () => goToDifference(pressed, -1);
    case "b":
      return onRun(keys.columns.makeBaseline);
    case "h":
      return onRun((id) => {
        const next = keys.runs[at.run + 1] ?? keys.runs[at.run - 1];
        // before it goes, as in follow
        if (row && next !== undefined) goTo(row.id, next);
        keys.columns.hide(id);
      });
    case "p":
      return onRow((id) => {
        const pin = () => keys.pin(id);
        if (run !== undefined) follow(id, run, pin);
        else pin();
      });
    case "e":
      return onRow(keys.toggle);
    case "o":
      return onRun(keys.columns.open);
    case "Enter":
      return onCell && isHere ? onRun(keys.columns.open) : null;
    case "/":
      return keys.find;
    default:
      return null;
  }
}

const clamp = (place: number, count: number): number => Math.max(0, Math.min(count - 1, place));

/** To the next row that tells runs apart, or that may: its cells come once it is in sight. */
function goToDifference({ keys, at, goTo }: Pressed, by: 1 | -1): void {
  const from = at.row < 0 && by < 0 ? keys.rows.length : at.row;
  for (let place = from + by; place >= 0 && place < keys.rows.length; place += by) {
    const row = keys.rows[place]!;
    const runs = keys.differing(row);
    if (runs?.length === 0) continue;
    const here = keys.runs[at.run];
    const run = here !== undefined && (runs === null || runs.includes(here)) ? here : (runs?.[0] ?? keys.runs[0]);
    if (run === undefined) return;
    goTo(row.id, run);
    keys.tell(row);
    return;
  }
}
