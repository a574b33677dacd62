import { expect, test } from "vitest";
import { NO_VALUE_COLOR, orderedColors } from "../../parts/ordered-color.ts";
import { lookOfSlot } from "../../parts/run-color.ts";
import { lineLook } from "../plot/traces.ts";
import { arrange, type ChartComparison, type Dimension, type Grouping } from "./arrange.ts";

const runs = ["net-s0", "net-s1", "wide-s0", "wide-s1", "odd"].map((name, at) => ({
  id: `id ${at}`,
  name,
  startedAt: null,
  look: lookOfSlot(at),
}));
const dimension = (name: string, values: string[], of: (number | null)[], isOrdered = false): Dimension => ({
  name,
  words: name,
  values,
  of,
  isOrdered,
});
const comparison: ChartComparison = {
  baseline: "id 2",
  dimensions: [
    dimension("lr", ["0.001", "0.01", "0.1"], [0, 0, 2, 1, null], true),
    dimension("family", ["cnn", "mlp"], [0, 0, 1, 1, 1]),
  ],
  recipes: ["a", "a", "b", "b", null],
  seeds: [0, 1, 0, 1, 0],
};
const plain: Grouping = { colorBy: null, strokeBy: null, chartBy: null, mean: "none" };
const arranged = (grouping: Partial<Grouping>) => arrange(runs, comparison, { ...plain, ...grouping });

test("without a grouping every run keeps its look, and nothing is said of it", () => {
  const { runs: same, groups, facets, legends, baseline } = arranged({});
  expect(same.map(({ look }) => look)).toEqual(runs.map(({ look }) => look));
  expect([groups, facets, legends, baseline]).toEqual([null, null, [], "id 2"]);
});

test("numbers have colours in their order, words those of runs, and what has no value is grey", () => {
  const { runs: byNumber, legends } = arranged({ colorBy: "lr" });
  const middle = orderedColors[4];
  expect(byNumber.map(({ look }) => look.color)).toEqual([
    orderedColors[0],
    orderedColors[0],
    orderedColors[8],
    middle,
    NO_VALUE_COLOR,
  ]);
  expect(legends[0]!.title).toBe("Colour: lr");
  expect(legends[0]!.entries.map(({ words, count }) => [words, count])).toEqual([
    ["0.001", 2],
    ["0.01", 1],
    ["0.1", 1],
    ["no value", 1],
  ]);
  const { runs: byWord } = arranged({ colorBy: "family" });
  expect(byWord.map(({ look }) => look)).toEqual([0, 0, 1, 1, 1].map(lookOfSlot));
});

test("strokes say a key in place of the split, which then is told by weight", () => {
  const { runs: stroked } = arranged({ strokeBy: "family" });
  const line = (at: number, split: "train" | "validation") =>
    lineLook(stroked[at]!.look, split, { isOneSplit: false, isDense: false });
  expect(line(0, "train").dash).toEqual(line(0, "validation").dash);
  expect(line(0, "train").dash).not.toEqual(line(2, "train").dash);
  expect(line(0, "train").opacity).toBeLessThan(line(0, "validation").opacity);
  expect(stroked[2]!.look.color).toBe(runs[2]!.look.color);
});

test("charts have the runs of one value each, those without one the last", () => {
  const { facets } = arranged({ chartBy: "lr" });
  expect(facets!.map(({ words, owners }) => [words, [...owners!]])).toEqual([
    ["lr = 0.001", ["id 0", "id 1"]],
    ["lr = 0.01", ["id 3"]],
    ["lr = 0.1", ["id 2"]],
    ["lr = no value", ["id 4"]],
  ]);
  expect(arranged({ chartBy: "a key that none has" }).facets).toBeNull();
});

test("replicates are drawn as their mean, called what their names begin with; one that looks another way isn't among them", () => {
  const { groups, baseline } = arranged({ mean: "replicates" });
  expect(groups!.map(({ name, count }) => [name, count])).toEqual([
    ["net", 2],
    ["wide", 2],
    ["odd", 1],
  ]);
  expect([...groups![0]!.members]).toEqual([
    ["id 0", "a 0"],
    ["id 1", "a 1"],
  ]);
  expect(baseline).toBe(groups![1]!.key);
  // the replicates of b differ by lr
  const divided = arranged({ mean: "replicates", chartBy: "lr" });
  expect(divided.groups!.map(({ count }) => count)).toEqual([2, 1, 1, 1]);
  expect(divided.facets!.flatMap(({ owners }) => [...owners!])).toHaveLength(4);
});

test("a mean of each group is of all runs with its values, and of all runs where there is no grouping", () => {
  expect(arranged({ mean: "groups", colorBy: "family" }).groups!.map(({ name, count }) => [name, count])).toEqual([
    ["cnn", 2],
    ["mlp", 3],
  ]);
  expect(arranged({ mean: "groups" }).groups!.map(({ name, count }) => [name, count])).toEqual([["all runs", 5]]);
});
