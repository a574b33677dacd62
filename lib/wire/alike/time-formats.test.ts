import { expect, test } from "vitest";
import { formatsOf, type TimeFormat, timeAs } from "./time-formats.ts";

test.each<[TimeFormat, string, string | undefined]>([
  ["iso", "2026-01-31", "2026-01-31T00:00:00.000Z"],
  ["day-first", "31/01/2026", "2026-01-31T00:00:00.000Z"],
  ["day-first", "31.1.2026 09:30", "2026-01-31T09:30:00.000Z"],
  ["day-first", "31-01-2026, 09:30:15.5", "2026-01-31T09:30:15.500Z"],
  ["day-first", "30/02/2026", undefined],
  ["day-first", "31/01/26", undefined],
  ["day-first", "2026/01/31", undefined],
  ["month-first", "1/31/2026 9:30 PM", "2026-01-31T21:30:00.000Z"],
  ["month-first", "1/31/2026 12:05 a.m.", "2026-01-31T00:05:00.000Z"],
  ["month-first", "1/31/2026 13:05 PM", undefined],
  ["month-first", "31/01/2026", undefined],
  ["year-first", "2026/1/31", "2026-01-31T00:00:00.000Z"],
  ["year-first", "20260131", "2026-01-31T00:00:00.000Z"],
  ["year-first", "2026.01.31 09:30+01:00", "2026-01-31T08:30:00.000Z"],
  ["milliseconds", "1767600000000", "2026-01-05T08:00:00.000Z"],
  ["milliseconds", "1767600000", undefined],
  ["year", "2026", "2026-01-01T00:00:00.000Z"],
  ["year", "20", undefined],
])("as %s, %s is %s", (format, text, at) => {
  expect(timeAs(format, text)).toBe(at);
});

test("a column has the forms that all its texts have", () => {
  expect(formatsOf(["01/02/2026", "03/04/2026"])).toEqual(["day-first", "month-first"]);
  expect(formatsOf(["01/02/2026", "13/04/2026"])).toEqual(["day-first"]);
  expect(formatsOf(["2026-01-31", "1767600000"])).toEqual(["iso"]);
  expect(formatsOf(["10", "soon"])).toEqual([]);
  expect(formatsOf([])).toEqual([]);
});
