import { expect, test } from "vitest";
import { diffTexts } from "./text-diff.ts";

const side = (parts: ReturnType<typeof diffTexts>, of: "baseline" | "run") =>
  parts.flatMap((part) => (part.of === "both" || part.of === of ? part.text : [])).join("");

test.each([
  ["a word", "train with adam", "train with sgd"],
  ["a list", "[28,28,1]", "[28,32,1,4]"],
  ["nothing", "the same", "the same"],
  ["one that is empty", "", "all of it"],
  ["another alphabet", "обучение без шума", "обучение с шумом 🎲"],
  ["what shares nothing", "x ".repeat(9_000), "y ".repeat(9_000)],
])("both texts can be read off the difference of %s", (_, baseline, run) => {
  const parts = diffTexts(baseline, run);
  expect([side(parts, "baseline"), side(parts, "run")]).toEqual([baseline, run]);
});

test("only the words that differ are told apart", () => {
  expect(diffTexts("train with adam", "train with sgd")).toEqual([
    { text: "train with ", of: "both" },
    { text: "adam", of: "baseline" },
    { text: "sgd", of: "run" },
  ]);
});
