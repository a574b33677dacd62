import { expect, test } from "vitest";
import type { Ledger } from "../wire/evaluations/looks.ts";
import { ledgerMeaningWords, lookNumberWords, lookUseWords, lookWords } from "./look-words.ts";

test.each([
  ["-/test_acc", "logged as the metric test_acc"],
  ["test/accuracy", "logged as the metric test/accuracy"],
  ["logged as the metric -/test_acc", "logged as the metric -/test_acc"],
  ["the last word before the paper", "the last word before the paper"],
])("the reason %j is said so: %s", (reason, words) => expect(lookWords(reason)).toBe(words));

const ledger = {
  mode: "shut",
  budget: 3,
  count: 2,
  inherited: 0,
  adaptive: 0,
  runsSince: 0,
  freshSamples: 1298,
} as Ledger;

test.each([
  [{}, "2 looks, of a budget of 3"],
  [{ inherited: 0.25 }, "2 looks and 0.25 through shared samples, of a budget of 3"],
  [{ count: 0, inherited: 2.5 }, "2.50 looks through shared samples, of a budget of 3"],
  [{ mode: "open" }, "2 looks"],
] as [Partial<Ledger>, string][])("of a ledger with %j is used: %s", (part, words) =>
  expect(lookUseWords({ ...ledger, ...part })).toBe(words),
);

test("a look is numbered within its budget, and past it alone", () => {
  expect([1, 3, 4].map((number) => lookNumberWords(number, ledger))).toEqual(["look 1 of 3", "look 3 of 3", "look 4"]);
  expect(lookNumberWords(1, { mode: "open", budget: 3 })).toBe("look 1");
});

test("a spent ledger says what to do, and that training followed looks", () => {
  const spent = { ...ledger, status: "exhausted", count: 3, adaptive: 2, runsSince: 5 } as Ledger;
  expect(ledgerMeaningWords(spent)).toBe(
    "5 runs began after 2 of 3 looks: what was seen may have steered them, and their numbers may flatter. Nothing is left of its budget: get fresh test data, 1,298 samples or more, or have an admin confirm one more look in writing.",
  );
});
