import { expect, test } from "vitest";
import { parseAnswers, plainOptions, planColumns } from "./table-columns.ts";

const plan = (names: string[], options = {}) => planColumns(names, { ...plainOptions, ...options });

test.each([
  [["key", "x", "x"], 'the column "x" stands twice'],
  [["key", "label", " label"], 'the column "label" stands twice'],
  [["key", "Group", "x"], 'columns.Group: the column "Group" looks like group'],
  [["key", "labels", "x"], '"labels" looks like label'],
  [["key", "content-hash"], '"content-hash" looks like content_hash'],
  [["key", "Group,"], "columns=Group%2C:group, Group%2C:feature or Group%2C:nothing"],
  [["key|split"], 'divided by bars ("key|split"); commas are right'],
  [["Chins Situps"], 'the one column "Chins Situps"; if blanks divide its columns, commas are right'],
  [["key;split;x"], 'divided by semicolons ("key;split;x"); commas are right'],
])("the columns %j are refused: %s", (names, words) => expect(() => plan(names)).toThrow(words));

test("headers lose the blanks round them", () => {
  expect(plan(["key", " label", " x "])).toEqual({
    known: { key: "key", label: "label" },
    features: ["x"],
    remarks: [],
  });
});

test("a person's answer says what a column is", () => {
  expect(plan(["key", "Group", "x"], { columns: { Group: "group" } }).known).toEqual({ key: "key", group: "Group" });
  expect(plan(["key", "Group", "x"], { columns: { Group: "feature" } }).features).toEqual(["Group", "x"]);
  expect(plan(["key", "Group", "x"], { columns: { Group: "nothing" } }).features).toEqual(["x"]);
  expect(() => plan(["key", "x"], { columns: { Group: "group" } })).toThrow('there is no column "Group"');
  expect(() => plan(["key", "group", "Group"], { columns: { Group: "group" } })).toThrow('"group" is group already');
  expect(parseAnswers("Group:group, a%2Cb:feature")).toEqual({ Group: "group", "a,b": "feature" });
  expect(() => parseAnswers("Group:team")).toThrow("NAME:ANSWER");
});

test.each(["", "Unnamed: 0", "__index_level_0__", "rownames"])(
  "a saved row number, %j, is left out and said",
  (name) => {
    const { features, remarks } = plan([name, "key", "x"]);
    expect(features).toEqual(["x"]);
    expect(remarks).toEqual([`left out, as it names or numbers rows: the column ${JSON.stringify(name)}`]);
  },
);

test("what is to be told is target, label, or else target; id names rows, and beside key is left out", () => {
  expect(plan(["key", "target", "x"]).known.label).toBe("target");
  expect(plan(["key", "target", "label", "x"])).toMatchObject({ known: { label: "label" }, features: ["target", "x"] });
  expect(plan(["key", "price", "label"], { target: "price" })).toMatchObject({
    known: { label: "price" },
    features: ["label"],
  });
  expect(plan(["id", "x"])).toMatchObject({ known: { key: "id" }, features: ["x"] });
  expect(plan(["id", "key", "x"])).toMatchObject({
    known: { key: "key" },
    features: ["x"],
    remarks: [expect.stringContaining('"id"')],
  });
});
