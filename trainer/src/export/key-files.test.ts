import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyFiles } from "./key-files.ts";

test.each([
  ["loss", "loss"],
  ["validation/acc", "validation/acc"],
  ["größe: 1.5 m", "größe: 1.5 m"],
  ["../../etc/passwd", "__/__/etc/passwd"],
  ["/etc", "_/etc"],
  ["a//b/.", "a/_/b/_"],
  ["what?\\n", "what__n"],
  ["", "_"],
])("the key %j has the file %s", (key, path) => {
  const files = new KeyFiles();
  expect(files.pathOf(key)).toBe(path);
  expect(files.renamed).toEqual(key === path ? [] : [{ key, as: path }]);
});

test("a file is no folder at the same time, whichever came first", () => {
  const files = new KeyFiles();
  expect(["a", "a/b", "c/d", "c", "a"].map((key) => files.pathOf(key))).toEqual(["a", "a_2/b", "c/d", "c_2", "a"]);
});

test("keys of any kind have files of their own, inside the folder, with names that a file system takes", () => {
  const key = fc.string({ unit: fc.constantFrom("a", "/", ".", "?", "é", "\u{1F600}", "_", "2"), maxLength: 8 });
  fc.assert(
    fc.property(fc.uniqueArray(key, { maxLength: 20 }), (keys) => {
      const files = new KeyFiles();
      const paths = keys.map((one) => files.pathOf(one));
      expect(new Set(paths).size).toBe(keys.length);
      for (const path of paths) {
        expect(path.split("/").every((part) => !/^\.{0,2}$/.test(part))).toBe(true);
        expect(paths.some((other) => other.startsWith(`${path}/`))).toBe(false);
      }
    }),
    { seed: 3, numRuns: 300 },
  );
  const long = new KeyFiles().pathOf("é".repeat(300));
  expect(Buffer.byteLength(long)).toBeLessThan(255);
});
