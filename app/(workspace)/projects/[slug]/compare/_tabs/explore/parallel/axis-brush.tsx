"use client";
/** Brushes an axis: by dragging along it, and by a handle at each end that arrow keys move. */
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { type AxisScale, numbersWords, valueAt } from "../state/axis-scale.ts";
import { type Brush, brushBetween, sharesOf } from "../state/brushes.ts";
import type { Column } from "../state/columns.ts";

/** A pointer that moved less, in pixels, was not dragged. */
const LEAST_PX = 4;
/** A key moves a handle by so much of an axis of numbers. */
const KEY_STEP = 0.02;

type AxisBrushProps = {
  column: Column;
  axis: AxisScale;
  brush: Brush | undefined;
  /** In pixels: the axis's own height. */
  height: number;
  onBrush: (column: string, brush: Brush | null) => void;
};

/** Where a drag began: beside an end the other one stays, within the brush it moves as a whole. */
type Drag = { from: number; kind: "new" | "end" } | { from: number; kind: "move"; low: number; high: number };

/** A pointer this near, in pixels, is on an end. */
const END_PX = 6;

export function AxisBrush({ column, axis, brush, height, onBrush }: AxisBrushProps) {
  const drag = useRef<Drag | null>(null);
  const pressed = useRef(0);
  const [low, high] = brush ? sharesOf(axis, brush) : [0, 1];
  const between = (a: number, b: number) => onBrush(column.name, brushBetween(column, axis, a, b));
  const shareAt = (event: PointerEvent<HTMLElement>) => {
    const { bottom } = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (bottom - event.clientY) / height));
  };
  const press = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || !event.isPrimary) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const share = shareAt(event);
    const isOn = (end: number) => brush !== undefined && Math.abs(share - end) * height <= END_PX;
    pressed.current = share;
    if (isOn(high)) drag.current = { kind: "end", from: low };
    else if (isOn(low)) drag.current = { kind: "end", from: high };
    else if (brush && share > low && share < high) drag.current = { kind: "move", from: share, low, high };
    else drag.current = { kind: "new", from: share };
  };
  const isMoved = (share: number) => Math.abs(share - pressed.current) * height >= LEAST_PX;
  const move = (event: PointerEvent<HTMLElement>) => {
    const [began, share] = [drag.current, shareAt(event)];
    if (!began || !isMoved(share)) return;
    if (began.kind !== "move") return between(began.from, share);
    const by = Math.min(1 - began.high, Math.max(-began.low, share - began.from));
    between(began.low + by, began.high + by);
  };
  const release = (event: PointerEvent<HTMLElement>) => {
    // a click takes the brush away
    if (drag.current && !isMoved(shareAt(event))) onBrush(column.name, null);
    drag.current = null;
  };
  const step = axis.names ? 1 / axis.names.length : KEY_STEP;
  return (
    <div
      data-axis-brush={column.name}
      className="absolute inset-x-0 cursor-ns-resize touch-pan-x"
      style={{ height }}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={() => {
        drag.current = null;
      }}
    >
      {brush && (
        <div
          className="pointer-events-none absolute inset-x-2 border-y border-accent bg-accent/20"
          style={{ top: percent(1 - high), height: percent(high - low) }}
        />
      )}
      <Handle
        column={column}
        axis={axis}
        end="from"
        share={low}
        onMove={(by) => between(low + by * step, high)}
        onClear={() => onBrush(column.name, null)}
      />
      <Handle
        column={column}
        axis={axis}
        end="to"
        share={high}
        onMove={(by) => between(low, high + by * step)}
        onClear={() => onBrush(column.name, null)}
      />
    </div>
  );
}

/** With no more digits than a browser keeps, or the server's page would be another. */
const percent = (share: number): string => `${Math.round(share * 10_000) / 100}%`;

type HandleProps = {
  column: Column;
  axis: AxisScale;
  end: "from" | "to";
  share: number;
  /** By how many steps. */
  onMove: (steps: number) => void;
  onClear: () => void;
};

const moves: Record<string, number> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 10,
  PageDown: -10,
};

function Handle({ column, axis, end, share, onMove, onClear }: HandleProps) {
  const press = (event: KeyboardEvent) => {
    const by = moves[event.key];
    if (event.key === "Escape" || event.key === "Delete") onClear();
    else if (by === undefined || event.altKey) return;
    else onMove(by);
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`${column.label} ${end}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      aria-valuetext={endWords(column, axis, end, share)}
      onKeyDown={press}
      className="pointer-events-none absolute inset-x-2 h-1 rounded-sm outline-offset-2 focus-visible:bg-accent"
      style={{ top: `calc(${percent(1 - share)} - 2px)` }}
    />
  );
}

function endWords(column: Column, axis: AxisScale, end: "from" | "to", share: number): string {
  const value = valueAt(axis.scale, share);
  if (!axis.names) return numbersWords(column, value);
  const code = end === "from" ? Math.ceil(value - 0.5) : Math.floor(value - 0.5);
  return axis.names[Math.min(axis.names.length - 1, Math.max(0, code))] ?? "none";
}
