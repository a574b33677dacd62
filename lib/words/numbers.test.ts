import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesWords, columnFormat, durationWords, valueWords } from "./numbers.ts";

test.each([
  [0, "0.0 s"],
  [4_249, "4.2 s"],
  [9_960, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 m 00 s"],
  [127_000, "2 m 07 s"],
  [11_100_000, "3 h 05 m"],
  [200_000_000, "2 d 07 h"],
  [-5, "0.0 s"],
])("%d ms is %s", (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

test.each([
  [999, "999 bytes"],
  [81_234, "81.2 kB"],
  [999_960, "1 MB"],
  [4_294_967_296, "4.29 GB"],
])("%d bytes are %s", (bytes, words) => {
  expect(bytesWords(bytes)).toBe(words);
});

test("values have six digits", () => {
  expect([0.123456789, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -2].map(valueWords)).toEqual([
    "0.123457",
    "NaN",
    "∞",
    "−∞",
    "−2",
  ]);
});

test.each([
  [
    [0.5, 0.98765],
    ["0.5000", "0.9877"],
  ],
  [
    [2.31, 0.1],
    ["2.310", "0.100"],
  ],
  [
    [1234.5, -0.25],
    ["1235", "−0"],
  ],
  [
    [120, 7],
    ["120", "7"],
  ],
  [
    [1e-9, 2e-8],
    ["1.000e−9", "2.000e−8"],
  ],
  [
    [3e9, 1.5],
    ["3.000e+9", "1.500e+0"],
  ],
  [
    [0, 0],
    ["0", "0"],
  ],
])("the column %j reads %j", (values, written) => {
  expect(values.map(columnFormat(values))).toEqual(written);
});

test("a column has one precision", () => {
  const column = fc.array(fc.double({ min: -1e5, max: 1e5, noNaN: true }), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(column, (values) => {
      const decimals = values.map(columnFormat(values)).map((text) => text.split("e")[0]!.split(".")[1]?.length ?? 0);
      expect(new Set(decimals).size).toBe(1);
    }),
  );
});
