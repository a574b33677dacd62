import fc from "fast-check";
import { expect, test } from "vitest";
import { toCsv } from "./csv.ts";

test.each([
  ["=1+1", "'=1+1"],
  ["+49 30", "'+49 30"],
  ["-rm", "'-rm"],
  ["@sum", "'@sum"],
  ["\tx", "'\tx"],
  ["\rx", '"\'\rx"'],
  ['=a,"b"', '"\'=a,""b"""'],
  ["plain", "plain"],
  ["a,b", '"a,b"'],
  ["two\nlines", '"two\nlines"'],
  [-1.5, "-1.5"],
  [-0, "-0"],
  [Number.NaN, "NaN"],
  [null, ""],
  [false, "false"],
])("%j is written as %j", (value, written) => {
  expect(toCsv(["a"], [[value]])).toBe(`a\r\n${written}\r\n`);
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

test("what is written can be read back, and begins as no formula", () => {
  const rows = fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 2 }), { maxLength: 8 });
  fc.assert(
    fc.property(rows, (cells) => {
      const back = read(toCsv(["x", "y"], cells)).slice(1);
      expect(back.flat()).toEqual(cells.flat().map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)));
    }),
  );
});
