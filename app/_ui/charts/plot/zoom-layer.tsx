"use client";
/** Zoom along x: a part is chosen by dragging over the plot, and moved by dragging the axis below it. */
import { type DOMAttributes, type PointerEvent, useEffect, useRef, useState } from "react";
import { type Box, MARGIN, type Plane, valueAtX } from "./plane.ts";

/** A part of x, in the axis's own numbers. */
export type Part = [from: number, to: number];

/** A pointer that moved less, in pixels, was not dragged. */
const LEAST_PX = 6;

type Drag = {
  /** Of the moment when the pointer went down: points that come meanwhile change nothing of it. */
  plane: Plane;
  isMove: boolean;
  from: number;
  to: number;
};

export type ZoomDrag = {
  /** What is being chosen, in pixels from the left of the picture; null: nothing. */
  chosen: { left: number; width: number } | null;
  /** What the plot shows while it is moved; null: it isn't. */
  moved: Part | null;
  /** For an element whose top left corner is the chart's, which shows this plane. */
  handlersOf: (plane: Plane | null) => DOMAttributes<HTMLElement>;
};

/** `onPart` hears of the part once the pointer is let go, and null where the whole is to be shown again. Escape gives up. */
export function useZoomDrag(onPart: (part: Part | null) => void): ZoomDrag {
  const [drag, setDrag] = useState<Drag | null>(null);
  const wasDragged = useRef(false);
  const isDragging = drag !== null;
  useEffect(() => {
    if (!isDragging) return;
    const giveUp = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      // a window that the chart fills stays open
      event.stopPropagation();
      setDrag(null);
    };
    window.addEventListener("keydown", giveUp, { capture: true });
    return () => window.removeEventListener("keydown", giveUp, { capture: true });
  }, [isDragging]);
  const part = drag && partOf(drag);
  const press = (event: PointerEvent<HTMLElement>, plane: Plane | null) => {
    wasDragged.current = false;
    if (!plane || event.button !== 0 || !event.isPrimary) return;
    const { x, y } = placeOf(event);
    const { left, top, width, height } = plane.box;
    if (x < left || x > left + width || y < top) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ plane, isMove: y > top + height, from: x, to: x });
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    if (!drag) return;
    const { x } = placeOf(event);
    setDrag({ ...drag, to: drag.isMove ? x : within(x, drag.plane.box) });
  };
  const release = () => {
    if (part) {
      wasDragged.current = true;
      onPart(part);
    }
    setDrag(null);
  };
  return {
    chosen: part && !drag.isMove ? { left: Math.min(drag.from, drag.to), width: Math.abs(drag.to - drag.from) } : null,
    moved: part && drag.isMove ? part : null,
    handlersOf: (plane) => ({
      onPointerDown: (event) => press(event, plane),
      onPointerMove: move,
      onPointerUp: release,
      onPointerCancel: () => setDrag(null),
      onDoubleClick: () => onPart(null),
      // the click that ends a drag is none
      onClickCapture: (event) => wasDragged.current && event.stopPropagation(),
    }),
  };
}

/** Null where the pointer hardly moved. */
function partOf({ plane: { x, box }, isMove, from, to }: Drag): Part | null {
  if (Math.abs(to - from) < LEAST_PX) return null;
  const [left, right] = isMove
    ? [box.left + from - to, box.left + box.width + from - to]
    : [Math.min(from, to), Math.max(from, to)];
  return [valueAtX(x, box, left), valueAtX(x, box, right)];
}

const within = (x: number, { left, width }: Box): number => Math.min(left + width, Math.max(left, x));

function placeOf(event: PointerEvent<HTMLElement>): { x: number; y: number } {
  const { left, top } = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

type ZoomLayerProps = { drag: ZoomDrag; plane: Plane | null };

/** Lies over the whole picture, hears the pointer, and shows what is being chosen. */
export const ZoomLayer = ({ drag: { chosen, handlersOf }, plane }: ZoomLayerProps) => (
  <div className="absolute inset-0 cursor-crosshair touch-pan-y" {...handlersOf(plane)}>
    <div className="absolute inset-x-0 bottom-0 cursor-ew-resize" style={{ height: MARGIN.b }} />
    {chosen && plane && (
      <div
        className="absolute border-x border-accent bg-accent/10"
        style={{ left: chosen.left, width: chosen.width, top: plane.box.top, height: plane.box.height }}
      />
    )}
  </div>
);
