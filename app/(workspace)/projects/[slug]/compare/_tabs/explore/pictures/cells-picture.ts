/** A table of coloured cells with names above and beside, as a picture. Pure but for the pen. */
import type { ThemeColors } from "@/app/_ui/charts/plot/dom.ts";
import type { Pen } from "@/app/_ui/charts/plot/pen.ts";
import { cut } from "../state/axis-scale.ts";
import type { Picture } from "./take-picture.tsx";

/** `ground`: null where it has none. `lines`: one or two. */
export type PictureCell = { ground: string | null; strength?: number; ink?: string; lines: string[] };

export type CellsPicture = {
  title: string;
  /** From the left, above the columns; what doesn't fit is cut. */
  across: string[];
  /** From the top, beside the rows. */
  down: string[];
  /** `[row][column]`; null: nothing stands there. */
  cells: (PictureCell | null)[][];
};

const CELL = { width: 92, height: 36 };
const BESIDE = 150;
const ABOVE = 52;
const EDGE = 12;
const FONT_SIZE = 11;
/** In characters, of the font's size. */
const NAME_MAX = { across: 15, down: 22 };

export function cellsPicture({ title, across, down, cells }: CellsPicture): Picture {
  const [left, top] = [EDGE + BESIDE, EDGE + ABOVE];
  const draw = (pen: Pen, theme: ThemeColors) => {
    pen.globalAlpha = 1;
    pen.textBaseline = "middle";
    pen.textAlign = "left";
    pen.font = `${FONT_SIZE + 1}px ${theme.font}`;
    pen.fillStyle = theme.text;
    pen.fillText(title, EDGE, EDGE + FONT_SIZE);
    pen.font = `${FONT_SIZE}px ${theme.font}`;
    pen.fillStyle = theme.muted;
    pen.textAlign = "center";
    for (const [at, name] of across.entries())
      pen.fillText(cut(name, NAME_MAX.across), left + (at + 0.5) * CELL.width, top - FONT_SIZE);
    pen.textAlign = "right";
    for (const [at, name] of down.entries())
      pen.fillText(cut(name, NAME_MAX.down), left - 8, top + (at + 0.5) * CELL.height);
    pen.textAlign = "center";
    for (const [row, line] of cells.entries())
      for (const [column, cell] of line.entries())
        if (cell) drawCell(pen, cell, { x: left + column * CELL.width, y: top + row * CELL.height }, theme);
  };
  return {
    width: left + across.length * CELL.width + EDGE,
    height: top + down.length * CELL.height + EDGE,
    draw,
  };
}

function drawCell(pen: Pen, cell: PictureCell, { x, y }: { x: number; y: number }, theme: ThemeColors): void {
  if (cell.ground !== null) {
    pen.globalAlpha = cell.strength ?? 1;
    pen.fillStyle = cell.ground;
    pen.beginPath();
    pen.rect(x, y, CELL.width - 1, CELL.height - 1);
    pen.fill();
    pen.globalAlpha = 1;
  }
  pen.fillStyle = cell.ink ?? (cell.ground === null ? theme.muted : theme.text);
  const apart = 13;
  for (const [at, line] of cell.lines.entries())
    pen.fillText(line, x + CELL.width / 2, y + CELL.height / 2 + (at - (cell.lines.length - 1) / 2) * apart);
}
