/** Runs in the cells of two hyperparameters, with the mean of the objective. Pure. */
import { type AxisScale, axisScale, cut, numbersWords, type ScaleChoice, shareOf, valueAt } from "./axis-scale.ts";
import type { Column, NumberColumn, Standing } from "./columns.ts";

/** `shares`: of the axis, from 0. `words`: what lies in it. */
export type CellBand = { from: number; to: number; words: string };
export type ContourCell = { n: number; mean: number | null };
export type ContourCells = {
  across: CellBand[];
  up: CellBand[];
  /** `[up][across]`, from the lowest up. */
  cells: ContourCell[][];
  low: number;
  high: number;
};

const BANDS = 7;
/** The mean of fewer runs is said to be of too few. */
export const CELL_MIN = 3;
const CATEGORIES_MAX = 12;

/** Cells of equal width along each axis, as it is drawn; of runs that count. */
export function contourCells(
  [across, up]: readonly [Column, Column],
  objective: NumberColumn,
  standings: readonly Standing[],
  scales: Record<string, ScaleChoice>,
): ContourCells {
  const [xAxis, yAxis] = [axisScale(across, scales[across.name]), axisScale(up, scales[up.name])];
  const [xBands, yBands] = [bandsOf(across, xAxis), bandsOf(up, yAxis)];
  const sums = yBands.map(() => xBands.map(() => ({ n: 0, sum: 0 })));
  for (const [run, standing] of standings.entries()) {
    if (standing !== "counted") continue;
    const [x, y] = [bandAt(xAxis, xBands.length, run), bandAt(yAxis, yBands.length, run)];
    const cell = x === null || y === null ? undefined : sums[y]?.[x];
    if (!cell) continue;
    cell.n++;
    cell.sum += objective.values[run]!;
  }
  const cells = sums.map((row) => row.map(({ n, sum }) => ({ n, mean: n < CELL_MIN ? null : sum / n })));
  const means = cells.flat().flatMap(({ mean }) => mean ?? []);
  return { across: xBands, up: yBands, cells, low: Math.min(...means), high: Math.max(...means) };
}

function bandsOf(column: Column, { scale, names }: AxisScale): CellBand[] {
  const shown = names?.slice(0, CATEGORIES_MAX);
  if (shown)
    return shown.map((name, at) => ({ from: at / names!.length, to: (at + 1) / names!.length, words: cut(name, 12) }));
  const distinct = column.kind === "number" ? distinctOf(column.values) : [];
  const count = distinct.length > 0 && distinct.length < BANDS ? distinct.length : BANDS;
  return Array.from({ length: count }, (_, at) => {
    const [from, to] = [at / count, (at + 1) / count];
    const inside = distinct.filter((value) => bandOfShare(shareOf(scale, value), count) === at);
    if (distinct.length < BANDS)
      return { from, to, words: inside.map((value) => numbersWords(column, value)).join(", ") };
    const end = (share: number) => numbersWords(column, Number(valueAt(scale, share).toPrecision(2)));
    return { from, to, words: `${end(from)} – ${end(to)}` };
  });
}

function distinctOf(values: ArrayLike<number>): number[] {
  const found = new Set<number>();
  for (let at = 0; at < values.length && found.size <= BANDS; at++)
    if (Number.isFinite(values[at]!)) found.add(values[at]!);
  return [...found].sort((a, b) => a - b);
}

const bandOfShare = (share: number, count: number): number =>
  Math.min(count - 1, Math.max(0, Math.floor(share * count)));

/** Null where the run has no value, or is of a category beyond those that are shown. */
function bandAt({ scale, at, names }: AxisScale, count: number, run: number): number | null {
  const share = shareOf(scale, at[run]!);
  if (!Number.isFinite(share)) return null;
  if (names) return Math.floor(at[run]!) < count ? Math.floor(at[run]!) : null;
  return bandOfShare(share, count);
}
