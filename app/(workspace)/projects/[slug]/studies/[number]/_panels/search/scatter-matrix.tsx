"use client";
/** Every pair of parameters as a small cell of dots, drawn once it comes near. */
import { Figure } from "@/app/_ui/figures/figure.tsx";
import { mapOf, place } from "@/app/_ui/figures/scale.ts";
import type { Axis } from "@/lib/studies/panels/search/axes.ts";
import type { TrialColumns } from "@/lib/studies/panels/trials.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { useNear } from "../frame/near.ts";
import { useTrialsData } from "../frame/trials-data.tsx";

type ScatterMatrixProps = { axes: Axis[] };

const SIDE = 80;
const GAP = 6;
const LABEL_MAX = 24;

export function ScatterMatrix({ axes }: ScatterMatrixProps) {
  const { columns } = useTrialsData();
  const [ref, isNear] = useNear<HTMLDivElement>();
  const cells = axes.length - 1;
  const side = Math.max(1, cells) * (SIDE + GAP) + 16;
  const ofTrials = [...columns.number.keys()];
  return (
    <div ref={ref}>
      {isNear ? (
        <Figure
          id="figure-coverage"
          title="Where the trials lie, by pairs of parameters"
          summary={`${countWords(columns.number.length, "trial")} over ${axes.map(({ name }) => name).join(", ")}.`}
          table={{
            columns: ["trial", ...axes.map(({ name }) => name)],
            rows: ofTrials.map((at) => [
              columns.number[at]!,
              ...axes.map((axis) => {
                const value = columns.values[axis.at]![at];
                return typeof value === "number" ? value : value === null ? "" : String(value);
              }),
            ]),
          }}
        >
          <svg
            aria-hidden
            data-plot
            viewBox={`0 0 ${side} ${side}`}
            className="w-full max-w-140 text-[9px] text-muted"
            fontFamily="var(--font-sans)"
          >
            {axes.slice(1).flatMap((row, y) =>
              axes.slice(0, y + 1).map((column, x) => (
                <Cell key={`${row.name} ${column.name}`} x={16 + x * (SIDE + GAP)} y={y * (SIDE + GAP)}>
                  <path
                    d={dotsOf(column, row, columns, (state) => state !== "infeasible" && state !== "failed")}
                    stroke="var(--accent)"
                    strokeOpacity={0.6}
                    strokeWidth={3}
                    strokeLinecap="round"
                    fill="none"
                  />
                  <path
                    d={dotsOf(column, row, columns, (state) => state === "infeasible" || state === "failed")}
                    stroke="var(--failed)"
                    strokeWidth={3}
                    strokeLinecap="round"
                    fill="none"
                  />
                  {y === cells - 1 && (
                    <text x={SIDE / 2} y={SIDE + 12} textAnchor="middle" fill="currentColor">
                      {shortOf(column.name)}
                    </text>
                  )}
                  {x === 0 && (
                    <text transform={`translate(-5 ${SIDE / 2}) rotate(-90)`} textAnchor="middle" fill="currentColor">
                      {shortOf(row.name)}
                    </text>
                  )}
                </Cell>
              )),
            )}
          </svg>
        </Figure>
      ) : (
        <div className="aspect-square max-w-140" />
      )}
    </div>
  );
}

type CellProps = { x: number; y: number; children: React.ReactNode };

const Cell = ({ x, y, children }: CellProps) => (
  <g transform={`translate(${x} ${y})`}>
    <rect width={SIDE} height={SIDE} fill="none" stroke="var(--line)" />
    {children}
  </g>
);

/** The end of a path tells parameters apart. */
const shortOf = (name: string): string => {
  const last = name.split(/[./]/).at(-1)!;
  return last.length > LABEL_MAX ? `${last.slice(0, LABEL_MAX)}…` : last;
};

function dotsOf(
  across: Axis,
  up: Axis,
  { values, state }: TrialColumns,
  isAsked: (state: TrialColumns["state"][number]) => boolean,
): string {
  const [x, y] = [placeOf(across), placeOf(up)];
  const [xs, ys] = [values[across.at]!, values[up.at]!];
  return [...state.keys()]
    .filter((at) => isAsked(state[at]!) && xs[at] != null && ys[at] != null)
    .map((at) => `M${place(3 + x(xs[at]!) * (SIDE - 6))} ${place(SIDE - 3 - y(ys[at]!) * (SIDE - 6))}h0`)
    .join("");
}

function placeOf({ scale, low, high, choices }: Axis): (value: number | string | boolean) => number {
  if (scale === "choices") return (value) => (choices.indexOf(value) + 0.5) / choices.length;
  if (scale === "linear") {
    const to = mapOf({ from: low, to: high }, 0, 1);
    return (value) => to(Number(value));
  }
  const to = mapOf({ from: Math.log(low), to: Math.log(high) }, 0, 1);
  return (value) => to(Math.log(Number(value)));
}
