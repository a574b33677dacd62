"use client";
/** Parallel coordinates: an axis a column, a line a run; to brush an axis selects in every view. */
import { memo, useMemo, useRef } from "react";
import { useSize } from "@/app/_ui/charts/plot/dom.ts";
import type { Brush } from "../state/brushes.ts";
import { type Column, shortLabels } from "../state/columns.ts";
import type { Explorer } from "../state/explorer.ts";
import type { RunColors } from "../state/run-colors.ts";
import { AxisBrush } from "./axis-brush.tsx";
import { AxisHead } from "./axis-head.tsx";
import { PARALLEL_HEIGHT, type ParallelBox, ROOM } from "./draw-parallel.ts";
import { ParallelLines } from "./parallel-lines.tsx";

/** Axes closer to each other can't be read: the picture scrolls sideways. */
const APART_MIN = 84;
const SIDE = 46;
/** Below the picture, in pixels. */
const EXPORTS_HEIGHT = 20;

type ParallelProps = {
  explorer: Explorer;
  axes: Column[];
  colors: RunColors;
  brushes: readonly Brush[];
  /** Null: nothing is brushed. */
  selected: Uint8Array | null;
  onAxes: (axes: string[]) => void;
};

export function Parallel({ explorer, axes, colors, brushes, selected, onAxes }: ParallelProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { width: room } = useSize(scroller, false);
  const width = Math.max(room, axes.length * APART_MIN);
  const apart = axes.length < 2 ? width - 2 * SIDE : (width - 2 * SIDE) / (axes.length - 1);
  const box: ParallelBox = useMemo(
    () => ({
      width,
      top: ROOM.top,
      height: PARALLEL_HEIGHT - ROOM.top - ROOM.bottom,
      xs: axes.map((_, at) => SIDE + at * apart),
    }),
    [width, apart, axes],
  );
  const { brush, axisOf } = explorer;
  const brushed = JSON.stringify(brushes.map(({ column }) => column));
  return (
    <div ref={scroller} className="relative overflow-x-auto overflow-y-hidden pt-1">
      <div className="relative" style={{ width }}>
        <AxisHeads explorer={explorer} axes={axes} box={box} apart={apart} brushed={brushed} onAxes={onAxes} />
        <div className="relative" style={{ height: PARALLEL_HEIGHT + EXPORTS_HEIGHT }}>
          <ParallelLines explorer={explorer} axes={axes} colors={colors} selected={selected} box={box} />
          {axes.map((column, at) => (
            <div key={column.name} className="absolute w-7" style={{ left: box.xs[at]! - 14, top: box.top }}>
              <AxisBrush
                column={column}
                axis={axisOf(column)}
                brush={brushes.find((one) => one.column === column.name)}
                height={box.height}
                onBrush={brush}
              />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

type AxisHeadsProps = Pick<ParallelProps, "explorer" | "axes" | "onAxes"> & {
  box: ParallelBox;
  apart: number;
  /** Names of the columns that are brushed, as JSON: a text stays the same while a brush moves. */
  brushed: string;
};

/** By themselves, as nothing of them changes while a brush moves. */
const AxisHeads = memo(function AxisHeads({ explorer, axes, box, apart, brushed, onAxes }: AxisHeadsProps) {
  const { view, show, brush, axisOf } = explorer;
  const labels = useMemo(() => shortLabels(axes), [axes]);
  const areBrushed = useMemo(() => new Set(JSON.parse(brushed) as string[]), [brushed]);
  const names = axes.map(({ name }) => name);
  const move = (from: number, by: number) => {
    const next = [...names];
    const [name] = next.splice(from, 1);
    next.splice(Math.min(names.length - 1, Math.max(0, from + by)), 0, name!);
    onAxes(next);
  };
  const head = Math.min(apart - 6, 150);
  return (
    <div className="relative h-7">
      {axes.map((column, at) => {
        const { scale, isLogPossible } = axisOf(column);
        return (
          <div
            key={column.name}
            className="absolute"
            style={{ left: clamp(box.xs[at]! - head / 2, box.width - head), width: head }}
          >
            <AxisHead
              column={column}
              label={labels.get(column)!}
              isLog={isLogPossible ? scale.log : null}
              isBrushed={areBrushed.has(column.name)}
              apart={apart}
              acts={{
                onMove: (by) => move(at, by),
                onRemove: () => onAxes(names.filter((name) => name !== column.name)),
                onColor: () => show({ color: column.name }),
                onScatter: () => show({ x: column.name }),
                onScale: (choice) => show({ scales: { ...view.scales, [column.name]: choice } }),
                onClear: () => brush(column.name, null),
              }}
            />
          </div>
        );
      })}
    </div>
  );
});

const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value));
