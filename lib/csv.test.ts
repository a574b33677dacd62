import fc from "fast-check";
import { expect, test } from "vitest";
import { listCell, toCsv } from "./csv.ts";

test.each([
  ["=1+1", "'=1+1"],
  ["+49 30", "'+49 30"],
  ["-rm", "'-rm"],
  ["@sum", "'@sum"],
  ["\tx", "'\tx"],
  ["\rx", '"\'\rx"'],
  ['=a,"b"', '"\'=a,""b"""'],
  ["'=1", "''=1"],
  ["'tis", "'tis"],
  ["", '""'],
  ["plain", "plain"],
  ["a,b", '"a,b"'],
  ["two\nlines", '"two\nlines"'],
  [-1.5, "-1.5"],
  [-0, "-0"],
  [Number.NaN, "NaN"],
  [null, ""],
  [false, "false"],
])("%j is written as %j", (value, written) => {
  expect(toCsv(["a"], [[value]])).toBe(`\ufeffa\r\n${written}\r\n`);
});

/** A strict reader of RFC 4180. */
function read(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = text;
  while (rest !== "") {
    const [all, quoted, bare, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest)!;
    row.push(quoted?.replaceAll('""', '"') ?? bare ?? "");
    if (end === "\r\n") {
      rows.push(row);
      row = [];
    }
    rest = rest.slice(all.length);
  }
  return rows;
}

test("what is written can be read back by taking the guard away, and begins as no formula", () => {
  const rows = fc.array(fc.array(fc.string({ unit: "binary" }), { minLength: 2, maxLength: 2 }), { maxLength: 8 });
  fc.assert(
    fc.property(rows, (cells) => {
      const text = toCsv(["x", "y"], cells);
      expect(text[0]).toBe("\ufeff");
      const back = read(text.slice(1)).slice(1).flat();
      expect(back.some((cell) => /^[=+\-@\t\r]/.test(cell))).toBe(false);
      expect(back.map((cell) => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell))).toEqual(cells.flat());
    }),
  );
});

test("several texts in one cell stay several, whatever commas and quotes they have", () => {
  expect(listCell(["baseline", "a, b", 'the "best"'])).toBe('baseline, "a, b", "the ""best"""');
});
