import { expect, test } from "vitest";
import { alignConfigs } from "@/lib/compare/config-rows.ts";
import type { GridRow, MetricRow, ValueRow } from "./grid-data.ts";
import { differingIn, itemsOf, offsetsOf, ratioAt, valueAt } from "./grid-items.ts";
import { placeOf } from "./use-window.ts";

const config = alignConfigs([
  { batchSize: 64, optimizer: { lr: 0.1, name: "adam" } },
  { batchSize: 64, optimizer: { lr: 0.01, name: "adam" } },
  { batchSize: 64, optimizer: { lr: 0.01 } },
]).map(
  (row): ValueRow => ({
    ...row,
    kind: "value",
    section: "config",
    id: `config/${row.key}`,
    label: row.key.slice(row.prefix === "" ? 0 : row.prefix.length + 1),
    show: "config",
    isLong: false,
  }),
);
const metric: MetricRow = {
  kind: "metric",
  section: "metrics",
  id: "metrics/train/loss",
  series: "train/loss",
  label: "train/loss",
  prefix: "",
  split: "train",
  metric: "loss",
  direction: "min",
  unit: "",
};
const rows: GridRow[] = [...config, metric];
const asked = { rows, shown: [0, 1, 2], pinned: [], closed: [], opened: [], find: "", all: false };
const told = (items: ReturnType<typeof itemsOf>) =>
  items.map((item) =>
    item.kind === "section"
      ? `${item.section}: ${item.alike} of ${item.rows} alike`
      : item.kind === "group"
        ? `[${item.label}]`
        : `${item.kind === "detail" ? "detail of " : ""}${item.row.label}`,
  );

test.each([
  [
    "alike rows are counted and left out",
    {},
    ["config: 1 of 3 alike", "[optimizer]", "lr", "name", "metrics: 0 of 1 alike", "train/loss"],
  ],
  [
    "or shown",
    { all: true },
    ["config: 1 of 3 alike", "batchSize", "[optimizer]", "lr", "name", "metrics: 0 of 1 alike", "train/loss"],
  ],
  [
    "a column that is hidden makes no difference",
    { shown: [1, 2] },
    ["config: 2 of 3 alike", "[optimizer]", "name", "metrics: 0 of 1 alike", "train/loss"],
  ],
  [
    "one run alone has nothing in common with others",
    { shown: [1], closed: ["metrics"] },
    ["config: 0 of 3 alike", "batchSize", "[optimizer]", "lr", "name", "metrics: 0 of 1 alike"],
  ],
  [
    "what is searched for is found by its whole name",
    { find: "OPTIM lr" },
    ["config: 0 of 1 alike", "[optimizer]", "lr"],
  ],
  ["what nothing has finds nothing", { find: "nowhere" }, []],
  [
    "pinned rows stand elsewhere, and details below their rows",
    { pinned: ["config/optimizer.lr"], opened: ["metrics/train/loss"] },
    ["config: 1 of 2 alike", "[optimizer]", "name", "metrics: 0 of 1 alike", "train/loss", "detail of train/loss"],
  ],
])("%s", (_, change, expected) => {
  expect(told(itemsOf({ ...asked, ...change }))).toEqual(expected);
});

test("a value, its ratio and which runs differ are read off a row", () => {
  const [lr, name] = config.slice(1) as [ValueRow, ValueRow];
  expect([valueAt(lr, 1), ratioAt(lr, 1, 0), ratioAt(lr, 2, 1)]).toEqual([0.01, expect.closeTo(0.1, 12), null]);
  expect(valueAt(name, 2)).toBeUndefined();
  expect([differingIn(lr, [0, 1, 2], 0), differingIn(lr, [1, 2], 1), differingIn(name, [0, 1, 2], 0)]).toEqual([
    [1, 2],
    [],
    [2],
  ]);
});

test("the row at a place is found, at the ends too", () => {
  const offsets = offsetsOf([{ height: 36 }, { height: 32 }, { height: 50 }]);
  expect(offsets).toEqual([0, 36, 68, 118]);
  expect([-10, 0, 35, 36, 67, 68, 500].map((px) => placeOf(offsets, px))).toEqual([0, 0, 0, 1, 1, 2, 2]);
  expect(placeOf([0], 40)).toBe(0);
});
