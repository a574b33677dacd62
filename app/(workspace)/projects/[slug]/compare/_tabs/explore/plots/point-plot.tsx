"use client";
/** Runs as marks over two columns; to drag a box selects what lies in it, in every view. */
import { type PointerEvent, useMemo, useRef } from "react";
import { useSize, useVisible } from "@/app/_ui/charts/plot/dom.ts";
import { boxOf, type Plane } from "@/app/_ui/charts/plot/plane.ts";
import { type AxisScale, padded, shareOf, valueAt } from "../state/axis-scale.ts";
import { brushBetween } from "../state/brushes.ts";
import type { Column } from "../state/columns.ts";
import type { Explorer } from "../state/explorer.ts";
import type { RunColors } from "../state/run-colors.ts";
import { nearestPoint, pointPlaces } from "./draw-points.ts";
import { PointLayers } from "./point-layers.tsx";
import { RunTip } from "./run-tip.tsx";
import { type Drag, isDragged, placeOf, sharesBetween, useBoxDrag } from "./use-box-drag.ts";
import { useRunTip } from "./use-run-tip.ts";

export type PointPlotProps = {
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
  /** What its file is called; without one it can't be taken away. */
  picture?: string;
};

export function PointPlot(props: PointPlotProps) {
  const { explorer, selected, x, y, height, picture } = props;
  const { store, standings, openRun, axisOf, brush } = explorer;
  const holder = useRef<HTMLDivElement>(null);
  const isSeen = useVisible(holder);
  const { width } = useSize(holder, false);
  const [xAxis, yAxis] = [axisOf(x), axisOf(y)];
  const plane: Plane = useMemo(
    () => ({ box: boxOf(width, height), x: padded(xAxis), y: padded(yAxis) }),
    [width, height, xAxis, yAxis],
  );
  const places = useMemo(() => pointPlaces(xAxis, yAxis, plane, standings), [xAxis, yAxis, plane, standings]);
  const { tip, point, leave } = useRunTip(explorer);
  const shown = useMemo(() => shownRuns(store.n, selected), [store.n, selected]);
  const choose = (box: Drag) => {
    for (const [column, axis, side] of [
      [x, xAxis, "x"],
      [y, yAxis, "y"],
    ] as const) {
      const [from, to] = sharesBetween(plane, box, side).map((share) => ownShare(axis, plane[side], share));
      brush(column.name, brushBetween(column, axis, from!, to!));
    }
  };
  const open = (place: { x: number; y: number }) => {
    const run = nearestPoint(shown, places, place);
    if (run !== null) openRun(run);
  };
  const { drag, press, move, release, giveUp } = useBoxDrag(choose, open);
  const follow = (event: PointerEvent<HTMLElement>) => {
    move(event);
    point(drag ? null : nearestPoint(shown, places, placeOf(event)), event);
  };
  return (
    <div
      ref={holder}
      data-testid={picture === undefined ? "slice" : "scatter"}
      data-x={x.name}
      data-y={y.name}
      className="relative w-full cursor-crosshair touch-pan-y"
      style={{ height }}
      onPointerDown={press}
      onPointerMove={follow}
      onPointerUp={release}
      onPointerCancel={giveUp}
      onPointerLeave={leave}
    >
      {width > 0 && (
        <PointLayers plot={props} plane={plane} places={places} shown={shown} width={width} isSeen={isSeen} />
      )}
      {drag && isDragged(drag) && <DragBox drag={drag} />}
      {tip && <RunTip tip={tip} explorer={explorer} columns={x === y ? [x] : [x, y]} />}
    </div>
  );
}

const shownRuns = (n: number, selected: Uint8Array | null): number[] =>
  Array.from({ length: n }, (_, run) => run).filter((run) => selected === null || selected[run] === 1);

/** Of the axis itself, from a share of the plane, which is a little wider. */
const ownShare = (axis: AxisScale, padding: Plane["x"], share: number): number =>
  shareOf(axis.scale, valueAt(padding, share));

const DragBox = ({ drag: { fromX, fromY, x, y } }: { drag: Drag }) => (
  <div
    className="pointer-events-none absolute border border-accent bg-accent/10"
    style={{
      left: Math.min(fromX, x),
      top: Math.min(fromY, y),
      width: Math.abs(x - fromX),
      height: Math.abs(y - fromY),
    }}
  />
);
