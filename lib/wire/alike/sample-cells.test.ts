import { expect, test } from "vitest";
import { isMissingWord, rightTime, timeIn } from "./sample-cells.ts";

test.each([
  ["2026-01-05", "2026-01-05T00:00:00.000Z"],
  ["2026-01-05 09:00", "2026-01-05T09:00:00.000Z"],
  ["2026-01-05T09:00:00.5+05:30", "2026-01-05T03:30:00.500Z"],
  ["2024-02-29T23:59:59.123456789Z", "2024-02-29T23:59:59.123Z"],
  ["1767600000", "2026-01-05T08:00:00.000Z"],
  ["0001-01-01", "0001-01-01T00:00:00.000Z"],
])("%s is the time %s", (text, time) => expect(timeIn(text)).toBe(time));

test.each([
  ...["week 3", "03/04/2021", "3.4.2021", "2021-02-30", "2021-13-01", "20210304", "2021", " 2021-03-04", "Nov-48"],
  ...["2021-03-04T24:00", "2021-03-04T09:60", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "-1767600000"],
  ...["2021-03-04T09:00:00+25:00", "1767600000000", "9999-12-31T23:59:59-01:00"],
])("%s is no time, and isn't guessed at", (text) => expect(timeIn(text)).toBeUndefined());

test("milliseconds since 1970 are called that", () => {
  expect(rightTime("1767600000000")).toContain("that many milliseconds since 1970 are 1767600000 seconds");
  expect(rightTime("20210304")).toContain("1973-03-03 to 2099-12-31");
});

test("words for 'missing' are those of pandas, blanks round them aside; zero and a class called none are not", () => {
  for (const word of ["", " ", "NA", "NaN", "nan", "None", "null", "N/A ", "<NA>"])
    expect(isMissingWord(word)).toBe(true);
  for (const word of ["0", "none", "na", "nil", "-", "No"]) expect(isMissingWord(word)).toBe(false);
});
