import { expect, test } from "vitest";
import type { SeriesList, SeriesSummary } from "@/lib/wire/points/series.ts";
import { answerOf, noValueWords } from "./answer-of.ts";
import { differenceWords, gainOver } from "./difference.ts";
import { excerptOf } from "./excerpt.ts";

const seriesOf = (given: Partial<SeriesSummary>): SeriesSummary => ({
  split: "validation",
  metric: "accuracy",
  direction: "max",
  unit: "",
  count: 3,
  nonFiniteCount: 0,
  stepLast: 20,
  last: 0.5,
  min: 0.1,
  minStep: 0,
  max: 0.9,
  maxStep: 10,
  mean: 0.5,
  overwrittenCount: 0,
  ...given,
});
const primary = { split: "validation", metric: "accuracy", direction: "max" } as const;
const list = (...series: SeriesSummary[]): SeriesList => ({ series, quarantined: [] });

test("the answer is the best value by the project's direction, with its step, and never the last", () => {
  const runs = list(seriesOf({ split: "train", max: 1, maxStep: 20 }), seriesOf({}));
  expect(answerOf(primary, runs)).toEqual({ kind: "value", value: 0.9, step: 10, unit: "" });
  expect(answerOf({ ...primary, direction: "min" }, runs)).toMatchObject({ value: 0.1, step: 0 });
});

test("without a primary metric the page names what it could be, validation first; of the system nothing", () => {
  const logged = list(
    seriesOf({ split: null, metric: "system/cpu" }),
    seriesOf({ split: "train", metric: "loss" }),
    seriesOf({}),
  );
  expect(answerOf(null, logged)).toEqual({ kind: "no-metric", logged: ["validation accuracy", "train loss"] });
});

test("values that are all NaN, and a primary metric that is quarantined, are no answer", () => {
  const never = seriesOf({ min: null, minStep: null, max: null, maxStep: null, last: "NaN", nonFiniteCount: 3 });
  expect(answerOf(primary, list(never))).toEqual({ kind: "never-finite", count: 3 });
  const quarantined = [{ split: "validation", metric: "accuracy", count: 3, reason: "split-not-in-manifest" }] as const;
  expect(answerOf(primary, { series: [], quarantined: [...quarantined] })).toEqual({ kind: "quarantined" });
});

test.each([
  ["queued", "Not started", "as soon as a trainer logs one"],
  ["running", "No value yet", "as soon as a trainer logs one"],
  ["finished", "No value", "It logged no validation accuracy. It logged train loss."],
  ["failed", "No value", "It failed before it logged any validation accuracy."],
  ["killed", "No value", "It was stopped before"],
  ["lost", "No value", "It fell silent before"],
] as const)("a run that is %s without a value says %s", (status, title, about) => {
  const words = noValueWords({ kind: "no-value", logged: ["train loss"] }, status, primary);
  expect(words.title).toBe(title);
  expect(words.about).toContain(about);
});

test.each([
  [0.9612, 0.9719, "max", "−0.0107", false],
  [0.9719, 0.9612, "max", "+0.0107", true],
  [0.25, 0.2, "min", "+0.0500", false],
  [0.9, 0.9, "max", "+0.0000", false],
  [0.900001, 0.9, "max", "+0.000001", true],
] as const)("%d against %d, %s, is %s", (value, other, direction, words, isBetter) => {
  expect(differenceWords(value, other, (one) => one.toFixed(4))).toBe(words);
  expect(gainOver(value, other, { direction }) > 0).toBe(isBetter);
});

test.each([
  ["# Warm-up helps\n\nSee *this* and `that`.\nThird line", "Warm-up helps · See this and that."],
  ["| a | b |\n|---|---|\n| 1 | 2 |", "a b · 1 2"],
  ["- [a page](https://example.org)\n---\n> said", "a page · said"],
  ["learning_rate_decay is 2 * 3", "learning_rate_decay is 2 * 3"],
  ["x".repeat(300), `${"x".repeat(240)}…`],
  ["  \n ", ""],
])("of the note %j the header shows %j", (notes, excerpt) => {
  expect(excerptOf(notes)).toBe(excerpt);
});
