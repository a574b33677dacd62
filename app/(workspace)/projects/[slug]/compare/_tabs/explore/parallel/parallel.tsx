"use client";
/** Parallel coordinates: an axis a column, a line a run; to brush an axis selects in every view. */
import { type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useSize, useThemeColors } from "@/app/_ui/charts/plot/dom.ts";
import { penOf } from "@/app/_ui/charts/plot/pen.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { RunTip, type TipPlace } from "../plots/run-tip.tsx";
import type { Brush } from "../state/brushes.ts";
import { type Column, shortLabels } from "../state/columns.ts";
import type { Explorer } from "../state/explorer.ts";
import { infeasibleColors, type RunColors, themeOf } from "../state/run-colors.ts";
import { AxisBrush } from "./axis-brush.tsx";
import { AxisHead } from "./axis-head.tsx";
import {
  crossings,
  drawLines,
  drawParallelAxes,
  nearestLine,
  opacityFor,
  type ParallelBox,
  ROOM,
} from "./draw-parallel.ts";

const HEIGHT = 320;
/** Axes closer to each other can't be read: the picture scrolls sideways. */
const APART_MIN = 92;
const SIDE = 46;

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
  const { width: room } = useSize(scroller);
  const width = Math.max(room, axes.length * APART_MIN);
  const apart = axes.length < 2 ? width - 2 * SIDE : (width - 2 * SIDE) / (axes.length - 1);
  const box: ParallelBox = useMemo(
    () => ({
      width,
      top: ROOM.top,
      height: HEIGHT - ROOM.top - ROOM.bottom,
      xs: axes.map((_, at) => SIDE + at * apart),
    }),
    [width, apart, axes],
  );
  const labels = useMemo(() => shortLabels(axes), [axes]);
  const names = axes.map(({ name }) => name);
  const move = (from: number, by: number) => {
    const next = [...names];
    const [name] = next.splice(from, 1);
    next.splice(Math.min(names.length - 1, Math.max(0, from + by)), 0, name!);
    onAxes(next);
  };
  const { view, show, brush, axisOf } = explorer;
  return (
    <div ref={scroller} className="relative overflow-x-auto overflow-y-hidden">
      <div className="relative" style={{ width }}>
        <div className="relative h-7">
          {axes.map((column, at) => {
            const { scale, isLogPossible } = axisOf(column);
            const brushed = brushes.some((one) => one.column === column.name);
            const head = Math.min(apart - 6, 150);
            return (
              <div
                key={column.name}
                className="absolute"
                style={{ left: clamp(box.xs[at]! - head / 2, width - head), width: head }}
              >
                <AxisHead
                  column={column}
                  label={labels.get(column)!}
                  isLog={isLogPossible ? scale.log : null}
                  isBrushed={brushed}
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
        <div className="relative" style={{ height: HEIGHT }}>
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

const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value));

type ParallelLinesProps = Pick<ParallelProps, "explorer" | "axes" | "colors" | "selected"> & { box: ParallelBox };

function ParallelLines({ explorer, axes, colors, selected, box }: ParallelLinesProps) {
  const { store, standings, pointed, openRun, axisOf } = explorer;
  const [all, chosen, over, lit] = [useCanvas(), useCanvas(), useCanvas(), useCanvas()];
  const theme = useThemeColors();
  const [tip, setTip] = useState<TipPlace | null>(null);
  const scales = useMemo(() => axes.map(axisOf), [axes, axisOf]);
  const ys = useMemo(() => crossings(scales, box), [scales, box]);
  const order = useMemo(() => drawOrder(store.n, colors), [store.n, colors]);
  const shown = useMemo(() => (selected ? order.filter((run) => selected[run] === 1) : order), [order, selected]);
  const picture = { width: box.width, height: HEIGHT };
  const isReady = theme !== null && box.width > 0 && axes.length > 0;
  const linesOf = (runs: readonly number[]) => ({
    runs,
    ys,
    xs: box.xs,
    colors,
    standings,
    infeasible: infeasibleColors[themeOf(theme!.bg)],
  });
  const pen = (canvas: HTMLCanvasElement) => penOf(canvas, picture, window.devicePixelRatio);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn follows from these
  useLayoutEffect(() => {
    if (!isReady) return;
    drawLines(pen(all.current!), linesOf(order), opacityFor(store.n));
    drawParallelAxes(pen(over.current!), scales, box, theme);
    all.current!.dataset.drawn = `${store.n} ${axes.length}`;
  }, [isReady, order, ys, colors, standings, theme, box]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above; the lines of all stay as they are while somebody brushes
  useLayoutEffect(() => {
    if (!isReady) return;
    all.current!.style.opacity = selected ? "0.12" : "";
    chosen.current!.hidden = selected === null;
    if (selected) drawLines(pen(chosen.current!), linesOf(shown), opacityFor(shown.length));
    chosen.current!.dataset.drawn = selected ? String(shown.length) : "";
  }, [isReady, shown, selected, ys, colors, standings, theme, box]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    const light = () => {
      if (!isReady || !lit.current) return;
      const run = store.ids.indexOf(pointed.get() ?? "");
      const canvas = pen(lit.current);
      if (run >= 0) {
        canvas.lineWidth = 3;
        drawLit(canvas, run, ys, box.xs, theme.text);
      }
    };
    light();
    return pointed.subscribe(light);
  }, [isReady, pointed, store, ys, theme, box]);
  const point = (event: PointerEvent<HTMLElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const run =
      event.buttons === 0
        ? nearestLine(shown, { ys, xs: box.xs }, { x: event.clientX - left, y: event.clientY - top })
        : null;
    pointed.point(run === null ? null : store.ids[run]!);
    setTip(run === null ? null : { run, x: event.clientX, y: event.clientY });
  };
  const leave = () => {
    pointed.point(null);
    setTip(null);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the list of runs below opens them by keyboard
    <div
      className="absolute inset-0"
      onPointerMove={point}
      onPointerLeave={leave}
      onClick={() => tip && openRun(tip.run)}
    >
      {[all, chosen, lit, over].map((ref, at) => (
        <canvas
          // biome-ignore lint/suspicious/noArrayIndexKey: four that stay
          key={at}
          ref={ref}
          aria-hidden
          data-testid={["parallel-all", "parallel-selected", "parallel-lit", "parallel-axes"][at]}
          className="absolute inset-0"
          style={picture}
        />
      ))}
      <p className="sr-only" data-testid="parallel-summary">
        {countWords(store.n, "run")} over {countWords(axes.length, "axis", "axes")}:{" "}
        {axes.map(({ label }) => label).join(", ")}. {countWords(shown.length, "run")} within what is brushed.
      </p>
      {tip && <RunTip tip={tip} explorer={explorer} columns={axes} />}
    </div>
  );
}

const useCanvas = () => useRef<HTMLCanvasElement>(null);

/** The strongest colour last, over the others. */
const drawOrder = (n: number, { of }: RunColors): number[] =>
  Array.from({ length: n }, (_, run) => run).sort((a, b) => of[a]! - of[b]! || a - b);

function drawLit(pen: ReturnType<typeof penOf>, run: number, ys: Float32Array[], xs: number[], color: string): void {
  pen.strokeStyle = color;
  pen.beginPath();
  for (const [at, x] of xs.entries()) (at === 0 ? pen.moveTo : pen.lineTo).call(pen, x, ys[at]![run]!);
  pen.stroke();
}
