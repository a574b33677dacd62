import { expect, test } from "vitest";
import { cardsNamed, cardsOf, pinnedFirst } from "./cards.ts";

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

test("pinned charts come first, and the others keep their order", () => {
  const cards = pinnedFirst(cardsOf(series, "loss"), ["class_10/f1", "accuracy"]);
  expect(cards.map(({ metric }) => metric)).toEqual(["accuracy", "class_10/f1", "loss", "learningRate", "class_2/f1"]);
});

test("charts are found by all words of their name, in any case", () => {
  expect(cardsNamed(cardsOf(series, null), "F1 class_2").map(({ metric }) => metric)).toEqual(["class_2/f1"]);
});
