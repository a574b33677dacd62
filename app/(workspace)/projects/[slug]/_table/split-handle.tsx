"use client";
/** The line between table and charts: dragged, or moved by the arrow keys, it gives one of them more room. */
import type { KeyboardEvent, PointerEvent } from "react";
import { CHARTS_SHARE, clampShare } from "./state/runs-view.ts";

/** How far an arrow key moves it, in per cent. */
const KEY_STEP = 2;

type SplitHandleProps = {
  /** Per cent of the width that the charts have. */
  share: number;
  onShare: (share: number) => void;
};

/** Stands between the two in a flex row whose `--charts` is the width of the charts. */
export function SplitHandle({ share, onShare }: SplitHandleProps) {
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    event.preventDefault();
    const handle = event.currentTarget;
    const row = handle.parentElement!;
    const { right, width } = row.getBoundingClientRect();
    const shareAt = (x: number) => clampShare(((right - x) / width) * 100);
    handle.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    // React hears of it, and the address changes, once it is let go
    const move = (moved: globalThis.PointerEvent) => row.style.setProperty("--charts", `${shareAt(moved.clientX)}%`);
    const end = (ended: globalThis.PointerEvent) => {
      handle.removeEventListener("pointermove", move);
      onShare(shareAt(ended.clientX));
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", end as EventListener, { once: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = {
      ArrowLeft: share + KEY_STEP,
      ArrowRight: share - KEY_STEP,
      Home: CHARTS_SHARE.max,
      End: CHARTS_SHARE.min,
      Enter: CHARTS_SHARE.usual,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onShare(clampShare(next));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr can't be moved
    <div
      role="separator"
      tabIndex={0}
      aria-label="Width of the charts"
      aria-orientation="vertical"
      aria-valuemin={CHARTS_SHARE.min}
      aria-valuemax={CHARTS_SHARE.max}
      aria-valuenow={share}
      aria-valuetext={`${share} % for the charts`}
      title="Drag, or use the arrow keys; a double click puts it back"
      onPointerDown={drag}
      onDoubleClick={() => onShare(CHARTS_SHARE.usual)}
      onKeyDown={onKeyDown}
      className="group/split relative z-30 -mx-1 w-2 shrink-0 cursor-col-resize touch-none outline-none max-lg:hidden"
    >
      <span
        aria-hidden
        className="absolute inset-y-0 left-1/2 w-px bg-line transition-colors group-hover/split:bg-accent
          group-focus-visible/split:w-0.5 group-focus-visible/split:bg-accent group-active/split:bg-accent"
      />
    </div>
  );
}
