"use client";
/** A chart as a file: a picture, or its points. */
import type { Data, PlotData, Dash as PlotlyDash } from "plotly.js";
import { toCsv } from "@/lib/csv.ts";
import type { PointSeries } from "@/lib/wire/points/points.ts";
import { download, fileName } from "../../parts/download.ts";
import { BAND_OPACITY, dotSize, FAINT_OPACITY } from "./canvas.ts";
import type { Drawing } from "./drawing.ts";
import { CHART_HEIGHT } from "./layout.ts";
import { loadPlotly } from "./plotly.ts";
import { type Band, type Dash, escapeText, type Line, type Trace } from "./traces.ts";

const PICTURE_WIDTH = 800;

/** Saves a chart as it is drawn, with its title and a legend; a PNG has twice the pixels. */
export async function downloadPicture(
  format: "png" | "svg",
  title: string,
  { traces, layout }: Drawing,
  text: string,
): Promise<void> {
  const plotly = await loadPlotly();
  const picture = {
    data: traces.flatMap(plotlyData),
    layout: {
      ...layout,
      yaxis2: { overlaying: "y" as const, range: [0, 1], visible: false },
      title: { text: title, font: { size: 14, color: text }, x: 0.02, xanchor: "left" as const },
      margin: { ...layout.margin, t: 48 },
      showlegend: true,
      legend: { orientation: "h" as const, x: 1, xanchor: "right" as const, y: 1.02, yanchor: "bottom" as const },
    },
  };
  const height = CHART_HEIGHT * 2;
  const address = await plotly.toImage(picture, { format, width: PICTURE_WIDTH, height, scale: 2 });
  if (format === "svg") {
    const source = decodeURIComponent(address.slice(address.indexOf(",") + 1));
    return download(`${fileName(title)}.svg`, new Blob([source], { type: "image/svg+xml" }));
  }
  // read by hand: the content security policy lets no fetch at a data: address
  const bytes = Uint8Array.from(atob(address.slice(address.indexOf(",") + 1)), (char) => char.charCodeAt(0));
  download(`${fileName(title)}.png`, new Blob([bytes], { type: "image/png" }));
}

/** A trace as plotly.js draws it: in vectors what canvas.ts draws in pixels. */
export function plotlyData({ name, color, dash, width, opacity, raw, smoothed, band }: Trace): Data[] {
  const main = smoothed ?? raw;
  const line = (x: Float64Array, y: ArrayLike<number>, look: Partial<PlotData>): Data => ({
    type: "scatter",
    x,
    y: Array.from(y, (value) => (Number.isFinite(value) ? value : null)),
    connectgaps: false,
    ...look,
  });
  return [
    ...(band ? bandData(raw.x, band, color) : []),
    ...(smoothed
      ? [line(raw.x, raw.y, { mode: "lines", line: { color, width: 1 }, opacity: FAINT_OPACITY, showlegend: false })]
      : []),
    line(main.x, main.y, {
      mode: "lines+markers",
      name: escapeText(name),
      line: { color, dash: plotlyDash(dash), width },
      marker: { color, size: Array.from(main.y, (_, index) => dotSize(main.y, index)), line: { width: 0 } },
      opacity,
    }),
    ...nonFiniteMarks(raw, color),
  ];
}

/** plotly.js takes lengths beside its names for strokes, which its types don't know. */
const plotlyDash = (dash: Dash): PlotlyDash =>
  (dash.length === 0 ? "solid" : dash.map((length) => `${length}px`).join(",")) as PlotlyDash;

/** The lower end, and the upper one filled down to it. */
function bandData(x: Float64Array, { low, high }: Band, color: string): Data[] {
  const at = Array.from(x.keys()).filter((index) => Number.isFinite(low[index]!));
  const end = (of: Float64Array, look: Partial<PlotData>): Data => ({
    type: "scatter",
    mode: "lines",
    x: at.map((index) => x[index]!),
    y: at.map((index) => of[index]!),
    line: { width: 0 },
    showlegend: false,
    ...look,
  });
  const alpha = Math.round(BAND_OPACITY * 255)
    .toString(16)
    .padStart(2, "0");
  return [end(low, {}), end(high, { fill: "tonexty", fillcolor: `${color}${alpha}` })];
}

const signs = [
  { is: Number.isNaN, symbol: "x-thin-open", at: 0 },
  { is: (value: number) => value === Number.POSITIVE_INFINITY, symbol: "triangle-up", at: 1 },
  { is: (value: number) => value === Number.NEGATIVE_INFINITY, symbol: "triangle-down", at: 0 },
] as const;

/** On an axis of its own from 0 to 1, laid over the chart's. */
function nonFiniteMarks({ x, y }: Line, color: string): Data[] {
  return signs.flatMap(({ is, symbol, at }) => {
    const found = Array.from(x.keys()).filter((index) => is(y[index]!));
    if (found.length === 0) return [];
    return {
      type: "scatter",
      mode: "markers",
      x: found.map((index) => x[index]!),
      y: found.map(() => at),
      yaxis: "y2",
      cliponaxis: false,
      marker: { symbol, color, size: 6, line: { color, width: 1.5 } },
      showlegend: false,
    } satisfies Data;
  });
}

/** One row a point; the name says so where they are an envelope and not every point. */
export function downloadCsv(title: string, nameOf: (run: string) => string, series: PointSeries[]): void {
  const rows = series.flatMap(({ run, split, metric, steps, times, values }) =>
    Array.from(steps, (step, index) => [
      nameOf(run),
      split,
      metric,
      step,
      new Date(times[index]!).toISOString(),
      values[index]!,
    ]),
  );
  const envelope = series.find(({ kind }) => kind === "envelope");
  const name = `${title}${envelope ? ` envelope of ${envelope.count} points` : ""}`;
  download(`${fileName(name)}.csv`, toCsv(["run", "split", "metric", "step", "time", "value"], rows));
}
