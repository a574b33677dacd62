"use client";
/** Runs over any two columns, with colour, size, and the front of those that no other beats in both. */
import { memo, useMemo } from "react";
import { SelectField } from "@/app/_ui/parts/field.tsx";
import { paretoFront } from "@/lib/statistics/selection/pareto.ts";
import { countWords, listWords } from "@/lib/words/numbers.ts";
import { axisScale, shareOf } from "../state/axis-scale.ts";
import {
  asNumbers,
  type Column,
  declaredTowards,
  type NumberColumn,
  type Standing,
  type Towards,
} from "../state/columns.ts";
import type { Explorer } from "../state/explorer.ts";
import type { RunColors } from "../state/run-colors.ts";
import { PointPlot } from "./point-plot.tsx";

const HEIGHT = 340;
const RADIUS = { plain: 3, least: 1.5, more: 6 } as const;

type ScatterProps = {
  explorer: Explorer;
  selected: Uint8Array | null;
  x: Column;
  y: Column;
  size: NumberColumn | null;
  color: Column | null;
  colors: RunColors;
};

export function Scatter({ explorer, selected, x, y, size, color, colors }: ScatterProps) {
  const { store, view, standings, objective, better } = explorer;
  const waysOf = (column: Column, chosen: Towards | null): Towards | null =>
    column.kind === "category" ? null : (chosen ?? (column === objective ? better : declaredTowards(column)));
  const [xWay, yWay] = [waysOf(x, view.xBetter), waysOf(y, view.yBetter)];
  const front = useMemo(() => frontOf(x, y, xWay, yWay, standings), [x, y, xWay, yWay, standings]);
  const radius = useMemo(() => radiusOf(size), [size]);
  return (
    <>
      <Fields explorer={explorer} x={x} y={y} size={size} color={color} xWay={xWay} yWay={yWay} />
      <PointPlot
        explorer={explorer}
        selected={selected}
        x={x}
        y={y}
        colors={colors}
        height={HEIGHT}
        radius={radius}
        picture={`${y.label} over ${x.label}`}
        {...(front && { front })}
      />
      <p className="pt-1 text-xs text-muted" data-testid="front">
        {frontWords(front, store.names)}
      </p>
    </>
  );
}

type FieldsProps = Pick<ScatterProps, "explorer" | "x" | "y" | "size" | "color"> & {
  xWay: Towards | null;
  yWay: Towards | null;
};

/** By itself, as nothing of it changes with a brush. */
const Fields = memo(function Fields({ explorer, x, y, size, color, xWay, yWay }: FieldsProps) {
  const { store, show } = explorer;
  const columns = [...store.columns.values()];
  const options = columns.map(({ name, label }) => [name, label] as const);
  const numbers = columns.filter((column) => column.kind === "number").map(({ name, label }) => [name, label] as const);
  const wayOptions = (way: Towards | null) => [
    ...(way === null ? [["", "no better side"] as const] : []),
    ["min", "lower is better"] as const,
    ["max", "higher is better"] as const,
  ];
  return (
    <div className="grid grid-cols-2 gap-2 pb-2 sm:grid-cols-3">
      <SelectField
        label="Across"
        options={options}
        value={x.name}
        onChange={(event) => show({ x: event.target.value, xBetter: null })}
      />
      <SelectField
        label="Up"
        options={options}
        value={y.name}
        onChange={(event) => show({ y: event.target.value, yBetter: null })}
      />
      <SelectField
        label="Colour"
        options={options}
        value={color?.name ?? ""}
        onChange={(event) => show({ color: event.target.value })}
      />
      <SelectField
        label="Better across"
        options={wayOptions(xWay)}
        value={xWay ?? ""}
        disabled={x.kind === "category"}
        onChange={(event) => show({ xBetter: wayIn(event.target.value) })}
      />
      <SelectField
        label="Better up"
        options={wayOptions(yWay)}
        value={yWay ?? ""}
        disabled={y.kind === "category"}
        onChange={(event) => show({ yBetter: wayIn(event.target.value) })}
      />
      <SelectField
        label="Size"
        options={[["", "all alike"], ...numbers]}
        value={size?.name ?? ""}
        onChange={(event) => show({ size: event.target.value || null })}
      />
    </div>
  );
});

const wayIn = (text: string): Towards | null => (text === "min" || text === "max" ? text : null);

/** Of finished runs; null where a side isn't better than the other. */
function frontOf(
  x: Column,
  y: Column,
  xWay: Towards | null,
  yWay: Towards | null,
  standings: readonly Standing[],
): number[] | null {
  const [across, up] = [asNumbers(x), asNumbers(y)];
  if (!across || !up || !xWay || !yWay || across === up) return null;
  const counted = (column: NumberColumn) =>
    column.values.map((value, run) => (standings[run] === "counted" ? value : Number.NaN));
  return paretoFront([
    { values: counted(across), towards: xWay },
    { values: counted(up), towards: yWay },
  ]);
}

const NAMED = 8;

function frontWords(front: number[] | null, names: readonly string[]): string {
  if (!front) return "Pareto front: choose which side of both is better.";
  if (front.length === 0) return "Pareto front: no finished run has both values.";
  const named = front.slice(0, NAMED).map((run) => names[run]!);
  const more = front.length > NAMED ? [`${front.length - NAMED} more`] : [];
  return `Pareto front, ringed: ${countWords(front.length, "finished run")} that no other beats in both: ${listWords([...named, ...more])}.`;
}

function radiusOf(size: NumberColumn | null): (run: number) => number {
  if (!size) return () => RADIUS.plain;
  const { scale } = axisScale(size, undefined);
  return (run) => {
    const share = shareOf(scale, size.values[run]!);
    return Number.isFinite(share) ? RADIUS.least + RADIUS.more * Math.sqrt(Math.max(0, share)) : RADIUS.least;
  };
}
