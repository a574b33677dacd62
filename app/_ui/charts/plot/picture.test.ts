import { expect, test } from "vitest";
import type { Drawing } from "./drawing.ts";
import { drawPicture, pictureOf } from "./picture.ts";
import { boxOf } from "./plane.ts";
import { SvgPen } from "./svg-pen.ts";
import type { Trace } from "./traces.ts";

const colors = {
  bg: "white",
  raised: "",
  text: "black",
  muted: "grey",
  line: "silver",
  "line-strong": "grey",
  font: "G",
};
/** Every letter is ten pixels wide. */
const measure = { font: "", measureText: (text: string) => ({ width: 10 * text.length }) as TextMetrics };

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

function svgOf(traces: Trace[], title = "loss"): string {
  const last = traces[0]!.raw.x.length - 1;
  const plane = { box: boxOf(400, 220), x: { from: 0, to: last, log: false }, y: { from: 0, to: 10, log: false } };
  const drawing: Drawing = { traces, plane, x: "step", width: 400, height: 220, colors };
  const picture = pictureOf(drawing, title, new SvgPen(measure));
  const pen = new SvgPen(measure);
  drawPicture(pen, picture);
  return pen.toFile(picture.width, picture.height);
}
const pathsOf = (svg: string, look: string) =>
  [...svg.matchAll(/<path d="([^"]*)"([^>]*)\/>/g)]
    .filter(([, , rest]) => rest!.includes(look))
    .map(([, path]) => path!);

test("a picture has title, legend, and the numbers of both axes", () => {
  const svg = svgOf([trace([1, 2, 3]), trace([3, 2, 1], { name: "validation", dash: [5, 3] })]);
  for (const words of ["loss", "train", "validation", "step", "0", "10"]) expect(svg).toContain(`>${words}</text>`);
  expect(svg).toContain('stroke-dasharray="5 3"');
});

test("NaN and infinities are gaps, never 0, and are marked at the foot and the head", () => {
  const svg = svgOf([trace([1, Number.NaN, 3, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0])]);
  // no two finite points follow each other: no line, each is a dot
  const strokes = pathsOf(svg, 'stroke="#123456"');
  const [legend, cross] = strokes;
  expect(strokes).toHaveLength(2);
  expect(legend!.match(/L/g)).toHaveLength(1);
  expect(cross!.match(/M/g)).toHaveLength(2);
  const fills = pathsOf(svg, 'fill="#123456"');
  expect(fills.filter((path) => path.includes("a"))).toHaveLength(3);
  const triangles = fills.filter((path) => !path.includes("a"));
  const down = triangles.map((path) => Number(path.split("L")[1]!.split(" ")[1]));
  expect(down).toHaveLength(2);
  expect(down[0]).toBeLessThan(down[1]! - 300);
});

test("a smoothed trace has its raw line faint behind it", () => {
  const raw = trace([1, 5, 1, 5]);
  const svg = svgOf([{ ...raw, smoothed: { x: raw.raw.x, y: [1, 2, 2, 3] } }]);
  const opacities = [...svg.matchAll(/stroke="#123456"[^>]*?(?:opacity="([\d.]+)")?\/>/g)].map(
    ([, opacity]) => opacity,
  );
  expect(opacities).toEqual([undefined, "0.25", undefined]);
});

test("names can't be mistaken for markup, and a long legend takes several lines", () => {
  const many = Array.from({ length: 9 }, (_, index) => trace([1, 2], { name: `<b>"a" & b</b> ${index}` }));
  const svg = svgOf(many, "<script>");
  expect(svg).not.toMatch(/<b>|<script>/);
  expect(svg).toContain("&lt;b&gt;&quot;a&quot; &amp; b&lt;/b&gt; 8</text>");
  expect(Number(/height="(\d+)"/.exec(svg)![1])).toBeGreaterThan(
    Number(/height="(\d+)"/.exec(svgOf([many[0]!]))![1]) + 18,
  );
});
