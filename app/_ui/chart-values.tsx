"use client";
/** Beside a chart's hover: a table of what every curve is at the cursor, which can be pinned and moved by keyboard. */
import { Pin, PinOff } from "lucide-react";
import { useId, useMemo } from "react";
import type { Direction } from "@/lib/wire.ts";
import { Button } from "./button.tsx";
import { useCursor } from "./chart-cursor.ts";
import { placesOf, type ReadableCurve, type Reading, readableCurve, readingsAt } from "./chart-readings.ts";
import { axisMetric, type ChartView, type DrawnSeries, dashOf, formatValue, type XAxis } from "./chart-traces.ts";
import { DirectionArrow } from "./primary-metric.tsx";
import { columnFormat } from "./quantity.ts";

type ChartValuesProps = {
  metric: string;
  direction: Direction | null;
  series: DrawnSeries[];
  view: ChartView;
  origin: number;
  /** Where the cursor is pinned, in the numbers of the x-axis; null: it follows the pointer. */
  pinned: number | null;
  onPin: (x: number | null) => void;
};

export function ChartValues({ metric, direction, series, view, origin, pinned, onPin }: ChartValuesProps) {
  const hovered = useCursor(view.x);
  const curves = useMemo(
    () => series.map((one) => readableCurve(one, view, origin)).filter((one) => one !== null),
    [series, view, origin],
  );
  const places = useMemo(() => placesOf(curves), [curves]);
  if (places.length === 0) return null;
  const x = pinned ?? hovered ?? places.at(-1)!;
  return (
    <div className="grid gap-1 pb-1" data-testid="chart-values">
      <PlaceBar {...{ metric, x, places, axis: view.x, pinned, onPin }} />
      <ReadingsTable {...{ metric, direction, series, curves }} readings={readingsAt(curves, x, direction)} />
    </div>
  );
}

type PlaceBarProps = Pick<ChartValuesProps, "metric" | "pinned" | "onPin"> & {
  x: number;
  places: number[];
  axis: XAxis;
};

/** Says where the cursor is, and moves it from point to point: with the arrow keys, or a thumb where nothing hovers. */
function PlaceBar({ metric, x, places, axis, pinned, onPin }: PlaceBarProps) {
  const id = useId();
  const words = placeWords(x, axis);
  const at = places.findIndex((place) => place >= x);
  return (
    <div className="flex h-8 items-center gap-2 text-xs">
      <output htmlFor={id} className="min-w-24 font-medium" data-testid="cursor-place">
        {words}
      </output>
      <input
        id={id}
        type="range"
        min={0}
        max={places.length - 1}
        value={at < 0 ? places.length - 1 : at}
        aria-label={`Where ${metric} is read`}
        aria-valuetext={words}
        onChange={(event) => onPin(places[Number(event.target.value)]!)}
        className="h-1 min-w-0 flex-1 accent-accent"
      />
      <Button
        icon
        look="ghost"
        aria-pressed={pinned !== null}
        aria-label={pinned === null ? `Pin the cursor at ${words}` : "Let the cursor follow the pointer"}
        title={
          pinned === null ? "Pin the cursor here; so does a click on the chart" : "Let the cursor follow the pointer"
        }
        onClick={() => onPin(pinned === null ? x : null)}
      >
        {pinned === null ? <Pin aria-hidden /> : <PinOff aria-hidden className="text-accent" />}
      </Button>
    </div>
  );
}

function placeWords(x: number, axis: XAxis): string {
  if (axis === "step") return `step ${x.toLocaleString("en")}`;
  if (axis === "relative") return `${x.toLocaleString("en", { maximumFractionDigits: 1 })} s`;
  if (axis === "wall") return `${new Date(x).toISOString().slice(0, 19).replace("T", " ")} UTC`;
  return `${axisMetric(axis)} ${formatValue(x)}`;
}

type ReadingsTableProps = Pick<ChartValuesProps, "metric" | "direction" | "series"> & {
  curves: ReadableCurve[];
  readings: Reading[];
};

function ReadingsTable({ metric, direction, series, curves, readings }: ReadingsTableProps) {
  const nameOf = new Map(series.map((one) => [one.run, one]));
  const isOneRun = nameOf.size === 1;
  const isOneSplit = new Set(series.map(({ split }) => split)).size === 1;
  const isSmoothed = curves.some(({ smoothed }) => smoothed !== null);
  const format = columnFormat(readings.flatMap(({ value }) => (value === null ? [] : [value])));
  const show = (value: number) => (Number.isFinite(value) ? format(value) : formatValue(value));
  return (
    <div className="relative max-h-66 overflow-y-auto">
      <table className="table" aria-label={`${metric} at the cursor`}>
        <thead className="sticky top-0 bg-bg">
          <tr>
            <th scope="col">{isOneRun ? "Curve" : "Run"}</th>
            <th scope="col">Split</th>
            <th scope="col" className="number">
              <span className="inline-flex items-center gap-1">
                Value {(direction === "min" || direction === "max") && <DirectionArrow direction={direction} />}
              </span>
            </th>
            {isSmoothed && (
              <th scope="col" className="number">
                Smoothed
              </th>
            )}
            <th scope="col" className="number" title="Of the nearest point that the chart has">
              Step
            </th>
          </tr>
        </thead>
        <tbody>
          {readings.map((reading) => (
            <tr key={`${reading.run} ${reading.split}`} className={reading.value === null ? "text-muted" : ""}>
              <td className="max-w-44">
                <span className="flex items-center gap-2">
                  <Stroke color={nameOf.get(reading.run)!.color} dash={dashOf(reading.split, isOneSplit)} />
                  <span className="truncate" title={nameOf.get(reading.run)!.label}>
                    {nameOf.get(reading.run)!.label}
                  </span>
                </span>
              </td>
              <td>{reading.split ?? "none"}</td>
              <td className="number" title={reading.value === null ? undefined : String(reading.value)}>
                {reading.value === null ? "–" : show(reading.value)}
              </td>
              {isSmoothed && (
                <td className="number" title={reading.smoothed === null ? undefined : String(reading.smoothed)}>
                  {reading.smoothed === null ? "–" : show(reading.smoothed)}
                </td>
              )}
              <td className="number text-muted">{stepWords(reading)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A curve that has nothing at the cursor says up to where it goes. */
const stepWords = ({ value, step }: Reading): string =>
  value === null ? `goes to ${step.toLocaleString("en")}` : step.toLocaleString("en");

const dashes = { solid: undefined, dash: "4 3", dot: "1.5 2.5" };

/** The line of a curve as the chart draws it. */
export function Stroke({ color, dash }: { color: string; dash: "solid" | "dash" | "dot" }) {
  return (
    <svg width="18" height="2" role="presentation" className="shrink-0">
      <line x2="18" y1="1" y2="1" stroke={color} strokeWidth="2" strokeDasharray={dashes[dash]} />
    </svg>
  );
}
