"use client";
/** A box that the pointer draws over a plot. */
import { type PointerEvent, useState } from "react";
import type { Plane } from "@/app/_ui/charts/plot/plane.ts";

/** In pixels from the top left corner of the plot. */
export type Drag = { fromX: number; fromY: number; x: number; y: number };

/** A pointer that moved less was not dragged. */
const LEAST_PX = 5;

export const isDragged = ({ fromX, fromY, x, y }: Drag): boolean => Math.hypot(x - fromX, y - fromY) >= LEAST_PX;

export function placeOf(event: PointerEvent<HTMLElement>): { x: number; y: number } {
  const { left, top } = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

/** `onBox` hears of a box that was drawn, `onClick` of a place where none was. */
export function useBoxDrag(onBox: (drag: Drag) => void, onClick: (place: { x: number; y: number }) => void) {
  const [drag, setDrag] = useState<Drag | null>(null);
  return {
    drag,
    press: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0 || !event.isPrimary) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const at = placeOf(event);
      setDrag({ fromX: at.x, fromY: at.y, ...at });
    },
    move: (event: PointerEvent<HTMLElement>) => drag && setDrag({ ...drag, ...placeOf(event) }),
    release: () => {
      if (drag && isDragged(drag)) onBox(drag);
      else if (drag) onClick(drag);
      setDrag(null);
    },
    giveUp: () => setDrag(null),
  };
}

/** The shares of the plane that a box takes along one side, from the lower or left end. */
export function sharesBetween({ box }: Plane, drag: Drag, side: "x" | "y"): [number, number] {
  const share = (at: number) => (side === "x" ? (at - box.left) / box.width : (box.top + box.height - at) / box.height);
  const [a, b] = side === "x" ? [share(drag.fromX), share(drag.x)] : [share(drag.fromY), share(drag.y)];
  return [Math.min(a, b), Math.max(a, b)];
}
