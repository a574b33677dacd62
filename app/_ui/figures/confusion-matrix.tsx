"use client";
/** A confusion matrix: counts, or shares of rows or columns, in an order that the reader chooses; a cell leads to its samples. */
import { useState } from "react";
import type { ConfusionData } from "@/lib/wire/evaluations/confusion.ts";
import { decimalWords, numberWords } from "@/lib/words/numbers.ts";
import { useAddress } from "../parts/address.ts";
import { Select } from "../parts/field.tsx";
import { type CellKind, type ClassOrder, cellKinds, classOrders, orderClasses } from "./class-order.ts";
import { Figure, LegendEntry } from "./figure.tsx";

const kindNames: Record<CellKind, string> = {
  counts: "Counts",
  rows: "Share of truth",
  columns: "Share of prediction",
};
const orderNames: Record<ClassOrder, string> = {
  given: "as given",
  samples: "by samples",
  mistakes: "by mistakes",
  alike: "alike together",
};

type ConfusionMatrixProps = {
  data: ConfusionData;
  /** Where the samples of a cell are, its truth and prediction to be added; null: no sample is shown. */
  samplesHref: string | null;
  first: { cells: CellKind; order: ClassOrder };
};

/** Of more classes than this the first of the order are drawn. */
const DRAWN_MAX = 120;
const NUMBERED_MAX = 14;

export function ConfusionMatrix({ data, samplesHref, first }: ConfusionMatrixProps) {
  const [state, setState] = useState(first);
  useAddress(state, ({ cells, order }, query) => {
    for (const [name, value, plain] of [
      ["cells", cells, "counts"],
      ["classes", order, "given"],
    ] as const)
      if (value === plain) query.delete(name);
      else query.set(name, value);
  });
  const order = orderClasses(data, state.order).slice(0, DRAWN_MAX);
  const cells = cellsOf(data, order, state.cells);
  const total = data.rows.reduce((a, b) => a + b, 0);
  const right = data.diagonal.reduce((a, b) => a + b, 0);
  return (
    <div className="grid min-w-0 gap-2">
      <div className="flex flex-wrap items-center gap-2 print:hidden">
        <fieldset className="flex overflow-hidden rounded-md border border-line-strong">
          <legend className="sr-only">What cells say</legend>
          {cellKinds.map((kind) => (
            <button
              key={kind}
              type="button"
              aria-pressed={state.cells === kind}
              onClick={() => setState({ ...state, cells: kind })}
              className={`h-8 px-3 text-sm ${state.cells === kind ? "bg-accent-soft font-medium text-accent" : "text-muted hover:text-text"}`}
            >
              {kindNames[kind]}
            </button>
          ))}
        </fieldset>
        <Select
          aria-label="Order of the classes"
          name="classes"
          value={state.order}
          onChange={({ target }) => setState({ ...state, order: target.value as ClassOrder })}
          options={classOrders.map((order) => [order, orderNames[order]] as const)}
          className="max-w-40"
        />
      </div>
      <Figure
        id="figure-confusion"
        title={`Confusion matrix, ${kindNames[state.cells].toLowerCase()}`}
        summary={`${numberWords(total)} samples of ${data.classes.length} classes; ${numberWords(right)} stand on the diagonal.`}
        table={{
          columns: ["truth", "prediction", "samples"],
          rows: [
            ...data.diagonal.map((count, at) => [data.classes[at]!, data.classes[at]!, count]),
            ...data.mistakes.map(([row, column, count]) => [data.classes[row]!, data.classes[column]!, count]),
          ],
        }}
        legend={
          <>
            <LegendEntry color="var(--accent)" shape="area">
              right
            </LegendEntry>
            <LegendEntry color="var(--danger)" shape="area">
              mistaken
            </LegendEntry>
            {order.length < data.classes.length && (
              <span>the first {order.length} classes of this order are drawn</span>
            )}
          </>
        }
      >
        <Cells data={data} order={order} cells={cells} kind={state.cells} samplesHref={samplesHref} />
      </Figure>
    </div>
  );
}

/** `row` and `column`: places in the order. `share`: how dark it is, 0–1. */
type Cell = { row: number; column: number; count: number; shown: number; share: number };

