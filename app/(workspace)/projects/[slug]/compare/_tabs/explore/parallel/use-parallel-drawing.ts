"use client";
/** Draws parallel coordinates on canvases that lie over each other: all runs, those selected, the one pointed at, the axes. */
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { ThemeColors } from "@/app/_ui/charts/plot/dom.ts";
import { type Pen, penOf } from "@/app/_ui/charts/plot/pen.ts";
import { useTwin } from "../plots/twin-layer.tsx";
import { cut } from "../state/axis-scale.ts";
import { shortLabels } from "../state/columns.ts";
import { infeasibleColors, themeOf } from "../state/run-colors.ts";
import { crossings, drawLine, drawLines, drawParallelAxes, opacityFor, PARALLEL_HEIGHT } from "./draw-parallel.ts";
import type { ParallelLinesProps } from "./parallel-lines.tsx";

type Drawn = {
  /** Places of runs, those that others may hide first. */
  order: number[];
  /** Those of them that are selected. */
  shown: number[];
  theme: ThemeColors | null;
};

const FADED = 0.12;
/** Of a file, below the picture of the page: room for the names of the axes. */
export const NAMES_HEIGHT = 32;
/** In characters, and in pixels beyond the last axis. */
const NAME_MAX = 24;
const NAME_REACH = 40;

export function useParallelDrawing(
  { explorer, axes, colors, selected, box }: ParallelLinesProps,
  { order, shown, theme }: Drawn,
) {
  const { store, standings, pointed, axisOf } = explorer;
  const [all, lit, over] = [useCanvas(), useCanvas(), useCanvas()];
  const chosen = useTwin();
  const scales = useMemo(() => axes.map(axisOf), [axes, axisOf]);
  const ys = useMemo(() => crossings(scales, box), [scales, box]);
  const isReady = theme !== null && box.width > 0 && axes.length > 0;
  const pen = (canvas: RefObject<HTMLCanvasElement | null>) =>
    penOf(canvas.current!, { width: box.width, height: PARALLEL_HEIGHT }, window.devicePixelRatio);
  const draw = (to: Pen, runs: readonly number[], { faded = 1, from = 0, end = runs.length } = {}) => {
    const infeasible = infeasibleColors[themeOf(theme!.bg)];
    const some = runs.slice(from, end);
    drawLines(to, { runs: some, ys, xs: box.xs, colors, standings, infeasible }, opacityFor(runs.length) * faded);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn follows from these
  useLayoutEffect(() => {
    if (!isReady) return;
    // at once: nobody's hand waits for it, and in portions it would be there later
    draw(pen(all), order);
    drawParallelAxes(pen(over), scales, box, theme);
    // tests and measurements wait for these
    all.current!.dataset.drawn = `${store.n} ${axes.length}`;
  }, [isReady, order, ys, colors, standings, theme, box]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above; the lines of all stay as they are while somebody brushes
  useLayoutEffect(() => {
    if (!isReady) return;
    all.current!.style.opacity = selected ? String(FADED) : "";
    chosen.show(
      selected && {
        size: { width: box.width, height: PARALLEL_HEIGHT },
        runs: shown.length,
        draw: (to, from, end) => draw(to, shown, { from, end }),
      },
    );
  }, [isReady, shown, selected, ys, colors, standings, theme, box]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    const light = () => {
      if (!isReady || !lit.current) return;
      const run = store.ids.indexOf(pointed.get() ?? "");
      if (run < 0 && lit.current.hidden) return;
      lit.current.hidden = run < 0;
      if (run >= 0) drawLine(pen(lit), { ys, xs: box.xs }, run, theme.text);
    };
    light();
    return pointed.subscribe(light);
  }, [isReady, pointed, store, ys, theme, box]);
  const drawWhole = (to: Pen) => {
    draw(to, order, { faded: selected ? FADED : 1 });
    if (selected) draw(to, shown);
    drawParallelAxes(to, scales, box, theme!);
    drawNames(to);
  };
  /** Which stand in the page as buttons; below the picture of the page, in two rows. */
  const drawNames = (to: Pen) => {
    to.fillStyle = theme!.muted;
    const labels = shortLabels(axes);
    for (const [at, column] of axes.entries()) {
      to.textAlign = at === axes.length - 1 ? "right" : "center";
      const x = box.xs[at]! + (at === axes.length - 1 ? NAME_REACH : 0);
      to.fillText(cut(labels.get(column)!, NAME_MAX), x, PARALLEL_HEIGHT + (at % 2 === 0 ? 8 : 22));
    }
  };
  return { layers: { all, chosen, lit, over }, ys, drawWhole };
}

const useCanvas = () => useRef<HTMLCanvasElement>(null);
