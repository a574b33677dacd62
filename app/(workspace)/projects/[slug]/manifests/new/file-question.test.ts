import { expect, test } from "vitest";
import { parseAnswers, plainOptions, planColumns, TableError } from "@/lib/wire/alike/table-columns.ts";
import { questionIn, uploadQuery } from "./file-question.tsx";

test("a column that looks like a known one is asked for in the page's words, without the API's", () => {
  const refusal = (() => {
    try {
      return planColumns(["key", "Group,"], plainOptions);
    } catch (error) {
      return error;
    }
  })();
  expect(refusal).toBeInstanceOf(TableError);
  const { field, detail, message } = refusal as TableError;
  expect(message).toContain("(columns=");
  expect(questionIn({ field, detail })).toEqual({
    kind: "column",
    name: "Group,",
    like: "group",
    words: 'the column "Group," looks like group; call it group, or say below what it is.',
  });
});

test("blanks are asked for in the page's words", () => {
  const detail = 'row 1, label: "well " has blanks round it; "well" is right';
  expect(questionIn({ field: "blanks", detail })?.words).toBe(`${detail}, or have them cut below.`);
  expect(questionIn({ field: "key", detail })).toBeNull();
});

test("a column that says something else than its name is asked for, with the row where it does", () => {
  expect(questionIn({ field: "time", detail: 'row 1: is "10"; ISO 8601 is right' })).toEqual({
    kind: "column",
    name: "time",
    like: "time",
    words: 'time, row 1: is "10"; ISO 8601 is right, or say below what the column is.',
  });
});

test("answers go along with the file as the server reads them", () => {
  const query = uploadQuery("csv", { columns: { "Group,": "group", "50 %": "nothing" }, trim: true });
  expect(Object.fromEntries(query)).toMatchObject({ format: "csv", blanks: "trim" });
  expect(parseAnswers(query.get("columns")!)).toEqual({ "Group,": "group", "50 %": "nothing" });
});
