/** Which rows and columns of a long and wide table are near the part of it in sight. */
import { type RefObject, useEffect, useState } from "react";
import { flushSync } from "react-dom";

/** The first place and the one behind the last. */
export type Range = { from: number; to: number };
export type Sight = { rows: Range; columns: Range };

/** Pixels beyond each edge that are made too, so that a scroll shows no gap. */
const AHEAD_PX = 240;
/** What a server takes for the window. */
const FIRST = { height: 900, width: 1440 };
/** So many columns a page is wide. */
export const PAPER_COLUMNS = 12;
/** The width of a window that is paper. */
const PAPER = -1;
/** So many columns are all made: it is many that take long. */
const COLUMNS_ALL = 24;

type Table = {
  /** Where each row begins, and at last where all end. */
  offsets: number[];
  columns: number;
  columnWidth: number;
  firstWidth: number;
};

export function useWindow(scroller: RefObject<HTMLElement | null>, table: Table): Sight {
  const [view, setView] = useState({ top: 0, left: 0, ...FIRST });
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const look = () => {
      const { scrollTop: top, scrollLeft: left, clientHeight: height, clientWidth: width } = box;
      setView((before) => {
        const isNear =
          Math.abs(before.top - top) < AHEAD_PX / 2 &&
          Math.abs(before.left - left) < AHEAD_PX / 2 &&
          before.height === height &&
          before.width === width;
        return isNear ? before : { top, left, height, width };
      });
    };
    // paper has no scroll: all rows, and as many columns as a page is wide
    const print = () => flushSync(() => setView({ top: 0, left: 0, height: Number.MAX_SAFE_INTEGER, width: PAPER }));
    look();
    window.addEventListener("beforeprint", print);
    window.addEventListener("afterprint", look);
    const sizes = new ResizeObserver(look);
    sizes.observe(box);
    box.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      box.removeEventListener("scroll", look);
      window.removeEventListener("beforeprint", print);
      window.removeEventListener("afterprint", look);
    };
  }, [scroller]);
  return { rows: rowsIn(table.offsets, view), columns: columnsIn(table, view) };
}

function rowsIn(offsets: number[], { top, height }: { top: number; height: number }): Range {
  const last = offsets.length - 1;
  const from = placeOf(offsets, top - AHEAD_PX);
  return { from, to: Math.min(last, placeOf(offsets, top + height + AHEAD_PX) + 1) };
}

function columnsIn(
  { columns, columnWidth, firstWidth }: Table,
  { left, width }: { left: number; width: number },
): Range {
  if (width === PAPER) return { from: 0, to: Math.min(columns, PAPER_COLUMNS) };
  if (columns <= COLUMNS_ALL) return { from: 0, to: columns };
  const from = Math.max(0, Math.floor((left - AHEAD_PX) / columnWidth));
  return { from, to: Math.min(columns, Math.ceil((left + width - firstWidth + AHEAD_PX) / columnWidth)) };
}

/** The last place that begins at or before `px`; 0 above all. */
export function placeOf(offsets: number[], px: number): number {
  let [low, high] = [0, Math.max(0, offsets.length - 2)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (offsets[middle]! <= px) low = middle;
    else high = middle - 1;
  }
  return low;
}
