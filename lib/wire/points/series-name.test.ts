import fc from "fast-check";
import { expect, test } from "vitest";
import { metricNameSchema } from "../base/text.ts";
import { splits } from "../base/words.ts";
import { splitAndMetric } from "./series.ts";
import { parseSeriesKey, seriesKey } from "./series-name.ts";

test.each([
  [null, "learningRate", "-/learningRate"],
  ["train", "loss", "train/loss"],
  ["validation", "a/b", "validation/a/b"],
  [null, "-/a", "-/-/a"],
  [null, "none", "-/none"],
  ["test", "acc", "test/acc"],
] as const)("split %s and metric %s are written %s, and read back", (split, metric, key) => {
  expect(seriesKey({ split, metric })).toBe(key);
  expect(parseSeriesKey(key)).toEqual({ split, metric });
});

test("every name that a batch may have is read back from its text form", () => {
  const metrics = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((text) => metricNameSchema.safeParse(text).success);
  fc.assert(
    fc.property(fc.constantFrom(null, ...splits), metrics, (split, metric) => {
      const key = seriesKey({ split, metric });
      expect(parseSeriesKey(key)).toEqual({ split, metric });
      if (split !== "test") expect(splitAndMetric.safeParse(key).success).toBe(true);
    }),
  );
});
