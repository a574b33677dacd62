/** How the charts of a page are seen, as the address holds it. Pure. */
import { type Grouping, meansOf } from "./grouping/arrange.ts";
import type { CardSize } from "./plot/size-handle.tsx";
import { type ChartView, plainAxes, type XAxis } from "./plot/traces.ts";

export type ChartSize = "small" | "medium" | "large";

/** The height of a chart's picture and the least width of the chart, in pixels. */
const chartSizes: Record<ChartSize, CardSize> = {
  small: { height: 150, width: 260 },
  medium: { height: 220, width: 360 },
  large: { height: 360, width: 600 },
};
const SIZE_MIN: CardSize = { width: 200, height: 100 };
const SIZE_MAX: CardSize = { width: 2400, height: 1600 };

export const sizeOf = ({ size, ownSize }: Pick<ChartsView, "size" | "ownSize">): CardSize =>
  ownSize ?? chartSizes[size];

/** What a reader drags to, in whole pixels, and neither too small to be read nor larger than a screen. */
export const roundSize = ({ width, height }: CardSize): CardSize => ({
  width: Math.round(Math.min(SIZE_MAX.width, Math.max(SIZE_MIN.width, width))),
  height: Math.round(Math.min(SIZE_MAX.height, Math.max(SIZE_MIN.height, height))),
});

/** A part of x, in the axis's own numbers. */
export type Zoom = [from: number, to: number];

export type ChartsView = ChartView & {
  grouping: Grouping;
  /** Texts of expressions that have a chart. */
  expressions: string[];
  logX: boolean;
  /** Metrics with a logarithmic axis of their own. */
  log: string[];
  /** Metrics that come first. */
  pinned: string[];
  /** Metrics whose values at the cursor stand in a table below their chart. */
  values: string[];
  /** Where the cursor is pinned, in the numbers of the x-axis; null: it follows the pointer. */
  at: number | null;
  /** The part of the x-axis that all charts show; null: the whole. */
  zoom: Zoom | null;
  /** Words that a metric's name must hold for its chart to be shown. */
  find: string;
  /** Keys of the sections that are closed. */
  shut: string[];
  size: ChartSize;
  /** What a reader dragged the charts to; null: as `size` says. */
  ownSize: CardSize | null;
};

const plainNames = [
  "smooth",
  "method",
  "x",
  "logx",
  "clip",
  "log",
  "pin",
  "values",
  "at",
  "zoom",
  "find",
  "shut",
  "size",
];
const names = [...plainNames, "colorby", "strokeby", "chartby", "mean", "expr", "card"];

/** Charts of expressions; more make an address that nobody can send. */
export const EXPRESSIONS_MAX = 20;

export function readView(query: URLSearchParams): ChartsView {
  const smoothing = Number(query.get("smooth"));
  const x = query.get("x") ?? "step";
  const at = query.get("at");
  const size = query.get("size");
  return {
    grouping: {
      colorBy: query.get("colorby"),
      strokeBy: query.get("strokeby"),
      chartBy: query.get("chartby"),
      mean: meansOf.find((mean) => mean === query.get("mean")) ?? "none",
    },
    expressions: [...new Set(query.getAll("expr").filter((text) => text.trim() !== ""))].slice(0, EXPRESSIONS_MAX),
    smoothing: smoothing > 0 && smoothing < 1 ? smoothing : 0,
    method: query.get("method") === "gaussian" ? "gaussian" : "ema",
    x: (plainAxes as readonly string[]).includes(x) || x.startsWith("metric:") ? (x as XAxis) : "step",
    clip: query.get("clip") === "1",
    logX: query.get("logx") === "1",
    log: query.getAll("log"),
    pinned: query.getAll("pin"),
    values: query.getAll("values"),
    at: at !== null && Number.isFinite(Number(at)) ? Number(at) : null,
    zoom: readZoom(query.get("zoom") ?? ""),
    find: query.get("find") ?? "",
    shut: query.getAll("shut"),
    size: size === "small" || size === "large" ? size : "medium",
    ownSize: readSize(query.get("card") ?? ""),
  };
}

/** `420x240`; null for what is no size. */
function readSize(text: string): CardSize | null {
  const [, width, height] = /^(\d{1,4})x(\d{1,4})$/.exec(text) ?? [];
  return width === undefined ? null : roundSize({ width: Number(width), height: Number(height) });
}

/** `180..420`; null for what is no range. */
function readZoom(text: string): Zoom | null {
  const ends = text.split("..");
  const [from, to] = ends.map(Number);
  const isRange = ends.length === 2 && ends.every((end) => end.trim() !== "") && Number.isFinite(from! - to!);
  return isRange && from! < to! ? [from!, to!] : null;
}

export function writeView(view: ChartsView, query: URLSearchParams): void {
  for (const name of names) query.delete(name);
  const { colorBy, strokeBy, chartBy, mean } = view.grouping;
  if (colorBy !== null) query.set("colorby", colorBy);
  if (strokeBy !== null) query.set("strokeby", strokeBy);
  if (chartBy !== null) query.set("chartby", chartBy);
  if (mean !== "none") query.set("mean", mean);
  for (const text of view.expressions) query.append("expr", text);
  if (view.smoothing > 0) query.set("smooth", String(view.smoothing));
  if (view.method !== "ema") query.set("method", view.method);
  if (view.x !== "step") query.set("x", view.x);
  if (view.logX) query.set("logx", "1");
  if (view.clip) query.set("clip", "1");
  for (const metric of view.log) query.append("log", metric);
  for (const metric of view.pinned) query.append("pin", metric);
  for (const metric of view.values) query.append("values", metric);
  if (view.at !== null) query.set("at", String(view.at));
  if (view.zoom) query.set("zoom", view.zoom.join(".."));
  if (view.find.trim() !== "") query.set("find", view.find.trim());
  for (const section of view.shut) query.append("shut", section);
  if (view.size !== "medium") query.set("size", view.size);
  if (view.ownSize) query.set("card", `${view.ownSize.width}x${view.ownSize.height}`);
}

/** So many parts of a zoom are told apart: finer ends would make the address long, and no picture different. */
const ZOOM_PARTS = 10_000;

/** The range with ends of no more digits than a picture shows. */
export function roundZoom([from, to]: Zoom): Zoom {
  const exponent = Math.floor(Math.log10((to - from) / ZOOM_PARTS));
  const round = (end: number) => {
    // a power of ten below 1 is no exact number, and its inverse is one
    const rounded =
      exponent < 0
        ? Math.round(end * 10 ** -exponent) / 10 ** -exponent
        : Math.round(end / 10 ** exponent) * 10 ** exponent;
    return Number.isFinite(rounded) ? rounded : end;
  };
  const rounded: Zoom = [round(from), round(to)];
  return rounded[0] < rounded[1] ? rounded : [from, to];
}
