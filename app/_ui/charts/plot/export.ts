"use client";
/** A chart as a file: a picture, or its points. */
import type { Data, Layout, PlotData, Dash as PlotlyDash } from "plotly.js";
import { toCsv } from "@/lib/csv.ts";
import type { PointSeries } from "@/lib/wire/points/points.ts";
import { download, fileName } from "../../parts/download.ts";
import { axesOf } from "./axes.ts";
import { BAND_OPACITY, dotSize, FAINT_OPACITY } from "./draw-traces.ts";
import type { Drawing } from "./drawing.ts";
import { MARGIN, type Scale } from "./plane.ts";
import { loadPlotly } from "./plotly.ts";
import type { Ticks } from "./ticks.ts";
import type { Band, Dash, Line, Trace } from "./traces.ts";

const WIDTH = 800;
const HEIGHT = 440;
/** Room for the title and the legend. */
const HEAD = 48;
/** Of so many curves the legend stands in lines above the plot; of more beside it, which grows with them. */
const ABOVE_MAX = 6;
const BESIDE = 260;
const LEGEND_LINE = 17;

/** Saves a chart as it is drawn, with its title and a legend; a PNG has twice the pixels. */
export async function downloadPicture(format: "png" | "svg", title: string, drawing: Drawing): Promise<void> {
  const plotly = await loadPlotly();
  const layout = pictureLayout(title, drawing);
  const picture = { data: drawing.traces.flatMap(plotlyData), layout };
  const { width, height } = layout;
  const address = await plotly.toImage(picture, { format, width: width!, height: height!, scale: 2 });
  if (format === "svg") {
    const source = decodeURIComponent(address.slice(address.indexOf(",") + 1));
    return download(`${fileName(title)}.svg`, new Blob([source], { type: "image/svg+xml" }));
  }
  // read by hand: the content security policy lets no fetch at a data: address
  const bytes = Uint8Array.from(atob(address.slice(address.indexOf(",") + 1)), (char) => char.charCodeAt(0));
  download(`${fileName(title)}.png`, new Blob([bytes], { type: "image/png" }));
}

/** The axes of the page in a larger picture, with the numbers that they have there. */
export function pictureLayout(title: string, { traces, x, plane, colors }: Drawing): Partial<Layout> {
  const isMany = traces.length > ABOVE_MAX;
  const height = isMany ? Math.max(HEIGHT, HEAD + MARGIN.b + LEGEND_LINE * traces.length) : HEIGHT;
  const box = { left: MARGIN.l, top: HEAD, width: WIDTH - MARGIN.l - MARGIN.r, height: height - HEAD - MARGIN.b };
  const axes = axesOf(x, { ...plane, box });
  const line = { linecolor: colors["line-strong"], tickcolor: colors["line-strong"], zeroline: false };
  return {
    width: isMany ? WIDTH + BESIDE : WIDTH,
    height,
    margin: { ...MARGIN, t: HEAD, r: isMany ? BESIDE : MARGIN.r },
    paper_bgcolor: colors.bg,
    plot_bgcolor: colors.bg,
    font: { family: colors.font, size: 11, color: colors.muted },
    title: { text: escapeText(title), font: { size: 14, color: colors.text }, x: 0.02, xanchor: "left" },
    showlegend: true,
    legend: isMany
      ? { orientation: "v", x: 1.02, xanchor: "left", y: 1, yanchor: "top" }
      : { orientation: "h", x: 1, xanchor: "right", y: 1.02, yanchor: "bottom" },
    xaxis: {
      ...line,
      ...scaled(plane.x, axes.x),
      title: { text: escapeText(axes.title), standoff: 6 },
      showgrid: false,
      showline: true,
      ticks: "outside",
      ticklen: 4,
    },
    yaxis: { ...line, ...scaled(plane.y, axes.y), gridcolor: colors.line },
    // of marks at the edges, laid over the chart's own
    yaxis2: { overlaying: "y", range: [0, 1], visible: false },
    annotations: axes.y.base === null ? [] : [baseNote(axes.y.base, colors.bg)],
  };
}

/** plotly.js has the ends of a logarithmic axis as powers of ten. */
const scaled = ({ from, to, log }: Scale, { values, texts }: Ticks): Partial<Layout["xaxis"]> => ({
  type: log ? "log" : "linear",
  range: log ? [Math.log10(from), Math.log10(to)] : [from, to],
  tickmode: "array",
  tickvals: values,
  ticktext: texts,
});

/** At the top of the y-axis: what its numbers are to be added to. */
const baseNote = (base: string, background: string): NonNullable<Layout["annotations"]>[number] => ({
  text: `${base} +`,
  xref: "paper",
  yref: "paper",
  x: 0,
  y: 1,
  xanchor: "left",
  yanchor: "top",
  showarrow: false,
  bgcolor: background,
});

/** plotly.js reads some tags of HTML in texts, and templates. */
const escapeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("%{", "%\u200b{");

/** A trace as plotly.js draws it: in vectors what draw-traces.ts draws in pixels. */
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
