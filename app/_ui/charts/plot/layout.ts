/** How a chart looks: axes and grid in the page's own colours, without the curves. Pure. */
import type { Config, Layout } from "plotly.js";
import type { ThemeColors } from "./dom.ts";
import { MARGIN, type Plane, type Scale } from "./plane.ts";
import { farDates, offsetTicks, type Ticks } from "./ticks.ts";
import { axisMetric, escapeText, type plainAxes, type XAxis } from "./traces.ts";

export const CHART_HEIGHT = 220;

type PlainAxis = (typeof plainAxes)[number];
const xTitles: Record<PlainAxis, string> = { step: "step", relative: "seconds since start", wall: "time (UTC)" };

export type ChartLook = {
  x: XAxis;
  plane: Plane;
  width: number;
  height: number;
  colors: ThemeColors;
};

export function chartLayout({ x, plane, width, height, colors }: ChartLook): Partial<Layout> {
  const metric = axisMetric(x);
  const axis = {
    gridcolor: colors.line,
    linecolor: colors["line-strong"],
    tickcolor: colors["line-strong"],
    zeroline: false,
    exponentformat: "power",
    nticks: 6,
  } as const;
  const { log: logX } = plane.x;
  const farX = x === "wall" ? farDates(plane.x, plane.box.width) : null;
  const ticksX = x === "wall" ? farX : offsetTicks(plane.x, x === "step");
  const ticksY = offsetTicks(plane.y, false);
  const titleX = metric === null ? xTitles[x as PlainAxis] : escapeText(metric);
  return {
    width,
    height,
    // fixed, as the curves lie over it; measuring would also draw everything twice
    margin: MARGIN,
    paper_bgcolor: colors.bg,
    plot_bgcolor: colors.bg,
    font: { family: colors.font, size: 11, color: colors.muted },
    showlegend: false,
    hovermode: false,
    dragmode: "zoom",
    xaxis: {
      ...axis,
      type: x === "wall" && !farX ? "date" : logX ? "log" : "linear",
      range: rangeOf(plane.x),
      title: { text: ticksX?.base ? `${titleX} − ${ticksX.base}` : titleX, standoff: 6 },
      showgrid: false,
      showline: true,
      ticks: "outside",
      ticklen: 4,
      ...(x === "step" && !logX ? { tickformat: "~s" } : {}),
      ...fixed(ticksX),
    },
    yaxis: {
      ...axis,
      type: plane.y.log ? "log" : "linear",
      range: rangeOf(plane.y),
      fixedrange: true,
      ...(plane.y.log ? {} : { tickformat: tickFormat(plane.y) }),
      ...fixed(ticksY),
    },
    annotations: ticksY?.base ? [baseNote(ticksY.base, colors)] : [],
  };
}

const fixed = (ticks: Ticks | null): Partial<Layout["xaxis"]> =>
  ticks ? { tickmode: "array", tickvals: ticks.values, ticktext: ticks.texts } : {};

/** At the top of the y-axis: what its numbers are to be added to. */
const baseNote = (base: string, colors: ThemeColors): NonNullable<Layout["annotations"]>[number] => ({
  text: `${base} +`,
  xref: "paper",
  yref: "paper",
  x: 0,
  y: 1,
  xanchor: "left",
  yanchor: "top",
  showarrow: false,
  bgcolor: colors.bg,
});

/** plotly.js has the ends of a logarithmic axis as powers of ten. */
const rangeOf = ({ from, to, log }: Scale): [number, number] => (log ? [Math.log10(from), Math.log10(to)] : [from, to]);

/** 1,400 in full, 46G or 8e-6 where digits would have no room. */
function tickFormat({ from, to }: Scale): string {
  const most = Math.max(Math.abs(from), Math.abs(to));
  if (most > 0 && most < 1e-3) return "~e";
  return most >= 1e6 && most < 1e15 ? "~s" : ",";
}

export const chartConfig: Partial<Config> = {
  displayModeBar: false,
  doubleClick: false,
  responsive: false,
  showTips: false,
};
