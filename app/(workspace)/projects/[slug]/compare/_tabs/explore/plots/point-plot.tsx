"use client";
/** Runs as marks over two columns; to drag a box selects what lies in it, in every view. */
import { type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useSize, useThemeColors, useVisible } from "@/app/_ui/charts/plot/dom.ts";
import { penOf } from "@/app/_ui/charts/plot/pen.ts";
import { boxOf, type Plane } from "@/app/_ui/charts/plot/plane.ts";
import { padded, shareOf, valueAt } from "../state/axis-scale.ts";
import { brushBetween } from "../state/brushes.ts";
import type { Column } from "../state/columns.ts";
import type { Explorer } from "../state/explorer.ts";
import { infeasibleColors, type RunColors, themeOf } from "../state/run-colors.ts";
import { drawFront, drawPlane, drawPoints, nearestPoint, type PointPlace, pointPlaces } from "./draw-points.ts";
import { RunTip, type TipPlace } from "./run-tip.tsx";

type PointPlotProps = {
  explorer: Explorer;
  /** Null: nothing is brushed. */
  selected: Uint8Array | null;
  x: Column;
  y: Column;
  colors: RunColors;
  height: number;
  radius: (run: number) => number;
  /** Runs that none beats; none where there is no front. */
  front?: readonly number[];
  testId: string;
};

/** A pointer that moved less, in pixels, was not dragged. */
const LEAST_PX = 5;

type Drag = { fromX: number; fromY: number; x: number; y: number };

export function PointPlot(props: PointPlotProps) {
  const { explorer, selected, x, y, height, testId } = props;
  const { store, standings, pointed, openRun, axisOf, brush } = explorer;
  const holder = useRef<HTMLDivElement>(null);
  const isSeen = useVisible(holder);
  const { width } = useSize(holder);
  const [xAxis, yAxis] = [axisOf(x), axisOf(y)];
  const plane: Plane = useMemo(
    () => ({ box: boxOf(width, height), x: padded(xAxis), y: padded(yAxis) }),
    [width, height, xAxis, yAxis],
  );
  const places = useMemo(() => pointPlaces(xAxis, yAxis, plane, standings), [xAxis, yAxis, plane, standings]);
  const [drag, setDrag] = useState<Drag | null>(null);
  const [tip, setTip] = useState<TipPlace | null>(null);
  const shown = useMemo(() => shownRuns(store.n, selected), [store.n, selected]);
  const placed = (event: PointerEvent<HTMLElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const press = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || !event.isPrimary) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = placed(event);
    setDrag({ fromX: at.x, fromY: at.y, ...at });
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const at = placed(event);
    if (drag) {
      setTip(null);
      return setDrag({ ...drag, ...at });
    }
    const run = nearestPoint(shown, places, at);
    pointed.point(run === null ? null : store.ids[run]!);
    setTip(run === null ? null : { run, x: event.clientX, y: event.clientY });
  };
  const release = () => {
    setDrag(null);
    if (!drag) return;
    if (isDragged(drag)) {
      const [acrossShares, upShares] = [sharesBetween(plane, drag, "x"), sharesBetween(plane, drag, "y")];
      const own = (axis: typeof xAxis, padding: typeof plane.x, share: number) =>
        shareOf(axis.scale, valueAt(padding, share));
      brush(x.name, brushBetween(x, xAxis, own(xAxis, plane.x, acrossShares[0]), own(xAxis, plane.x, acrossShares[1])));
      brush(y.name, brushBetween(y, yAxis, own(yAxis, plane.y, upShares[0]), own(yAxis, plane.y, upShares[1])));
      return;
    }
    const run = nearestPoint(shown, places, { x: drag.x, y: drag.y });
    if (run !== null) openRun(run);
  };
  const leave = () => {
    pointed.point(null);
    setTip(null);
  };
  return (
    <div
      ref={holder}
      data-testid={testId}
      data-x={x.name}
      data-y={y.name}
      className="relative w-full cursor-crosshair touch-pan-y"
      style={{ height }}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={() => setDrag(null)}
      onPointerLeave={leave}
    >
      {width > 0 && (
        <PointLayers {...props} plane={plane} places={places} shown={shown} width={width} isSeen={isSeen} />
      )}
      {drag && isDragged(drag) && (
        <div
          className="pointer-events-none absolute border border-accent bg-accent/10"
          style={{
            left: Math.min(drag.fromX, drag.x),
            top: Math.min(drag.fromY, drag.y),
            width: Math.abs(drag.x - drag.fromX),
            height: Math.abs(drag.y - drag.fromY),
          }}
        />
      )}
      {tip && <RunTip tip={tip} explorer={explorer} columns={x === y ? [x] : [x, y]} />}
    </div>
  );
}

