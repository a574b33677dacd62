"use client";
/** What the curves nearest to the pointer are. */
import { useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { numberWords, valueWords } from "@/lib/words/numbers.ts";
import { placeBeside } from "./plot/beside.ts";
import { LineMark } from "./plot/line-mark.tsx";
import type { Plane } from "./plot/plane.ts";
import { type CurveReading, nearestTo } from "./readings.ts";

/** More than these would hide the chart. */
const READINGS_MAX = 9;

/** In pixels: where it is in the window, and how far below the top of the chart. */
export type ChartPointer = { x: number; y: number; down: number };

type TooltipProps = {
  /** Where the cursor is, in words. */
  place: string;
  readings: CurveReading[];
  plane: Plane;
  pointer: ChartPointer;
};

/** Stands over the whole window, as a chart or a column that scrolls would cut it off. */
export function Tooltip({ place, readings, plane, pointer }: TooltipProps) {
  const box = useRef<HTMLDivElement>(null);
  const { shown, nearest, more } = nearestTo(readings, plane, pointer.down, READINGS_MAX);
  // after every change, as its size follows its words
  useLayoutEffect(() => {
    const { offsetWidth: width, offsetHeight: height, style } = box.current!;
    const { clientWidth, clientHeight } = document.documentElement;
    const { left, top } = placeBeside(pointer, { width, height }, { width: clientWidth, height: clientHeight });
    style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  });
  return createPortal(
    <div
      ref={box}
      aria-hidden
      data-testid="tooltip"
      className="pointer-events-none fixed top-0 left-0 z-60 w-max max-w-[min(400px,calc(100vw-8px))] rounded-md
        bg-raised px-2 py-1.5 text-xs leading-4 shadow-float"
    >
      <p className="text-muted">{place}</p>
      <table>
        <tbody>
          {shown.map((reading) => (
            <ReadingRow key={reading.trace.key} reading={reading} isNearest={reading === nearest} />
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="text-muted">and {numberWords(more)} more</p>}
      {nearest && (
        <p className="mt-1 border-t border-line pt-1 text-muted">
          exactly <span className="text-text">{exactWords(nearest.value)}</span>
          {" at step "}
          {numberWords(nearest.step)}
        </p>
      )}
    </div>,
    document.body,
  );
}

function ReadingRow({ reading: { trace, value, smoothed }, isNearest }: { reading: CurveReading; isNearest: boolean }) {
  return (
    <tr className={isNearest ? "font-semibold" : ""} data-nearest={isNearest || undefined}>
      <td className="align-top whitespace-nowrap">
        <span className="inline-block w-3">{isNearest && "▸"}</span>
        <LineMark color={trace.color} dash={trace.dash} />
      </td>
      <td className="px-1.5 text-right align-top whitespace-nowrap">
        {valueWords(value)}
        {smoothed !== null && ` → ${valueWords(smoothed)}`}
      </td>
      <td className={`wrap-anywhere ${isNearest ? "" : "text-muted"}`}>{trace.name}</td>
    </tr>
  );
}

/** Every digit that tells the number from its neighbours. */
const exactWords = (value: number): string =>
  Number.isFinite(value) ? String(value).replaceAll("-", "−") : valueWords(value);
