import { expect, test } from "vitest";
import { lookWords } from "./look-words.ts";

test.each([
  ["-/test_acc", "logged as the metric test_acc"],
  ["test/accuracy", "logged as the metric test/accuracy"],
  ["logged as the metric -/test_acc", "logged as the metric -/test_acc"],
  ["the last word before the paper", "the last word before the paper"],
])("the reason %j is said so: %s", (reason, words) => expect(lookWords(reason)).toBe(words));
