"use client";
/** The mean of the objective over the cells of two hyperparameters. */
import { useMemo } from "react";
import { useThemeColors } from "@/app/_ui/charts/plot/dom.ts";
import { SelectField } from "@/app/_ui/parts/field.tsx";
import { columnFormat, numberWords } from "@/lib/words/numbers.ts";
import { cellsPicture } from "../pictures/cells-picture.ts";
import { TakePicture } from "../pictures/take-picture.tsx";
import { brushBetween } from "../state/brushes.ts";
import type { Column } from "../state/columns.ts";
import { CELL_MIN, type CellBand, type ContourCell, type ContourCells, contourCells } from "../state/contour-cells.ts";
import type { Explorer } from "../state/explorer.ts";
import { inkOn, rampColor, type Theme, themeOf } from "../state/run-colors.ts";

type ContourProps = { explorer: Explorer; across: Column; up: Column; choices: Column[] };

export function Contour({ explorer, across, up, choices }: ContourProps) {
  const { objective, better, standings, view, show } = explorer;
  const theme = useThemeColors();
  const cells = useMemo(
    () => objective && contourCells([across, up], objective, standings, view.scales),
    [across, up, objective, standings, view.scales],
  );
  const options = choices.map(({ name, label }) => [name, label] as const);
  if (!cells) return null;
  const shown: ShownCells = {
    cells,
    format: columnFormat(cells.cells.flat().flatMap(({ mean }) => mean ?? [])),
    theme: theme ? themeOf(theme.bg) : "light",
    isLowBest: better === "min",
  };
  const title = `Mean of ${objective!.label} by ${across.label} and ${up.label}`;
  return (
    <>
      <div className="grid grid-cols-2 gap-2 pb-2">
        <SelectField
          label="Across"
          options={options}
          value={across.name}
          onChange={(event) => show({ across: event.target.value })}
        />
        <SelectField
          label="Up"
          options={options}
          value={up.name}
          onChange={(event) => show({ down: event.target.value })}
        />
      </div>
      <CellTable explorer={explorer} across={across} up={up} shown={shown} />
      <div className="flex justify-end pt-1">
        <TakePicture title={title} make={() => pictureOf(title, shown)} />
      </div>
    </>
  );
}

type ShownCells = { cells: ContourCells; format: (mean: number) => string; theme: Theme; isLowBest: boolean };

/** Null where it has no mean. */
function lookOf(
  { mean }: ContourCell,
  { cells, theme, isLowBest }: ShownCells,
): { ground: string; ink: string } | null {
  if (mean === null) return null;
  const share = cells.high > cells.low ? (mean - cells.low) / (cells.high - cells.low) : 0.5;
  const ground = rampColor(theme, isLowBest ? 1 - share : share);
  return { ground, ink: inkOn(ground) };
}

/** The highest up stands on top, as in the page. */
function pictureOf(title: string, shown: ShownCells) {
  const { cells, format } = shown;
  const rows = [...cells.up.keys()].reverse();
  return cellsPicture({
    title,
    across: cells.across.map(({ words }) => words),
    down: rows.map((row) => cells.up[row]!.words),
    cells: rows.map((row) =>
      cells.cells[row]!.map((cell) => ({
        ground: null,
        ...lookOf(cell, shown),
        lines:
          cell.mean === null
            ? [cell.n === 0 ? "–" : `too few: ${cell.n}`]
            : [format(cell.mean), `n ${numberWords(cell.n)}`],
      })),
    ),
  });
}

type CellTableProps = Omit<ContourProps, "choices"> & { shown: ShownCells };

function CellTable({ explorer, across, up, shown }: CellTableProps) {
  const { brush, axisOf } = explorer;
  const { cells, format } = shown;
  const choose = (x: CellBand, y: CellBand) => {
    brush(across.name, brushBetween(across, axisOf(across), x.from, x.to));
    brush(up.name, brushBetween(up, axisOf(up), y.from, y.to));
  };
  const look = (cell: ContourCell) => {
    const own = lookOf(cell, shown);
    return own === null ? undefined : { backgroundColor: own.ground, color: own.ink };
  };
  return (
    <div className="overflow-x-auto">
      <table
        className="w-full min-w-120 table-fixed border-separate border-spacing-px text-xs"
        data-testid="contour"
        data-drawn={cells.cells.length}
      >
        <caption className="sr-only">
          Mean of {explorer.objective?.label} by {across.label} across and {up.label} up
        </caption>
        <thead>
          <tr>
            <td className="w-24" />
            {cells.across.map((band) => (
              <th
                key={band.from}
                scope="col"
                className="pb-1 text-center align-bottom leading-4 font-normal text-muted wrap-anywhere"
                title={band.words}
              >
                {band.words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...cells.up.keys()].reverse().map((row) => (
            <tr key={cells.up[row]!.from}>
              <th scope="row" className="truncate pr-2 text-right font-normal text-muted" title={cells.up[row]!.words}>
                {cells.up[row]!.words}
              </th>
              {cells.cells[row]!.map((cell, column) => (
                <td key={cells.across[column]!.from} style={look(cell)} className="h-9 p-0 text-center">
                  <button
                    type="button"
                    disabled={cell.n === 0}
                    onClick={() => choose(cells.across[column]!, cells.up[row]!)}
                    aria-label={cellWords(cell, cell.mean === null ? "" : format(cell.mean))}
                    className="size-full leading-4"
                  >
                    {cell.mean === null ? (
                      <span className="text-muted">{cell.n === 0 ? "–" : `too few: ${cell.n}`}</span>
                    ) : (
                      <>
                        {format(cell.mean)}
                        <span className="block leading-3">n {numberWords(cell.n)}</span>
                      </>
                    )}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellWords({ n, mean }: ContourCell, words: string): string {
  if (n === 0) return "no run";
  return mean === null ? `too few runs: ${n} of ${CELL_MIN}` : `mean ${words} of ${n} runs; select them`;
}
