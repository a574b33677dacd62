import fc from "fast-check";
import { expect, test } from "vitest";
import { keyPrefixesSchema, seriesMeantBy, seriesOfKey } from "./key-rule.ts";
import { isTestSeries } from "./series.ts";
import { seriesKey } from "./series-name.ts";

test.each([
  ["val_loss", "validation/loss"],
  ["validation/loss", "validation/loss"],
  ["eval_loss", "validation/loss"],
  ["test_loss", "test/loss"],
  ["test/a/b", "test/a/b"],
  ["loss_test", "test/loss"],
  ["epoch/test", "test/epoch"],
  ["value_loss", "-/value_loss"],
  ["train_loss", "-/train_loss"],
  ["val_", "-/val_"],
  ["latest_loss", "-/latest_loss"],
])("%s is the series %s where nobody said otherwise", (key, series) => {
  expect(seriesKey(seriesOfKey(key))).toBe(series);
});

const words = fc.constantFrom("val", "train", "test", "Testing", "acc", "latest", "my", "lossTest", "é");
const separators = fc.constantFrom("_", "/", ".", "-", ":");
const names = fc
  .array(fc.tuple(words, separators), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map(([word, separator]) => word + separator).join(""));

test("no prefixes take a test number out of quarantine, and a name leads to its series whatever they were", () => {
  fc.assert(
    fc.property(names, words, fc.array(names, { maxLength: 3 }), (begin, end, given) => {
      const key = begin + end;
      const { success, data } = keyPrefixesSchema.safeParse({ train: given, validation: [begin] });
      if (!success) return;
      const meant = seriesOfKey(key, data);
      expect(isTestSeries(meant.split, meant.metric)).toBe(isTestSeries(null, key));
      if (meant.split !== "test") expect(seriesMeantBy(key).map(seriesKey)).toContain(seriesKey(meant));
    }),
  );
});
