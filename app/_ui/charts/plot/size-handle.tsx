"use client";
/** The corner of a chart: dragged, it makes all charts as large as it makes this one. */
import type { PointerEvent } from "react";

export type CardSize = { width: number; height: number };

type SizeHandleProps = {
  /** The least width that charts have, and the height of their pictures. */
  size: CardSize;
  onSize: (size: CardSize) => void;
  /** Puts the size back. */
  onReset: () => void;
};

/** A hand that drags down goes aside by so many pixels: the width then stays. */
const ASIDE = 12;

/** Stands in a box with a place, whose width is the chart's. The reader sees each size while he drags. */
export function SizeHandle({ size, onSize, onReset }: SizeHandleProps) {
  const drag = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault();
    const handle = event.currentTarget;
    const { width } = handle.parentElement!.getBoundingClientRect();
    const [fromX, fromY] = [event.clientX, event.clientY];
    let frame = 0;
    handle.setPointerCapture(event.pointerId);
    const move = ({ clientX, clientY }: globalThis.PointerEvent) => {
      cancelAnimationFrame(frame);
      const aside = clientX - fromX;
      const next = {
        width: Math.abs(aside) > ASIDE ? width + aside : size.width,
        height: size.height + clientY - fromY,
      };
      frame = requestAnimationFrame(() => onSize(next));
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", move), {
      once: true,
    });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: on a chart that has the focus the keys + and − do the same
    <div
      title="Drag to resize all charts; a double click puts their size back"
      data-testid="size-handle"
      onPointerDown={drag}
      onDoubleClick={onReset}
      className="absolute right-0 bottom-0 z-10 size-4 cursor-nwse-resize touch-none opacity-0 transition-opacity
        group-hover/chart:opacity-100 pointer-coarse:hidden"
    >
      <svg aria-hidden viewBox="0 0 16 16" className="size-full stroke-line-strong">
        <path d="M14 6 6 14M14 10l-4 4" fill="none" strokeWidth="1.5" />
      </svg>
    </div>
  );
}
