/** The slices as one picture, three beside each other. Pure but for the pen. */
import type { ThemeColors } from "@/app/_ui/charts/plot/dom.ts";
import type { Pen } from "@/app/_ui/charts/plot/pen.ts";
import { boxOf, type Plane } from "@/app/_ui/charts/plot/plane.ts";
import { drawPlane, drawPoints, pointOpacity, pointPlaces, strongestLast } from "../plots/draw-points.ts";
import { padded } from "../state/axis-scale.ts";
import { type Column, titleOf } from "../state/columns.ts";
import type { Explorer } from "../state/explorer.ts";
import { infeasibleColors, type RunColors, themeOf } from "../state/run-colors.ts";
import type { Picture } from "./take-picture.tsx";

type SlicesDrawn = {
  title: string;
  explorer: Explorer;
  columns: readonly Column[];
  colors: RunColors;
  /** Null: all runs. */
  selected: Uint8Array | null;
  radius: (run: number) => number;
};

const TILE = { width: 340, height: 210 };
const ABREAST = 3;
const HEAD = 28;
const EDGE = 12;

export function slicesPicture({ title, explorer, columns, colors, selected, radius }: SlicesDrawn): Picture {
  const { store, standings, axisOf, objective } = explorer;
  const every = Array.from({ length: store.n }, (_, run) => run);
  const runs = strongestLast(selected ? every.filter((run) => selected[run] === 1) : every, colors);
  const draw = (pen: Pen, theme: ThemeColors) => {
    pen.globalAlpha = 1;
    pen.textBaseline = "middle";
    pen.textAlign = "left";
    pen.font = `12px ${theme.font}`;
    pen.fillStyle = theme.text;
    pen.fillText(title, EDGE, HEAD / 2);
    const infeasible = infeasibleColors[themeOf(theme.bg)];
    for (const [at, column] of columns.entries()) {
      const [left, top] = [(at % ABREAST) * TILE.width, HEAD + Math.floor(at / ABREAST) * TILE.height];
      const [x, y] = [axisOf(column), axisOf(objective!)];
      const box = boxOf(TILE.width, TILE.height);
      const plane: Plane = {
        box: { ...box, left: box.left + left, top: box.top + top },
        x: padded(x),
        y: padded(y),
      };
      drawPlane(
        pen,
        { x, y, title: titleOf(column) },
        { plane, width: left + TILE.width, height: top + TILE.height },
        theme,
      );
      const places = pointPlaces(x, y, plane, standings);
      drawPoints(pen, { runs, places, colors, standings, infeasible, radius, opacity: pointOpacity(runs.length) });
    }
  };
  return {
    width: Math.min(ABREAST, columns.length) * TILE.width,
    height: HEAD + Math.ceil(columns.length / ABREAST) * TILE.height,
    draw,
  };
}
