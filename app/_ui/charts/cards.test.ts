import { expect, test } from "vitest";
import {
  bestKnown,
  bestOf,
  cardsByFacet,
  cardsBySplit,
  cardsNamed,
  cardsOf,
  expressionCard,
  sectionsOf,
} from "./cards.ts";
import { parseExpression } from "./expressions/parse.ts";

const one = (metric: string, split: "train" | "validation" | "test" | null) => ({
  metric,
  split,
  direction: null,
  unit: "",
});
const series = [
  one("class_10/f1", "validation"),
  one("class_2/f1", "validation"),
  one("learningRate", null),
  one("loss", "validation"),
  one("loss", "train"),
  one("accuracy", "validation"),
];

test("the primary metric's chart comes first, then metrics with a split, those without, and sections in natural order", () => {
  expect(cardsOf(series, "loss").map(({ metric }) => metric)).toEqual([
    "loss",
    "accuracy",
    "learningRate",
    "class_2/f1",
    "class_10/f1",
  ]);
});

test("a chart has a metric's splits in their order", () => {
  expect(cardsOf(series, "loss")[0]?.series.map(({ split }) => split)).toEqual(["train", "validation"]);
});

test("charts stand in sections by prefix, in natural order, with the pinned ones in a section before them", () => {
  const listed = (pinned: string[]) =>
    sectionsOf(cardsOf(series, "loss"), pinned).map(({ key, title, cards }) => [key, title, cards.length]);
  expect(listed([])).toEqual([
    ["", "Metrics", 3],
    ["class_2", "class_2", 1],
    ["class_10", "class_10", 1],
  ]);
  expect(listed(["class_10/f1", "accuracy"])).toEqual([
    ["/pinned", "Pinned", 2],
    ["", "Metrics", 2],
    ["class_2", "class_2", 1],
  ]);
  expect(sectionsOf(cardsOf(series, "class_10/f1"), []).map(({ key }) => key)).toEqual(["class_10", "", "class_2"]);
});

test("an expression has a chart of the series that it takes, in a section before the metrics", () => {
  const text = "validation/loss / accuracy";
  const card = expressionCard({ text, tree: parseExpression(text, series) }, series);
  expect(card.series.map(({ split, metric }) => `${split} ${metric}`)).toEqual([
    "validation loss",
    "validation accuracy",
  ]);
  expect(sectionsOf([card, ...cardsOf(series, "loss")], []).map(({ title }) => title)[0]).toBe("Expressions");
});

test("a metric's charts of several facets, or splits, stand in a section of its own, each with a key", () => {
  const facets = ["a = 1", "a = 2"].map((words) => ({ words, owners: new Set([words]) }));
  const divided = sectionsOf(cardsByFacet(cardsOf(series, "loss"), facets), []);
  expect(divided.map(({ title, cards }) => [title, cards.length])[0]).toEqual(["loss", 2]);
  expect(new Set(divided.flatMap(({ cards }) => cards.map(({ key }) => key))).size).toBe(10);
  const split = cardsBySplit(cardsOf(series, "loss"));
  expect(split.slice(0, 3).map(({ key, series }) => [key, series.length])).toEqual([
    ["loss · train", 1],
    ["loss · validation", 1],
    ["accuracy", 1],
  ]);
});

test("charts are found by all words of their name, in any case", () => {
  expect(cardsNamed(cardsOf(series, null), "F1 class_2").map(({ metric }) => metric)).toEqual(["class_2/f1"]);
});

test.each([
  ["min", { value: 1, step: 20 }],
  ["max", { value: 4, step: 10 }],
  ["none", null],
  [null, null],
] as const)(
  "the best of a series with direction %s is %j, as the server knew it and as its points say",
  (direction, best) => {
    const points = {
      steps: Float64Array.of(0, 10, 20, 30, 40),
      values: Float64Array.of(Number.NaN, 4, 1, 1, Number.POSITIVE_INFINITY),
    };
    expect(bestOf(points, direction)).toEqual(best);
    expect(bestKnown({ ...one("loss", null), direction, min: 1, minStep: 20, max: 4, maxStep: 10 })).toEqual(best);
  },
);

test("a series without a finite value has no best one", () => {
  expect(bestOf({ steps: Float64Array.of(0), values: Float64Array.of(Number.NaN) }, "max")).toBeNull();
  expect(bestKnown({ ...one("loss", null), direction: "max", max: null, maxStep: null })).toBeNull();
});
