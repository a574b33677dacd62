import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeParams } from "./_params.ts";

/** What Next.js makes of a part of a path. */
const handedOver = (part: string) =>
  decodeURIComponent(part).replace(/[/#?\\]|%(2f|23|3f|5c)/gi, (delimiter) => encodeURIComponent(delimiter));

test("every file name comes back as it was sent, percent signs, slashes and escapes included", () => {
  const hard = fc.constantFrom(
    "100%.txt",
    "a%20b.txt",
    "x%2Fy.txt",
    "%",
    "%25",
    "%252F",
    "a/b",
    "a\\b",
    "?",
    "#",
    "%5c",
    "é 日",
  );
  const name = fc.oneof(hard, fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }));
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
      fc.pre(names.every((one) => one !== "." && one !== ".."));
      const parts = names.map(encodeURIComponent);
      const url = `http://holdout.test/api/v1/runs/1/artifacts/${parts.join("/")}`;
      expect(decodeParams(url, { run: "1", path: parts.map(handedOver) })).toEqual({ run: "1", path: names });
    }),
    { seed: 5, numRuns: 500 },
  );
});