function cellsOf({ rows, columns, diagonal, mistakes }: ConfusionData, order: number[], kind: CellKind): Cell[] {
  const places = new Map(order.map((of, place) => [of, place]));
  const held: [number, number, number][] = [
    ...order.map((of): [number, number, number] => [of, of, diagonal[of]!]),
    ...mistakes,
  ];
  const largest = held.reduce((most, [, , count]) => Math.max(most, count), 1);
  return held.flatMap(([truth, predicted, count]) => {
    const [row, column] = [places.get(truth), places.get(predicted)];
    if (row === undefined || column === undefined) return [];
    const whole = kind === "rows" ? rows[truth]! : columns[predicted]!;
    const shown = kind === "counts" ? count : whole === 0 ? 0 : count / whole;
    return [{ row, column, count, shown, share: kind === "counts" ? Math.sqrt(count / largest) : shown }];
  });
}

type CellsProps = {
  data: ConfusionData;
  order: number[];
  cells: Cell[];
  kind: CellKind;
  samplesHref: string | null;
};

const LABEL_MAX = 14;
const short = (name: string) => (name.length > LABEL_MAX ? `${name.slice(0, LABEL_MAX - 1)}…` : name);

function Cells({ data: { classes }, order, cells, kind, samplesHref }: CellsProps) {
  const n = order.length;
  const size = n <= 3 ? 56 : n <= NUMBERED_MAX ? 40 : n <= 30 ? 20 : Math.max(5, 720 / n);
  const font = Math.min(11, size);
  const labelled = size >= 9;
  const edge = labelled
    ? 24 +
      Math.min(
        LABEL_MAX,
        order.reduce((most, at) => Math.max(most, classes[at]!.length), 1),
      ) *
        font *
        0.62
    : 20;
  const side = edge + n * size + 4;
  return (
    <div className="overflow-x-auto">
      <svg
        data-plot
        viewBox={`0 0 ${side} ${side}`}
        width={side}
        height={side}
        fontFamily="var(--font-sans)"
        fontSize={font}
        className="max-w-none text-muted"
      >
        <title>Rows are the truth, columns the prediction</title>
        <text x="8" y="12" fill="currentColor" fontSize="11">
          truth ↓ prediction →
        </text>
        {labelled &&
          order.map((at, place) => (
            <g key={at} fill="currentColor">
              <text x={edge - 6} y={edge + (place + 0.5) * size + font * 0.35} textAnchor="end">
                {short(classes[at]!)}
              </text>
              <text transform={`translate(${edge + (place + 0.5) * size + font * 0.35} ${edge - 6}) rotate(-90)`}>
                {short(classes[at]!)}
              </text>
            </g>
          ))}
        <rect x={edge} y={edge} width={n * size} height={n * size} fill="var(--surface)" stroke="var(--line)" />
        {cells.map((cell) => {
          if (cell.count === 0) return null;
          const truth = classes[order[cell.row]!]!;
          const predicted = classes[order[cell.column]!]!;
          const drawn = (
            <CellMark
              cell={cell}
              x={edge + cell.column * size}
              y={edge + cell.row * size}
              size={size}
              words={
                n <= NUMBERED_MAX ? (kind === "counts" ? numberWords(cell.count) : decimalWords(cell.shown, 2)) : null
              }
              title={`${numberWords(cell.count)} of ${truth}, predicted as ${predicted}${kind === "counts" ? "" : `: ${decimalWords(cell.shown, 3)}`}`}
            />
          );
          const key = `${cell.row} ${cell.column}`;
          if (samplesHref === null) return <g key={key}>{drawn}</g>;
          return (
            <a
              key={key}
              href={`${samplesHref}?${new URLSearchParams({ truth, predicted })}`}
              aria-label={`${cell.count} of ${truth}, predicted as ${predicted}`}
            >
              {drawn}
            </a>
          );
        })}
      </svg>
    </div>
  );
}

type CellMarkProps = { cell: Cell; x: number; y: number; size: number; words: string | null; title: string };

function CellMark({ cell, x, y, size, words, title }: CellMarkProps) {
  const isRight = cell.row === cell.column;
  const depth = 0.12 + 0.78 * Math.min(1, cell.share);
  return (
    <>
      <rect
        x={x + 0.5}
        y={y + 0.5}
        width={Math.max(1, size - 1)}
        height={Math.max(1, size - 1)}
        fill={isRight ? "var(--accent)" : "var(--danger)"}
        fillOpacity={depth}
      >
        <title>{title}</title>
      </rect>
      {words !== null && (
        <text
          x={x + size / 2}
          y={y + size / 2 + 4}
          textAnchor="middle"
          fill={depth > 0.55 ? (isRight ? "var(--on-accent)" : "var(--on-danger)") : "var(--text)"}
          pointerEvents="none"
        >
          {words}
        </text>
      )}
    </>
  );
}
