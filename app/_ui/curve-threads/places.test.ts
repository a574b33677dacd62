import { expect, test } from "vitest";
import { boxOf } from "../charts/plot/plane.ts";
import { curveMarks, type DrawnCurves, pointPlaces, rangePlaces } from "./places.ts";

type Trace = DrawnCurves["drawing"]["traces"][number];
const curve = (split: Trace["split"], steps: number[], y: number[], x = steps): Trace => ({
  key: `run ${split}/loss`,
  owner: "run",
  label: null,
  split,
  name: split ?? "",
  color: "",
  dash: [],
  width: 1,
  opacity: 1,
  steps: Float64Array.from(steps),
  raw: { x: Float64Array.from(x), y },
  smoothed: null,
  band: null,
});
const train = curve("train", [0, 50, 100], [3, 2, 1]);
const validation = curve("validation", [0, 40, 100], [6, 5, 4]);
/** A plot of 100 pixels for 100 steps, and as many for values from 6 down to 0. */
const drawnAs = (from: number, to: number, more: { log?: boolean; traces?: Trace[]; x?: "step" | "wall" } = {}) => ({
  metric: "loss",
  drawing: {
    traces: more.traces ?? [train, validation],
    x: more.x ?? ("step" as const),
    plane: { box: { ...boxOf(170, 150) }, x: { from, to, log: more.log ?? false }, y: { from: 0, to: 6, log: false } },
  },
});
const { left } = boxOf(170, 150);
const thread = (anchor: string, count = 1, run = "run") => ({ run, anchor, count });
/** Where marks lie, with how many threads. */
const laid = (threads: ReturnType<typeof thread>[], drawn: DrawnCurves) =>
  curveMarks(threads, drawn).map((mark) => [mark.left - left, mark.count]);

test("a mark lies at its step, or in the middle of what is shown of its range, and has the threads that are near", () => {
  const drawn = drawnAs(0, 100);
  const far = [thread("point:train/loss@90"), thread("point:validation/loss@10", 2)];
  expect(laid(far, drawn)).toEqual([
    [10, 2],
    [90, 1],
  ]);
  const [both, ...others] = curveMarks([...far, thread("range:train/loss@10-30", 3)], drawn);
  expect(both).toMatchObject({ count: 5, spans: [{ width: 0 }, { left: left + 10, width: 20 }] });
  expect(both?.places.map(({ anchor }) => anchor)).toEqual(["point:validation/loss@10", "range:train/loss@10-30"]);
  expect(others).toHaveLength(1);
});

test("a part that is zoomed in cuts ranges, and has no mark of what lies beside it", () => {
  const drawn = drawnAs(40, 60);
  expect(laid([thread("point:train/loss@39"), thread("range:train/loss@0-30")], drawn)).toEqual([]);
  expect(laid([thread("range:train/loss@0-50")], drawn)).toEqual([[25, 1]]);
  expect(laid([thread("range:train/loss@0-10")], drawnAs(1, 100, { log: true }))).toEqual([[25, 1]]);
  expect(laid([thread("point:train/loss@0")], drawnAs(1, 100, { log: true }))).toEqual([]);
});

test("on an axis of another kind a mark lies where the nearest point of its curve does", () => {
  const traces = [curve("train", [0, 50, 100], [3, 2, 1], [1000, 1010, 1020])];
  expect(laid([thread("point:train/loss@49")], drawnAs(1000, 1020, { traces, x: "wall" }))).toEqual([[50, 1]]);
});

test.each([
  thread("point:train/accuracy@50"),
  thread("point:-/loss@50"),
  thread("point:train/loss@50", 1, "another"),
  thread("config:loss"),
])("what hangs elsewhere has no mark: %j", (one) => {
  expect(curveMarks([one], drawnAs(0, 100))).toEqual([]);
});

test("a thread begins at the point that is nearest to the cursor, of the curve that was pointed at, else of validation", () => {
  const drawn = drawnAs(0, 100);
  const at = (down: number | null) => pointPlaces(drawn, 48, down).map(({ anchor }) => anchor);
  expect(at(null)).toEqual(["point:validation/loss@40", "point:train/loss@50"]);
  expect(at(10)[0]).toBe("point:validation/loss@40");
  expect(at(80)[0]).toBe("point:train/loss@50");
  // of a zoom the points beside it are there too, and aren't meant
  expect(pointPlaces(drawnAs(0, 80), 80, null)[0]).toMatchObject({ step: 40 });
});

test("of a part of x a thread has the steps within; a curve without any has no place", () => {
  const places = (from: number, to: number) => rangePlaces(drawnAs(0, 100), [from, to]).map(({ anchor }) => anchor);
  expect(places(30.5, 110)).toEqual(["range:validation/loss@40-100", "range:train/loss@50-100"]);
  expect(places(45, 60)).toEqual(["range:train/loss@50-50"]);
});
