/** How a chart looks: axes, grid and hover in the page's own colours. Pure. */
import type { Config, Layout, Shape } from "plotly.js";
import type { ThemeColors } from "./chart-dom.ts";
import { axisMetric, type Clip, escapeText, type plainAxes, type XAxis } from "./chart-traces.ts";

export const CHART_HEIGHT = 220;

type PlainAxis = (typeof plainAxes)[number];
const xTitles: Record<PlainAxis, string> = { step: "step", relative: "seconds since start", wall: "time (UTC)" };

const hoverTitles: Record<PlainAxis, string> = {
  step: "step %{x:,d}",
  relative: "%{x:,.1f} s",
  wall: "%{x|%Y-%m-%d %H:%M:%S}",
};

export type ChartLook = {
  x: XAxis;
  log: boolean;
  width: number;
  colors: ThemeColors;
  /** Lowest and highest finite value; null where there is none. */
  extent: [low: number, high: number] | null;
  /** Null: nothing is cut off. */
  clip?: Clip | null;
  /** Whether x is logarithmic: of steps and seconds. */
  logX?: boolean;
  height?: number;
  /** Where the cursor is pinned, in the numbers of the x-axis. */
  cursor?: number | null;
};

export function chartLayout(look: ChartLook): Partial<Layout> {
  const { x, log, width, colors, extent, clip = null, logX = false, height = CHART_HEIGHT, cursor = null } = look;
  const metric = axisMetric(x);
  const plain = x as PlainAxis;
  const axis = {
    gridcolor: colors.line,
    linecolor: colors["line-strong"],
    tickcolor: colors["line-strong"],
    zeroline: false,
    automargin: true,
    exponentformat: "power",
  } as const;
  // not in @types/plotly.js yet
  const hoverTitle: object = {
    unifiedhovertitle: { text: metric === null ? hoverTitles[plain] : `${escapeText(metric)} %{x}` },
  };
  return {
    width,
    height,
    margin: { l: 40, r: 14, t: 10, b: 32 },
    paper_bgcolor: colors.bg,
    plot_bgcolor: colors.bg,
    font: { family: colors.font, size: 11, color: colors.muted },
    showlegend: false,
    shapes: cursor === null ? [] : [cursorLine(cursor, colors.text)],
    hovermode: "x unified",
    hoverlabel: {
      bgcolor: colors.raised,
      bordercolor: colors["line-strong"],
      font: { family: colors.font, size: 12, color: colors.text },
    },
    dragmode: "zoom",
    xaxis: {
      ...axis,
      type: x === "wall" ? "date" : logX ? "log" : "linear",
      title: { text: metric === null ? xTitles[plain] : escapeText(metric), standoff: 6 },
      showgrid: false,
      showline: true,
      ticks: "outside",
      ticklen: 4,
      nticks: 6,
      ...hoverTitle,
      ...(x === "step" && !logX ? { tickformat: "~s" } : {}),
    },
    yaxis: {
      ...axis,
      type: log ? "log" : "linear",
      fixedrange: true,
      nticks: 6,
      ...(log
        ? {}
        : { tickformat: tickFormat(extent), ...(clip ? { range: [clip.low, clip.high] } : rangeOfConstant(extent)) }),
    },
    yaxis2: { overlaying: "y", range: [0, 1], visible: false, fixedrange: true },
  };
}

const cursorLine = (x: number, color: string): Partial<Shape> => ({
  type: "line",
  x0: x,
  x1: x,
  yref: "paper",
  y0: 0,
  y1: 1,
  line: { color, width: 1, dash: "dot" },
});

/** 1,400 in full, 46G where digits would fill the chart. */
function tickFormat(extent: ChartLook["extent"]): string {
  const most = extent === null ? 0 : Math.max(...extent.map(Math.abs));
  return most >= 1e7 && most < 1e15 ? "~s" : ",";
}

/** plotly.js shows a constant from 1 below to 1 above it, where 0.002 can't be told from 0. */
function rangeOfConstant(extent: ChartLook["extent"]): { range: [number, number] } | undefined {
  if (extent === null || extent[0] !== extent[1] || extent[0] === 0) return undefined;
  const [value] = extent;
  return { range: value > 0 ? [0, 2 * value] : [2 * value, 0] };
}

export const chartConfig: Partial<Config> = {
  displayModeBar: false,
  doubleClick: "reset",
  responsive: false,
  showTips: false,
};
