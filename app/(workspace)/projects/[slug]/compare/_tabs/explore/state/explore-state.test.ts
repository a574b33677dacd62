import fc from "fast-check";
import { expect, test } from "vitest";
import type { RunColumns } from "@/lib/wire/run-columns.ts";
import { axisScale, axisTicks, shareOf, valueAt } from "./axis-scale.ts";
import { type Brush, brushBetween, selectRuns, sharesOf } from "./brushes.ts";
import { asNumbers, labelOf, shortLabels, standingsOf, storeOf } from "./columns.ts";
import { CELL_MIN, contourCells } from "./contour-cells.ts";
import { columnsIn, type ExploreView, readExploreView, writeExploreView } from "./explore-address.ts";
import { brushedFilter } from "./links.ts";
import { colorRuns, inkOn, rampColor } from "./run-colors.ts";

const odd = '学习率 "x", y.z/é&=';

const read: RunColumns = {
  runs: {
    id: ["a", "b", "c", "d", "e"],
    name: ["a", "b", "c", "d", "e"],
    status: ["finished", "finished", "failed", "running", "finished"],
  },
  columns: [
    { name: "config.lr", kind: "number", values: [0.001, 0.01, 1, null, 0.1], direction: null, unit: "" },
    { name: `config.${odd}`, kind: "category", names: ["adam", "sgd", "z"], codes: [0, 1, 2, null, 1] },
    { name: "validation/acc.last", kind: "number", values: [0.5, "NaN", 0.7, 0.6, 0.9], direction: "max", unit: "" },
  ],
  offered: [],
  leftOut: [],
  beyond: 0,
};
const store = storeOf(read);
const [lr, optimizer, acc] = [...store.columns.values()];

test("a run counts once it finished with a finite objective", () => {
  expect(standingsOf(store, asNumbers(acc))).toEqual(["counted", "infeasible", "infeasible", "unfinished", "counted"]);
  expect(standingsOf(store, null)).toEqual(["counted", "counted", "infeasible", "unfinished", "counted"]);
});

test.each([
  ["config.lr", "lr"],
  ["config.", '""'],
  ["validation/acc.atBest", "validation/acc at best"],
  ["-/loss.last", "loss last"],
  ["lastStep", "last step"],
])("people read the column %s as %s", (name, label) => expect(labelOf(name)).toBe(label));

test("an axis is called by the last part of its name, where no other is", () => {
  const named = (...names: string[]) => {
    const columns = names.map((name) => ({ ...read.columns[0]!, name }));
    return [...shortLabels([...storeOf({ ...read, columns }).columns.values()]).values()];
  };
  expect(named("config.optimizer.lr", "config.a/b", "validation/layer/loss.last", "duration")).toEqual([
    "lr",
    "a/b",
    "loss last",
    "duration",
  ]);
  expect(named("config.a.lr", "config.b.lr", "config.")).toEqual(["a.lr", "b.lr", '""']);
});

test("numbers over two decades stand on a logarithmic axis, unless a reader chose, and never with 0 in them", () => {
  expect(axisScale(lr!, undefined).scale).toEqual({ from: 0.001, to: 1, log: true });
  expect(axisScale(lr!, "linear").scale.log).toBe(false);
  const numbers = (values: (number | null)[]) =>
    [...storeOf({ ...read, columns: [{ ...read.columns[0]!, kind: "number", values } as never] }).columns.values()][0]!;
  expect(axisScale(numbers([0, 1, 1000]), "log")).toMatchObject({ scale: { log: false }, isLogPossible: false });
  expect(axisScale(numbers([4, null]), undefined).scale).toEqual({ from: 2, to: 6, log: false });
  expect(axisScale(numbers([0]), undefined).scale).toEqual({ from: -1, to: 1, log: false });
  expect(axisScale(numbers([null]), undefined).scale).toEqual({ from: 0, to: 1, log: false });
  const ticks = axisTicks(axisScale(optimizer!, undefined), { from: 0, to: 3, log: false }, 2);
  expect(ticks).toEqual({ values: [0.5, 2.5], texts: ["adam", "z"], base: null });
});

test("a share of an axis and the value at it lead to each other", () => {
  const scale = fc.oneof(fc.constant({ from: 1e-4, to: 1, log: true }), fc.constant({ from: -3, to: 7, log: false }));
  fc.assert(
    fc.property(scale, fc.double({ min: 0, max: 1, noNaN: true }), (one, share) => {
      expect(shareOf(one, valueAt(one, share))).toBeCloseTo(share, 9);
    }),
  );
});

const selectedBy = (...brushes: Brush[]): string | null => {
  const selected = selectRuns(store, brushes);
  return selected && store.ids.filter((_, run) => selected[run] === 1).join("");
};

test("a run is selected that lies within every brush; one without a value lies within none", () => {
  expect(selectedBy()).toBe(null);
  expect(selectedBy({ column: "config.lr", from: 0.01, to: 1 })).toBe("bce");
  expect(selectedBy({ column: "config.lr", from: 0.01, to: 1 }, { column: `config.${odd}`, names: ["sgd"] })).toBe(
    "be",
  );
  expect(selectedBy({ column: `config.${odd}`, names: ["nobody"] })).toBe("");
  expect(selectedBy({ column: "validation/acc.last", from: 0, to: 1 })).toBe("acde");
  expect(selectedBy({ column: "gone", from: 0, to: 1 })).toBe(null);
});

