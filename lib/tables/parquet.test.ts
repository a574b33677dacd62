import path from "node:path";
import { expect, test } from "vitest";
import { cellText, type Row } from "../wire/alike/canonical-row.ts";
import { readParquet } from "./parquet.ts";

/** Written by pyarrow 26: a column of each kind that a lenient reader changes. */
const kinds = path.join(import.meta.dirname, "fixtures", "kinds.parquet");

test("bytes stay bytes; decimals, times and integers keep their digits; a float32 is the shortest number that is it", async () => {
  const rows: Row[] = [];
  for await (const { cells } of readParquet(kinds, () => {})) rows.push(cells);
  const column = (name: string) => rows.map((cells) => cellText(cells.get(name), "text"));
  expect(column("bytes")).toEqual(["bytes gIHIyf/+", "bytes kJHIyf/+", ""]);
  expect(column("image")).toEqual([
    '{"bytes":"bytes gIE=","path":"a.png"}',
    '{"bytes":"bytes kJE=","path":"a.png"}',
    "",
  ]);
  expect(column("amount").map((text) => text.slice(0, 20))).toEqual([
    "1.234567890123456789",
    "1.234567890123456789",
    "1",
  ]);
  expect(new Set(column("amount")).size).toBe(3);
  expect(column("price")).toEqual(["1.5", "1.25", "-0.07"]);
  expect(column("at")).toEqual([
    "2026-01-05T08:00:00.000000001Z",
    "2026-01-05T08:00:00.000000002Z",
    "1970-01-01T00:00:00Z",
  ]);
  expect(column("day")).toEqual(["2026-01-05", "1969-12-31", ""]);
  expect(column("big")).toEqual(["9007199254740993", "9007199254740992", "-1"]);
  expect(column("single")).toEqual(["0.1", "0.2", "1e-7"]);
  expect(column("list")).toEqual(['["0.1","0.2"]', '["0.1","0.3"]', "[]"]);
  expect(column("amounts")).toEqual(['["0.1"]', '["0.2"]', ""]);
});
