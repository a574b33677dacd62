"use client";
/** Beside a chart's hover: a table of what every curve is at the cursor, which can be pinned and moved by keyboard. */
import { Pin, PinOff } from "lucide-react";
import { useId, useMemo } from "react";
import type { Direction } from "@/lib/wire/base/words.ts";
import { columnFormat, numberWords, valueWords } from "@/lib/words/numbers.ts";
import { DirectionArrow } from "../domain/primary-metric.tsx";
import { Button } from "../parts/button.tsx";
import { useCursor } from "./cursor.ts";
import { LineMark } from "./plot/line-mark.tsx";
import type { Trace, XAxis } from "./plot/traces.ts";
import { bestFirst, type CurveReading, placesOf, placeWords, readingsAt } from "./readings.ts";
import { type ChartCursor, useChartGroup } from "./view.tsx";

type ChartValuesProps = {
  metric: string;
  direction: Direction | null;
  traces: Trace[];
  x: XAxis;
  cursor: ChartCursor;
  /** Whether it has as much height as it wants. */
  isWhole: boolean;
};

export function ChartValues({ metric, direction, traces, x, cursor, isWhole }: ChartValuesProps) {
  const pointed = useCursor(cursor.store, x);
  const places = useMemo(() => placesOf(traces), [traces]);
  if (places.length === 0) return null;
  const at = cursor.at ?? pointed?.at ?? places.at(-1)!;
  return (
    <div className="grid gap-1 pb-1" data-testid="chart-values">
      <PlaceBar metric={metric} x={x} at={at} places={places} isPinned={cursor.at !== null} onPin={cursor.pin} />
      <div className={isWhole ? "" : "max-h-66 overflow-y-auto"}>
        <ReadingsTable metric={metric} direction={direction} readings={bestFirst(readingsAt(traces, at), direction)} />
      </div>
    </div>
  );
}

type PlaceBarProps = Pick<ChartValuesProps, "metric" | "x"> & {
  at: number;
  places: number[];
  isPinned: boolean;
  onPin: ChartCursor["pin"];
};

/** Says where the cursor is, and moves it from point to point: with the arrow keys, or a thumb where nothing hovers. */
function PlaceBar({ metric, x, at, places, isPinned, onPin }: PlaceBarProps) {
  const id = useId();
  const words = placeWords(x, at);
  const index = places.findIndex((place) => place >= at);
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
        value={index < 0 ? places.length - 1 : index}
        aria-label={`Where ${metric} is read`}
        aria-valuetext={words}
        onChange={(event) => onPin(places[Number(event.target.value)]!)}
        className="h-1 min-w-0 flex-1 accent-accent"
      />
      <Button
        icon
        look="ghost"
        aria-pressed={isPinned}
        aria-label={isPinned ? "Let the cursor follow the pointer" : `Pin the cursor at ${words}`}
        title={isPinned ? "Let the cursor follow the pointer" : "Pin the cursor here; so does a click on the chart"}
        onClick={() => onPin(isPinned ? null : at)}
      >
        {isPinned ? <PinOff aria-hidden className="text-accent" /> : <Pin aria-hidden />}
      </Button>
    </div>
  );
}

type ReadingsTableProps = Pick<ChartValuesProps, "metric" | "direction"> & { readings: CurveReading[] };

function ReadingsTable({ metric, direction, readings }: ReadingsTableProps) {
  const { baseline } = useChartGroup();
  const isOneRun = readings.every(({ trace }) => trace.label === null);
  const baselines = readings.filter(({ trace, isBeyond }) => trace.owner === baseline && !isBeyond);
  const isHeld = baselines.length > 0 && readings.some(({ trace }) => trace.owner !== baseline);
  const isSmoothed = readings.some(({ smoothed }) => smoothed !== null);
  const format = columnFormat(readings.flatMap(({ isBeyond, value }) => (isBeyond ? [] : [value])));
  const show = (value: number) => (Number.isFinite(value) ? format(value) : valueWords(value));
  const baselineOf = (split: Trace["split"]) => baselines.find(({ trace }) => trace.split === split)?.value ?? null;
  return (
    <div className="relative overflow-x-auto">
      <table className="table" aria-label={`${metric} at the cursor`}>
        <thead className="sticky top-0 bg-bg">
          <tr>
            {!isOneRun && <th scope="col">Run</th>}
            <th scope="col">Split</th>
            <th scope="col" className="number">
              <span className="inline-flex items-center gap-1">
                Value {(direction === "min" || direction === "max") && <DirectionArrow direction={direction} />}
              </span>
            </th>
            {isHeld && (
              <th scope="col" className="number" title="The value less the baseline's, of the same split">
                − baseline
              </th>
            )}
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
          {readings.map(({ trace, ...reading }) => (
            <tr key={trace.key} className={reading.isBeyond ? "text-muted" : ""}>
              {!isOneRun && (
                <td className="min-w-32">
                  <span className="flex items-center gap-2">
                    <span className="shrink-0">
                      <LineMark color={trace.color} dash={trace.dash} />
                    </span>
                    <span className="wrap-anywhere whitespace-normal">
                      {trace.label}
                      {trace.owner === baseline && <span className="font-medium"> · baseline</span>}
                    </span>
                  </span>
                </td>
              )}
              <td>
                <span className="flex items-center gap-2">
                  {isOneRun && <LineMark color={trace.color} dash={trace.dash} />}
                  {trace.split ?? "none"}
                </span>
              </td>
              <ValueCell value={reading.isBeyond ? null : reading.value} show={show} />
              {isHeld && (
                <ValueCell
                  value={
                    trace.owner === baseline || reading.isBeyond ? null : less(reading.value, baselineOf(trace.split))
                  }
                  show={signed}
                />
              )}
              {isSmoothed && <ValueCell value={reading.isBeyond ? null : reading.smoothed} show={show} />}
              <td className="number text-muted">{stepWords(reading)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Null where one of them is no number. */
const less = (value: number, baseline: number | null): number | null =>
  baseline !== null && Number.isFinite(value - baseline) ? value - baseline : null;

const signed = (value: number): string => `${value > 0 ? "+" : ""}${valueWords(value)}`;

function ValueCell({ value, show }: { value: number | null; show: (value: number) => string }) {
  return (
    <td className="number" title={value === null ? undefined : String(value)}>
      {value === null ? "–" : show(value)}
    </td>
  );
}

/** A curve that has nothing at the cursor says up to where it goes. */
const stepWords = ({ isBeyond, step }: Pick<CurveReading, "isBeyond" | "step">): string =>
  `${isBeyond ? "goes to " : ""}${numberWords(step)}`;
