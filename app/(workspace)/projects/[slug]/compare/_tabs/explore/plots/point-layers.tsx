"use client";
/** The canvases of a plot of runs: all runs, those that are selected over them, and the one that is pointed at. */
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { useThemeColors } from "@/app/_ui/charts/plot/dom.ts";
import { type Pen, penOf } from "@/app/_ui/charts/plot/pen.ts";
import type { Plane } from "@/app/_ui/charts/plot/plane.ts";
import { titleOf } from "../state/columns.ts";
import { infeasibleColors, themeOf } from "../state/run-colors.ts";
import { drawFront, drawPlane, drawPoints, type PointPlace, pointOpacity, strongestLast } from "./draw-points.ts";
import { PictureExports } from "./picture-exports.tsx";
import type { PointPlotProps } from "./point-plot.tsx";
import { TwinLayer, useTwin } from "./twin-layer.tsx";

type PointLayersProps = {
  plot: PointPlotProps;
  plane: Plane;
  places: PointPlace;
  /** Places of the runs that are selected. */
  shown: number[];
  width: number;
  isSeen: boolean;
};

const FADED = "0.18";

export function PointLayers({ plot, plane, places, shown, width, isSeen }: PointLayersProps) {
  const { explorer, selected, x, y, colors, height, radius, front, picture: title } = plot;
  const { store, standings, pointed, axisOf } = explorer;
  const [all, chosen, lit] = [useCanvas(), useTwin(), useCanvas()];
  const theme = useThemeColors();
  const size = { width, height };
  const pen = (canvas: RefObject<HTMLCanvasElement | null>) => penOf(canvas.current!, size, window.devicePixelRatio);
  const every = useMemo(() => Array.from({ length: store.n }, (_, run) => run), [store.n]);
  const order = useMemo(() => strongestLast(every, colors), [every, colors]);
  const chosenOrder = useMemo(
    () => (selected && isSeen ? strongestLast(shown, colors) : []),
    [selected, isSeen, shown, colors],
  );
  const draw = (to: Pen, runs: readonly number[], { from = 0, end = runs.length } = {}) => {
    if (from === 0) drawPlane(to, { x: axisOf(x), y: axisOf(y), title: titleOf(x) }, { plane, ...size }, theme!);
    drawPoints(to, {
      runs: runs.slice(from, end),
      places,
      colors,
      standings,
      infeasible: infeasibleColors[themeOf(theme!.bg)],
      radius,
      opacity: pointOpacity(runs.length),
    });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn follows from these
  useLayoutEffect(() => {
    // what nobody sees stays as it was, until somebody comes
    if (!theme || !isSeen) return;
    const to = pen(all);
    draw(to, order);
    if (front) drawFront(to, front, places, theme.text);
    // tests and measurements wait for these
    all.current!.dataset.drawn = String(store.n);
    all.current!.dataset.front = String(front?.length ?? 0);
  }, [theme, isSeen, places, order, standings, front, radius]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useLayoutEffect(() => {
    if (!theme || !isSeen) return;
    all.current!.style.opacity = selected ? FADED : "";
    chosen.show(
      selected && {
        size,
        runs: chosenOrder.length,
        draw: (to, from, end) => draw(to, chosenOrder, { from, end }),
      },
    );
  }, [theme, isSeen, places, chosenOrder, selected, standings, radius]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    const light = () => {
      const run = store.ids.indexOf(pointed.get() ?? "");
      if (!lit.current || !theme || (lit.current.hidden && run < 0)) return;
      lit.current.hidden = run < 0;
      if (run >= 0) drawFront(pen(lit), [run], places, theme.text);
    };
    light();
    return pointed.subscribe(light);
  }, [pointed, theme, places, store]);
  const drawWhole = (to: Pen) => {
    draw(to, selected ? chosenOrder : order);
    if (front) drawFront(to, front, places, theme!.text);
  };
  return (
    <>
      <canvas ref={all} aria-hidden data-layer="all" className="absolute inset-0" style={size} />
      <TwinLayer twin={chosen} size={size} layer="selected" />
      <canvas ref={lit} aria-hidden data-layer="lit" className="absolute inset-0" style={size} />
      {title !== undefined && theme && (
        <div className="absolute right-0 bottom-0">
          <PictureExports title={title} background={theme.bg} make={() => ({ size, draw: drawWhole })} />
        </div>
      )}
    </>
  );
}

const useCanvas = () => useRef<HTMLCanvasElement>(null);
