import { expect, test } from "vitest";
import type { Trace } from "./plot/traces.ts";
import { bestFirst, nearestTo, placesOf, placeWords, readingsAt } from "./readings.ts";

/** Step 100 × x. */
function trace(name: string, points: [x: number, value: number][], smoothed: Trace["smoothed"] = null): Trace {
  const x = Float64Array.from(points, ([at]) => at);
  return {
    key: name,
    owner: "",
    label: name,
    split: "validation",
    name,
    color: "",
    dash: [],
    band: null,
    width: 1,
    opacity: 1,
    steps: x.map((at) => 100 * at),
    raw: { x, y: Float64Array.from(points, ([, value]) => value) },
    smoothed,
  };
}

const words = (traces: Trace[], at: number, direction: "min" | "max" | null) =>
  bestFirst(readingsAt(traces, at), direction).map(
    ({ trace, step, value, isBeyond }) => `${trace.name} ${step} ${isBeyond ? "beyond" : value}`,
  );

test("each curve is read at its nearest point, best first", () => {
  const traces = [
    trace("a", [
      [0, 5],
      [10, 4],
      [20, 3],
    ]),
    trace("b", [
      [0, 1],
      [12, 2],
      [20, 9],
    ]),
  ];
  expect(words(traces, 11, "min")).toEqual(["b 1200 2", "a 1000 4"]);
  expect(words(traces, 11, "max")).toEqual(["a 1000 4", "b 1200 2"]);
  expect(words(traces, 5, null)).toEqual(["a 0 5", "b 0 1"]);
});

test("what isn't finite follows what is, and last is what ended or hasn't begun, with its end", () => {
  const traces = [
    trace("ended", [
      [0, 1],
      [5, 2],
    ]),
    trace("nan", [
      [0, 1],
      [10, Number.NaN],
    ]),
    trace("late", [[11, 1]]),
    trace("fine", [
      [0, 3],
      [20, 4],
    ]),
  ];
  expect(words(traces, 10, "min")).toEqual(["fine 0 3", "nan 1000 NaN", "ended 500 beyond", "late 1100 beyond"]);
  expect(readingsAt([trace("empty", []), trace("beside", [[Number.NaN, 1]])], 1)).toEqual([]);
});

test("a smoothed line is read at its own nearest point: over an envelope it goes through means", () => {
  const points: [number, number][] = [
    [0, 5],
    [1, 6],
  ];
  const exact = trace("train", points, { x: Float64Array.of(0, 1), y: [5, 5.5] });
  expect(readingsAt([exact], 1)).toMatchObject([{ value: 6, smoothed: 5.5 }]);
  const envelope = trace("train", points, { x: Float64Array.of(0.5), y: [5.2] });
  expect(readingsAt([envelope], 1)).toMatchObject([{ value: 6, smoothed: 5.2 }]);
});

test("the cursor may stand wherever a curve has a point", () => {
  expect(
    placesOf([
      trace("a", [
        [0, 1],
        [4, 1],
      ]),
      trace("b", [
        [2, 1],
        [4, 1],
        [Number.NaN, 1],
      ]),
    ]),
  ).toEqual([0, 2, 4]);
});

test.each([
  ["step", 1200, "step 1,200"],
  ["relative", 12.34, "12.3 s"],
  ["wall", Date.UTC(2026, 0, 5, 9), "2026-01-05 09:00:00 UTC"],
  ["metric:epoch", 2.5, "epoch 2.5"],
] as const)("the cursor on %s says where it is", (x, at, place) => {
  expect(placeWords(x, at)).toBe(place);
});

test("the curves nearest to the pointer are read from the top, the nearest marked, the others counted", () => {
  const flat = (name: string, value: number) => trace(name, [[0, value]]);
  const plane = {
    box: { left: 0, top: 0, width: 100, height: 100 },
    x: { from: 0, to: 1, log: false },
    y: { from: 0, to: 10, log: false },
  };
  const traces = [flat("low", 1), flat("nan", Number.NaN), flat("high", 9), flat("middle", 5), flat("above", 7)];
  const at = (down: number, most: number, log = false) => {
    const { shown, nearest, more } = nearestTo(
      readingsAt(traces, 0),
      { ...plane, y: log ? { from: 0.1, to: 10, log } : plane.y },
      down,
      most,
    );
    return [shown.map((one) => one.trace.name).join(" "), nearest?.trace.name ?? null, more];
  };
  expect(at(45, 3)).toEqual(["high above middle", "middle", 2]);
  expect(at(95, 2)).toEqual(["middle low", "low", 3]);
  expect(at(0, 9)).toEqual(["high above middle low nan", "high", 0]);
  // what is near is near in the picture: 1 stands at half the height of a logarithmic axis from 0.1 to 10
  expect(at(45, 1, true)).toEqual(["low", "low", 4]);
  expect(nearestTo(readingsAt([flat("nan", Number.NaN)], 0), plane, 50, 9)).toMatchObject({ nearest: null, more: 0 });
});

test("a smoothed curve lies where its smoothed line is", () => {
  const plane = {
    box: { left: 0, top: 0, width: 100, height: 100 },
    x: { from: 0, to: 1, log: false },
    y: { from: 0, to: 10, log: false },
  };
  const smoothed = { x: Float64Array.of(0), y: [8] };
  const traces = [trace("smoothed", [[0, 1]], smoothed), trace("raw", [[0, 5]])];
  expect(nearestTo(readingsAt(traces, 0), plane, 20, 1).nearest?.trace.name).toBe("smoothed");
});