test("what is brushed between two shares takes those shares again, and all of an axis is no brush", () => {
  const [lrAxis, names] = [axisScale(lr!, undefined), axisScale(optimizer!, undefined)];
  const brush = brushBetween(lr!, lrAxis, 0.75, 0.25)!;
  const [low, high] = sharesOf(lrAxis, brush);
  expect([low, high]).toEqual([expect.closeTo(0.25, 9), expect.closeTo(0.75, 9)]);
  expect(brushBetween(lr!, lrAxis, -1, 2)).toBe(null);
  expect(brushBetween(optimizer!, names, 0, 0.6)).toEqual({ column: `config.${odd}`, names: ["adam", "sgd"] });
  expect(sharesOf(names, { column: "x", names: ["sgd", "z"] })).toEqual([expect.closeTo(1 / 3, 9), 1]);
  expect(brushBetween(optimizer!, names, 0.2, 0.25)).toBe(null);
});

const view: ExploreView = {
  axes: [`config.${odd}`, "config.lr"],
  brushes: [
    { column: `config.${odd}`, names: ["a,b", '"'] },
    { column: "config.lr", from: 1e-7, to: 0.1 + 0.2 },
  ],
  objective: "validation/acc.last",
  better: "max",
  x: "duration",
  y: null,
  color: "config.lr",
  size: null,
  xBetter: "min",
  yBetter: null,
  across: "config.a",
  down: "config.b",
  scales: { "config.lr": "linear", [`config.${odd}`]: "log" },
};

test("an address gives the state back, and leaves what others keep there", () => {
  const query = new URLSearchParams("run=1&run=2&tab=explore&axis=old");
  writeExploreView(view, query);
  expect(readExploreView(new URLSearchParams(query.toString()))).toEqual(view);
  expect(query.getAll("run")).toEqual(["1", "2"]);
  expect(columnsIn(view)).toEqual([
    `config.${odd}`,
    "config.lr",
    "validation/acc.last",
    "duration",
    "config.a",
    "config.b",
  ]);
});

test.each(["", "[", "{}", "[1,2,3]", '["a"]', '["a","b","c"]', '["a",1]', '["a",[1]]', "null"])(
  "the brush %s of an address is passed over",
  (brush) =>
    expect(readExploreView(new URLSearchParams({ brush, better: "up" }))).toMatchObject({ brushes: [], better: null }),
);

test("what is brushed narrows the filter of the table down", () => {
  expect(brushedFilter("", [{ column: "config.lr", from: 0.1, to: 2 }])).toBe("config.lr >= 0.1 and config.lr <= 2");
  expect(brushedFilter("status = finished or seed = 1", [{ column: "config.o", names: ["a b"] }])).toMatch(
    /^\(.* or .*\) and config\.o in \("a b"\)$/,
  );
  expect(brushedFilter("status = ", [])).toBe(null);
  expect(brushedFilter("", [{ column: "lastStep", from: 0, to: 1 }])).toBe(null);
});

test("colours go by rank, the best the strongest, and none of those without a value", () => {
  expect([...colorRuns(acc!, "max", "light", 5).of]).toEqual([0, -1, 6, 3, 9]);
  expect([...colorRuns(acc!, "min", "light", 5).of]).toEqual([9, -1, 3, 6, 0]);
  expect([...colorRuns(optimizer!, null, "dark", 5).of]).toEqual([0, 1, 2, -1, 1]);
});

test("what is written on a colour of the ramps is read at 4.5 to 1", () => {
  const luminance = (hex: string) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => {
      const share = Number.parseInt(hex.slice(1 + 2 * at, 3 + 2 * at), 16) / 255;
      return sum + weight * (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
    }, 0);
  for (const theme of ["light", "dark"] as const)
    for (let step = 0; step <= 100; step++) {
      const color = rampColor(theme, step / 100);
      const [a, b] = [luminance(color), luminance(inkOn(color))];
      expect((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
});

test("a cell says its mean and n, and of too few runs no mean", () => {
  const n = 20;
  const many = storeOf({
    ...read,
    runs: {
      id: Array.from({ length: n }, (_, at) => String(at)),
      name: Array(n).fill("r"),
      status: Array(n).fill("finished"),
    },
    columns: [
      {
        name: "config.w",
        kind: "number",
        values: Array.from({ length: n }, (_, at) => (at < 18 ? 1 : 2)),
        direction: null,
        unit: "",
      },
      { name: "config.o", kind: "category", names: ["a", "b"], codes: Array.from({ length: n }, (_, at) => at % 2) },
      { name: "v", kind: "number", values: Array.from({ length: n }, (_, at) => at % 2), direction: null, unit: "" },
    ],
  });
  const [w, o, v] = [...many.columns.values()];
  const cells = contourCells([w!, o!], asNumbers(v)!, standingsOf(many, asNumbers(v)), {});
  expect(cells.across.map(({ words }) => words)).toEqual(["1", "2"]);
  expect(cells.up.map(({ words }) => words)).toEqual(["a", "b"]);
  expect(cells.cells).toEqual([
    [
      { n: 9, mean: 0 },
      { n: 1, mean: null },
    ],
    [
      { n: 9, mean: 1 },
      { n: 1, mean: null },
    ],
  ]);
  expect(CELL_MIN).toBe(3);
});
