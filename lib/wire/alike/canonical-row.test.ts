import fc from "fast-check";
import { expect, test } from "vitest";
import { type Cell, ColumnFacts, canonicalRow, cellText, decimal, Exact, numberText } from "./canonical-row.ts";
import { uploadedRowBefore } from "./earlier-rows.ts";

const kindOf = (cells: Cell[]) => {
  const facts = new ColumnFacts();
  for (const cell of cells) facts.add(cell);
  return facts;
};

test("a number's canonical text is what JavaScript writes, for every double", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(numberText(value)).toBe(String(value === 0 ? 0 : value));
      expect(numberText(value.toExponential())).toBe(String(value === 0 ? 0 : value));
    }),
  );
});

test.each([
  ["1.50", "1.5"],
  ["100.0", "100"],
  ["-0.0", "0"],
  ["1e-07", "1e-7"],
  ["1E+05", "100000"],
  [".5", "0.5"],
  [" 7 ", "7"],
  ["123456789012345678901234567890.10", "1.234567890123456789012345678901e+29"],
])("%s is the number %s", (text, number) => expect(numberText(text)).toBe(number));

test.each(["01234", "1E5", "0x10", "+5", "1,5", "1_000", "--1", "e5", "12:30", ""])("%s is no number", (text) =>
  expect(numberText(text)).toBeNull(),
);

test("a column is of numbers only if all its cells are, missing ones aside; else each is a text", () => {
  expect(kindOf(["1.0", 2, "", "NA"]).kind).toBe("number");
  expect(kindOf(["1234", "01234"]).kind).toBe("text");
  expect(kindOf(["1E5", "100000"]).kind).toBe("text");
  expect(kindOf(["True", "false", true]).kind).toBe("boolean");
  expect(kindOf(["", null]).kind).toBe("text");
  expect(["01234", "1234", "1E5", "100000"].map((cell) => cellText(cell, "text"))).toEqual([
    "01234",
    "1234",
    "1E5",
    "100000",
  ]);
});

test("digits beyond a double's are kept, and bytes and texts are told apart", () => {
  expect(cellText(new Exact("number", "12345678901234567890.123"), "number")).toBe("12345678901234567890.123");
  expect(decimal("0.30000000000000004")).toBe("0.30000000000000004");
  expect(cellText(new Uint8Array([0x80, 0x81]), "text")).toBe("bytes gIE=");
  expect(cellText(new Uint8Array([0x80, 0x81]), "text")).not.toBe(cellText(new Uint8Array([0x90, 0x91]), "text"));
});

test("no value can be read as another column", () => {
  const one = canonicalRow(new Map([["x", "1\ny=2"]]), [["x", "text"]]);
  const two = canonicalRow(
    new Map([
      ["x", "1"],
      ["y", "2"],
    ]),
    [
      ["x", "text"],
      ["y", "text"],
    ],
  );
  expect(one).not.toBe(two);
});

test("integers that count the rows, in whichever order, are noticed; others aren't", () => {
  const numbers = Array.from({ length: 50 }, (_, at) => at);
  expect(kindOf(numbers).countsRows).toBe(true);
  expect(kindOf(numbers.map((at) => String(1000 + ((at * 7) % 50)))).countsRows).toBe(true);
  expect(kindOf(numbers.map((at) => at * 2)).countsRows).toBe(false);
  expect(kindOf(numbers.map((at) => (at === 3 ? 4 : at))).countsRows).toBe(false);
  expect(kindOf([0, 1, 2]).countsRows).toBe(false);
});

test("an ordinary row is what it was in version 1", () => {
  const row = new Map<string, Cell>([
    ["key", "a"],
    ["label", "cat"],
    ["x", "1.50"],
    ["y", "café"],
    ["z", ""],
  ]);
  const features = [
    ["x", "number"],
    ["y", "text"],
    ["z", "text"],
  ] as const;
  expect(canonicalRow(row, features)).toBe(uploadedRowBefore(row));
  expect(uploadedRowBefore(new Map<string, Cell>([["x", "01234"]]))).toBe("x=1234\n");
});
