"use client";
/** Beside the hover: what every curve is at the cursor, in a table of a chart or of all, which can be pinned and moved by keyboard. */
import { Pin, PinOff } from "lucide-react";
import { useId, useMemo, useSyncExternalStore } from "react";
import type { Direction } from "@/lib/wire/base/words.ts";
import { columnFormat, numberWords, valueWords } from "@/lib/words/numbers.ts";
import { DirectionArrow } from "../domain/primary-metric.tsx";
import { Button } from "../parts/button.tsx";
import { type ReadChart, type ReadStore, useCursor } from "./cursor.ts";
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
  onClose: () => void;
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

const signed = (value: number): string => `${value > 0 ? "+" : ""}${valueWords(Number(value.toPrecision(3)))}`;

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

const noReads: readonly ReadChart[] = [];

type SharedValuesProps = { reads: ReadStore; x: XAxis; cursor: ChartCursor; onClose: () => void };

/** One table for all charts whose values are asked for: a row a run and split, the baseline's first, a column a metric. */
export function SharedValues({ reads, x, cursor }: SharedValuesProps) {
  const charts = useSyncExternalStore(reads.subscribe, reads.get, () => noReads);
  const pointed = useCursor(cursor.store, x);
  const { baseline } = useChartGroup();
  const places = useMemo(() => placesOf(charts.flatMap(({ traces }) => traces)), [charts]);
  const metrics = useMemo(() => byMetric(charts), [charts]);
  if (places.length === 0) return null;
  const at = cursor.at ?? pointed?.at ?? places.at(-1)!;
  const columns = metrics.map(({ traces, ...metric }) => {
    const readings = readingsAt(traces, at).filter(({ isBeyond }) => !isBeyond);
    return { ...metric, readings, format: columnFormat(readings.map(({ value }) => value)) };
  });
  const rows = rowsOf(columns, baseline);
  return (
    <section
      aria-label="Values at the cursor"
      data-testid="shared-values"
      className="sticky bottom-0 z-20 border-t border-line-strong bg-bg px-4 pb-1 md:px-6"
    >
      <PlaceBar metric="every chart" x={x} at={at} places={places} isPinned={cursor.at !== null} onPin={cursor.pin} />
      <div className="max-h-[28vh] overflow-auto sm:max-h-[36vh]">
        <table className="table" aria-label="Values of every chart at the cursor">
          <thead className="sticky top-0 z-10 bg-bg">
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Split</th>
              {columns.map(({ metric, direction }) => (
                <th key={metric} scope="col" className="number">
                  <span className="inline-flex items-center gap-1">
                    {metric} {(direction === "min" || direction === "max") && <DirectionArrow direction={direction} />}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, trace }) => (
              <tr key={key}>
                <th scope="row" className="min-w-32 text-left font-normal">
                  <span className="flex items-center gap-2">
                    <span className="shrink-0">
                      <LineMark color={trace.color} dash={trace.dash} />
                    </span>
                    <span className="max-w-36 truncate sm:max-w-80" title={trace.label ?? undefined}>
                      {trace.label ?? "the run"}
                    </span>
                    {trace.owner === baseline && <span className="text-muted">baseline</span>}
                  </span>
                </th>
                <td className="text-muted">{trace.split ?? "none"}</td>
                {columns.map(({ metric, ...column }) => (
                  <SharedCell key={metric} {...column} owner={trace.owner} split={trace.split} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Charts of one metric, of which each has some of the runs, are one column. */
function byMetric(charts: readonly ReadChart[]): ReadChart[] {
  const found = new Map<string, ReadChart>();
  for (const { metric, direction, traces } of charts)
    found.set(metric, { metric, direction, traces: [...(found.get(metric)?.traces ?? []), ...traces] });
  return [...found.values()];
}

function rowsOf(columns: { readings: CurveReading[] }[], baseline: string | null): { key: string; trace: Trace }[] {
  const found = new Map(
    columns.flatMap(({ readings }) =>
      readings.map(({ trace }) => [`${trace.owner} ${trace.split}`, { key: `${trace.owner} ${trace.split}`, trace }]),
    ),
  );
  const rank = ({ trace }: { trace: Trace }) => Number(trace.owner !== baseline);
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}

type SharedCellProps = {
  readings: CurveReading[];
  format: (value: number) => string;
  owner: string;
  split: Trace["split"];
};

function SharedCell({ readings, format, owner, split }: SharedCellProps) {
  const { baseline } = useChartGroup();
  const of = (whose: string | null) => readings.find(({ trace }) => trace.owner === whose && trace.split === split);
  const [own, base] = [of(owner), of(baseline)];
  const difference = own && owner !== baseline ? less(own.value, base?.value ?? null) : null;
  return (
    <td className="number" title={own && `${own.value} at step ${numberWords(own.step)}`}>
      {own ? (Number.isFinite(own.value) ? format(own.value) : valueWords(own.value)) : "–"}
      {difference !== null && <span className="pl-2 text-xs text-muted">{signed(difference)}</span>}
    </td>
  );
}
