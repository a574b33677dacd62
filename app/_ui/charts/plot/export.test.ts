import { expect, test } from "vitest";
import type { Drawing } from "./drawing.ts";
import { pictureLayout, plotlyData } from "./export.ts";
import { boxOf } from "./plane.ts";
import type { Trace } from "./traces.ts";

const colors = {
  bg: "white",
  raised: "",
  text: "black",
  muted: "grey",
  line: "silver",
  "line-strong": "grey",
  accent: "#123",
  warning: "#456",
  font: "G",
};

const trace = (y: number[], change: Partial<Trace> = {}): Trace => ({
  key: "run train/loss",
  owner: "run",
  label: null,
  split: "train",
  name: "train",
  color: "#123456",
  dash: [],
  width: 1.5,
  opacity: 1,
  steps: Float64Array.from(y.keys()),
  raw: { x: Float64Array.from(y.keys()), y },
  smoothed: null,
  band: null,
  ...change,
});

const drawingOf = (change: Partial<Drawing> = {}): Drawing => ({
  traces: [trace([1, 2])],
  plane: { box: boxOf(400, 220), x: { from: 0, to: 1000, log: false }, y: { from: 0.01, to: 100, log: true } },
  x: "step",
  width: 400,
  height: 220,
  colors,
  ...change,
});

test("a picture has the axes of the page: their ends, and numbers as the page writes them", () => {
  const { xaxis, yaxis } = pictureLayout("loss", drawingOf());
  expect(xaxis).toMatchObject({ type: "linear", range: [0, 1000], tickmode: "array" });
  expect([yaxis?.type, yaxis?.range]).toEqual(["log", [-2, 2]]);
  expect(xaxis?.tickvals?.length).toBe(xaxis?.ticktext?.length);
  expect(xaxis?.ticktext?.length).toBeGreaterThan(2);
});

test("a name is text in a picture, whatever stands in it", () => {
  const layout = pictureLayout("<b>loss</b> & %{x}", drawingOf());
  expect(layout.title).toMatchObject({ text: "&lt;b&gt;loss&lt;/b&gt; &amp; %\u200b{x}" });
  expect(plotlyData(trace([1], { name: "<i>a</i>" }))[0]).toMatchObject({ name: "&lt;i&gt;a&lt;/i&gt;" });
});

test("NaN and infinities are gaps in the line, and marks at the edges", () => {
  const [line, ...marks] = plotlyData(trace([1, Number.NaN, 3, Number.POSITIVE_INFINITY]));
  expect(line).toMatchObject({ y: [1, null, 3, null], connectgaps: false });
  expect(marks).toMatchObject([
    { x: [1], y: [0], yaxis: "y2" },
    { x: [3], y: [1], yaxis: "y2" },
  ]);
});

test("a mean's band is filled between its ends; a smoothed line has the raw one faint behind it", () => {
  const band = {
    low: Float64Array.of(0, Number.NaN),
    high: Float64Array.of(2, Number.NaN),
    n: Uint32Array.of(3, 1),
    between: 0,
  };
  expect(plotlyData(trace([1, 1], { band })).slice(0, 2)).toMatchObject([
    { x: [0], y: [0] },
    { y: [2], fill: "tonexty" },
  ]);
  const smoothed = { x: Float64Array.of(0, 1), y: [1.5, 1.5] };
  expect(plotlyData(trace([1, 2], { smoothed }))).toMatchObject([{ y: [1, 2], showlegend: false }, { y: [1.5, 1.5] }]);
});

test("the legend of many curves stands beside the plot, and none is squeezed", () => {
  const few = pictureLayout("loss", drawingOf());
  const many = pictureLayout("loss", drawingOf({ traces: Array.from({ length: 60 }, () => trace([1, 2])) }));
  expect([few.legend?.orientation, few.width, few.height]).toEqual(["h", 800, 440]);
  expect([many.legend?.orientation, many.width]).toEqual(["v", 1060]);
  expect(many.height).toBeGreaterThan(60 * 16);
});
