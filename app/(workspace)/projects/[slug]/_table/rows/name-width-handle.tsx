"use client";
/** The right edge of the column of names: dragged, or moved by the arrow keys, it gives the names more room. */
import type { CSSProperties, KeyboardEvent, PointerEvent } from "react";
import { NAME_WIDTH_MIN } from "../state/runs-view.ts";

const VARIABLE = "--name-chosen";
/** In pixels, on a screen with room; the table's own style gives it. */
const NAME_WIDTH_USUAL = 304;
/** How far an arrow key moves it, in pixels. */
const KEY_STEP = 16;

/** Gives the table within the width that was chosen for its names. */
export const nameStyle = (width: number | null): CSSProperties =>
  width === null ? {} : ({ [VARIABLE]: `${width}px` } as CSSProperties);

type NameWidthHandleProps = { width: number | null; onWidth: (width: number | null) => void };

export function NameWidthHandle({ width, onWidth }: NameWidthHandleProps) {
  const drag = (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    const head = event.currentTarget.parentElement!;
    const scroller = event.currentTarget.closest<HTMLElement>("[data-scroller]")!;
    const [from, before] = [event.clientX, head.offsetWidth];
    const widthAt = (x: number) => Math.max(NAME_WIDTH_MIN, Math.round(before + x - from));
    // React hears of it, and the address changes, once it is let go
    const move = (moved: globalThis.PointerEvent) =>
      scroller.style.setProperty(VARIABLE, `${widthAt(moved.clientX)}px`);
    const end = (ended: globalThis.PointerEvent) => {
      document.removeEventListener("pointermove", move);
      if (ended.clientX !== from) onWidth(widthAt(ended.clientX));
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end, { once: true });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLSpanElement>) => {
    const by = { ArrowLeft: -KEY_STEP, ArrowRight: KEY_STEP }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onWidth(Math.max(NAME_WIDTH_MIN, event.currentTarget.parentElement!.offsetWidth + by));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr can't be moved
    <span
      role="separator"
      tabIndex={0}
      aria-label="Width of the names"
      aria-orientation="vertical"
      aria-valuenow={width ?? NAME_WIDTH_USUAL}
      aria-valuetext={width === null ? "as it comes" : `${width} pixels`}
      title="Drag, or use the arrow keys; a double click puts it back"
      onPointerDown={drag}
      onDoubleClick={() => onWidth(null)}
      onKeyDown={onKeyDown}
      className="absolute top-0 right-0 h-full w-1.5 cursor-col-resize touch-none outline-none group-hover/head:bg-line-strong focus-visible:bg-accent"
    />
  );
}