const isDragged = ({ fromX, fromY, x, y }: Drag): boolean => Math.hypot(x - fromX, y - fromY) >= LEAST_PX;

const shownRuns = (n: number, selected: Uint8Array | null): number[] =>
  Array.from({ length: n }, (_, run) => run).filter((run) => selected === null || selected[run] === 1);

function sharesBetween({ box }: Plane, drag: Drag, side: "x" | "y"): [number, number] {
  const share = (at: number) => (side === "x" ? (at - box.left) / box.width : (box.top + box.height - at) / box.height);
  const [a, b] = side === "x" ? [share(drag.fromX), share(drag.x)] : [share(drag.fromY), share(drag.y)];
  return [Math.min(a, b), Math.max(a, b)];
}

type PointLayersProps = PointPlotProps & {
  plane: Plane;
  places: PointPlace;
  shown: number[];
  width: number;
  isSeen: boolean;
};

/** All runs, those that are selected over them, and the one that is pointed at. */
function PointLayers(props: PointLayersProps) {
  const { explorer, selected, x, y, colors, height, radius, front, plane, places, shown, width, isSeen } = props;
  const { store, standings, pointed, axisOf } = explorer;
  const [all, chosen, lit] = [useCanvas(), useCanvas(), useCanvas()];
  const theme = useThemeColors();
  const picture = { width, height };
  const pen = (canvas: HTMLCanvasElement) => penOf(canvas, picture, window.devicePixelRatio);
  const order = useMemo(() => strongestLast(shownRuns(store.n, null), colors), [store.n, colors]);
  const chosenOrder = useMemo(() => (selected ? strongestLast(shown, colors) : []), [selected, shown, colors]);
  const pointsOf = (runs: readonly number[]) => ({
    runs,
    places,
    colors,
    standings,
    infeasible: infeasibleColors[themeOf(theme!.bg)],
    radius,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn follows from these
  useLayoutEffect(() => {
    // what nobody sees stays as it was, until somebody comes
    if (!theme || !isSeen) return;
    const canvas = pen(all.current!);
    drawPlane(canvas, { x: axisOf(x), y: axisOf(y), title: titleOf(x) }, { plane, ...picture }, theme);
    drawPoints(canvas, pointsOf(order));
    if (front) drawFront(canvas, front, places, theme.text);
    all.current!.dataset.drawn = String(store.n);
    all.current!.dataset.front = String(front?.length ?? 0);
  }, [theme, isSeen, places, order, standings, front, radius]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useLayoutEffect(() => {
    if (!theme || !isSeen) return;
    all.current!.style.opacity = selected ? "0.18" : "";
    chosen.current!.hidden = selected === null;
    chosen.current!.dataset.drawn = selected ? String(shown.length) : "";
    if (!selected) return;
    const canvas = pen(chosen.current!);
    drawPlane(canvas, { x: axisOf(x), y: axisOf(y), title: titleOf(x) }, { plane, ...picture }, theme);
    drawPoints(canvas, pointsOf(chosenOrder));
  }, [theme, isSeen, places, chosenOrder, selected, standings, radius]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    const light = () => {
      const run = store.ids.indexOf(pointed.get() ?? "");
      if (!lit.current || !theme || (lit.current.hidden && run < 0)) return;
      lit.current.hidden = run < 0;
      if (run >= 0) drawFront(pen(lit.current), [run], places, theme.text);
    };
    light();
    return pointed.subscribe(light);
  }, [pointed, theme, places, store]);
  return (
    <>
      {[all, chosen, lit].map((ref, at) => (
        <canvas
          // biome-ignore lint/suspicious/noArrayIndexKey: three that stay
          key={at}
          ref={ref}
          aria-hidden
          data-layer={["all", "selected", "lit"][at]}
          className="absolute inset-0"
          style={picture}
        />
      ))}
    </>
  );
}

const titleOf = (column: Column): string =>
  column.kind === "number" && column.unit !== "" ? `${column.label}, ${column.unit}` : column.label;

const useCanvas = () => useRef<HTMLCanvasElement>(null);

const strongestLast = (runs: number[], { of }: RunColors): number[] =>
  [...runs].sort((a, b) => of[a]! - of[b]! || a - b);
