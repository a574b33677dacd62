"use client";
/** What lies over a chart: the cursor's line, and the values where it crosses the curves. */
import type { MouseEvent, PointerEvent } from "react";
import { valueWords } from "@/lib/words/numbers.ts";
import { type CursorStore, useCursor } from "./cursor.ts";
import { TraceMark } from "./legend.tsx";
import { type Plane, placeX, valueAtX } from "./plot/plane.ts";
import type { Trace, XAxis } from "./plot/traces.ts";
import { bestFirst, type CurveReading, placeWords, readingsAt } from "./readings.ts";

/** Points farther from the cursor than so many pixels aren't read. */
const REACH_PX = 20;
/** More than these would hide the chart. */
const READINGS_MAX = 12;

type ChartPlot = { x: XAxis; traces: Trace[]; plane: Plane };

/** What a chart's element does with the pointer; `onPin` hears where a click was. */
export function cursorHandlers(store: CursorStore, drawn: ChartPlot | null, onPin: ((at: number) => void) | null) {
  const placeOf = (event: MouseEvent<HTMLElement>) =>
    drawn && placeAt(drawn, event.clientX - event.currentTarget.getBoundingClientRect().left);
  return {
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const at = placeOf(event);
      if (at === null) store.leave();
      else store.move(drawn!.x, at);
    },
    onPointerLeave: store.leave,
    onClick: (event: MouseEvent<HTMLElement>) => {
      const at = placeOf(event);
      if (at !== null) onPin?.(at);
    },
  };
}

/** The x of the nearest point of all traces; null beside the plot. */
function placeAt({ traces, plane }: ChartPlot, pixel: number): number | null {
  const { left, width } = plane.box;
  if (pixel < left || pixel > left + width) return null;
  const at = valueAtX(plane.x, plane.box, pixel);
  const [nearest] = readingsAt(traces, at).sort((a, b) => Math.abs(a.x - at) - Math.abs(b.x - at));
  return nearest?.x ?? null;
}

type ChartOverlayProps = {
  drawn: ChartPlot;
  store: CursorStore;
  /** Where the cursor is pinned. */
  pinned: number | null;
  /** Whether values stand beside the line; a table below may have them. */
  isRead: boolean;
};

/** Covers the chart. */
export function ChartOverlay({ drawn, store, pinned, isRead }: ChartOverlayProps) {
  const cursor = useCursor(store, drawn.x);
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 z-10">
      {pinned !== null && <CursorLine plane={drawn.plane} at={pinned} look="border-text border-dotted" />}
      {cursor?.isOver && <CursorLine plane={drawn.plane} at={cursor.at} look="border-line-strong" />}
      {cursor?.isOver && !isRead && <CursorLabel drawn={drawn} at={cursor.at} />}
    </div>
  );
}

/** Pixels from the left of the chart; null beside the plot. */
function pixelOf({ x, box }: Plane, at: number): number | null {
  const pixel = placeX(x, box)(at);
  return pixel >= box.left && pixel <= box.left + box.width ? pixel : null;
}

function CursorLine({ plane, at, look }: { plane: Plane; at: number; look: string }) {
  const left = pixelOf(plane, at);
  if (left === null) return null;
  const { top, height } = plane.box;
  return <div className={`absolute w-px border-l ${look}`} style={{ left, top, height }} />;
}

function CursorLabel({ drawn: { x, traces, plane }, at }: { drawn: ChartPlot; at: number }) {
  const pixel = pixelOf(plane, at);
  if (pixel === null) return null;
  const { left, top, width } = plane.box;
  const reach = valueAtX(plane.x, plane.box, pixel + REACH_PX) - at;
  const near = readingsAt(traces, at).filter((reading) => Math.abs(reading.x - at) <= reach);
  const readings = bestFirst(near, null); // in the order of the curves
  const isLeft = pixel < left + width / 2;
  return (
    <div
      className="absolute rounded-md border border-line-strong bg-raised px-2 py-1 text-xs leading-4"
      style={{ top, ...(isLeft ? { left: pixel + 10 } : { right: `calc(100% - ${pixel - 10}px)` }) }}
    >
      <p className="text-muted">{placeWords(x, at)}</p>
      <table>
        <tbody>
          {readings.slice(0, READINGS_MAX).map((reading) => (
            <tr key={reading.trace.key}>
              <td>
                <TraceMark color={reading.trace.color} dash={reading.trace.dash} />
              </td>
              <td className="px-1.5 text-right whitespace-nowrap">{readingWords(reading)}</td>
              <td className="max-w-40 truncate text-muted">{reading.trace.name}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {readings.length > READINGS_MAX && <p className="text-muted">and {readings.length - READINGS_MAX} more</p>}
    </div>
  );
}

const readingWords = ({ value, smoothed }: CurveReading): string =>
  `${valueWords(value)}${smoothed === null ? "" : ` → ${valueWords(smoothed)}`}`;
