"use client";
/** What a chart is drawn on: it hears the pointer, and shows the cursor's line and the values where it crosses the curves. */
import { type MouseEvent, type PointerEvent, type ReactNode, type RefObject, useState } from "react";
import { valueWords } from "@/lib/words/numbers.ts";
import { useCursor } from "./cursor.ts";
import { LineMark } from "./plot/line-mark.tsx";
import { type Plane, placeX, valueAtX } from "./plot/plane.ts";
import type { Trace, XAxis } from "./plot/traces.ts";
import { bestFirst, type CurveReading, placeWords, readingsAt } from "./readings.ts";
import { type ChartPointer, Tooltip } from "./tooltip.tsx";
import type { ChartCursor } from "./view.tsx";

/** Points farther from the cursor than so many pixels aren't read. */
const REACH_PX = 20;
/** A chart that the pointer isn't on says what so many curves are; more would hide them. */
const FOLLOWED_MAX = 3;

type ChartPlot = { x: XAxis; traces: Trace[]; plane: Plane };

type ChartSurfaceProps = {
  /** Null until something is drawn. */
  drawn: ChartPlot | null;
  cursor: ChartCursor;
  /** Whether values stand in a table, which a click pins. */
  isRead: boolean;
  /** Is told how far below its top the pointer is, and keeps it. */
  down: RefObject<number | null>;
  /** In pixels; null: what its place gives it. */
  height: number | null;
  children: ReactNode;
};

export function ChartSurface({ drawn, cursor, isRead, down: lastDown, height, children }: ChartSurfaceProps) {
  const [pointer, setPointer] = useState<ChartPointer | null>(null);
  const { store } = cursor;
  const leave = () => {
    store.leave();
    setPointer(null);
  };
  const follow = (event: PointerEvent<HTMLElement>) => {
    const at = drawn && placeAt(drawn, acrossOf(event));
    if (at === null) return leave();
    store.move(drawn!.x, at);
    const down = event.clientY - event.currentTarget.getBoundingClientRect().top;
    lastDown.current = down;
    // who drags chooses a range, and reads nothing
    setPointer(event.buttons === 0 ? { x: event.clientX, y: event.clientY, down } : null);
  };
  const pin = (event: MouseEvent<HTMLElement>) => {
    const at = drawn && placeAt(drawn, acrossOf(event));
    if (at !== null) cursor.pin(at);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the table's slider does the same by keyboard
    <div
      className={`relative ${height === null ? "min-h-40 flex-1" : ""}`}
      style={height === null ? undefined : { height }}
      // a finger that taps doesn't move
      onPointerDown={follow}
      onPointerMove={follow}
      onPointerLeave={leave}
      onClick={isRead ? pin : undefined}
    >
      {children}
      {drawn && <Cursor drawn={drawn} cursor={cursor} pointer={pointer} isRead={isRead} />}
    </div>
  );
}

const acrossOf = (event: MouseEvent<HTMLElement>): number =>
  event.clientX - event.currentTarget.getBoundingClientRect().left;

/** The x of the nearest point of all traces; null beside the plot. */
function placeAt({ traces, plane }: ChartPlot, pixel: number): number | null {
  const { left, width } = plane.box;
  if (pixel < left || pixel > left + width) return null;
  const at = valueAtX(plane.x, plane.box, pixel);
  const [nearest] = readingsAt(traces, at).sort((a, b) => Math.abs(a.x - at) - Math.abs(b.x - at));
  return nearest?.x ?? null;
}

type CursorProps = Pick<ChartSurfaceProps, "cursor" | "isRead"> & {
  drawn: ChartPlot;
  /** Null where it is on another chart. */
  pointer: ChartPointer | null;
};

/** Covers the chart. */
function Cursor({ drawn, cursor: { store, at: pinned }, pointer, isRead }: CursorProps) {
  const cursor = useCursor(store, drawn.x);
  const at = cursor?.isOver ? cursor.at : null;
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 z-10">
      {pinned !== null && <CursorLine plane={drawn.plane} at={pinned} look="border-text border-dotted" />}
      {at !== null && <CursorLine plane={drawn.plane} at={at} look="border-line-strong" />}
      {at !== null && !isRead && <CursorValues drawn={drawn} at={at} pointer={pointer} />}
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

function CursorValues({ drawn, at, pointer }: Pick<CursorProps, "drawn" | "pointer"> & { at: number }) {
  const { x, traces, plane } = drawn;
  const pixel = pixelOf(plane, at);
  if (pixel === null || (!pointer && traces.length > FOLLOWED_MAX)) return null;
  const reach = valueAtX(plane.x, plane.box, pixel + REACH_PX) - at;
  const readings = readingsAt(traces, at).filter((reading) => Math.abs(reading.x - at) <= reach);
  if (pointer) return <Tooltip place={placeWords(x, at)} readings={readings} plane={plane} pointer={pointer} />;
  return <FollowedValues readings={bestFirst(readings, null)} plane={plane} pixel={pixel} />;
}

type FollowedValuesProps = { readings: CurveReading[]; plane: Plane; pixel: number };

/** Beside the line in a chart that the pointer isn't on, on the side that has more room. */
function FollowedValues({ readings, plane: { box }, pixel }: FollowedValuesProps) {
  const isLeft = pixel < box.left + box.width / 2;
  return (
    <table
      className="absolute rounded-md border border-line-strong bg-raised text-xs leading-4"
      style={{ top: box.top, ...(isLeft ? { left: pixel + 8 } : { right: `calc(100% - ${pixel - 8}px)` }) }}
    >
      <tbody>
        {readings.map(({ trace, value, smoothed }) => (
          <tr key={trace.key}>
            <td className="pl-1.5">
              <LineMark color={trace.color} dash={trace.dash} />
            </td>
            <td className="px-1.5 text-right whitespace-nowrap">{valueWords(smoothed ?? value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
