import { expect, test } from "vitest";
import {
  type ColumnRole,
  knownOf,
  parseRoles,
  parseWords,
  plainOptions,
  planColumns,
  rolesToSay,
  roleText,
  separatorIn,
  wordsText,
} from "./table-columns.ts";

const plan = (names: string[], options = {}) => planColumns(names, { ...plainOptions, ...options });

test.each([
  [["key", "x", "x"], 'the column "x" stands twice'],
  [["key", "label", " label"], 'the column "label" stands twice'],
  [["key", "Group", "x"], 'columns.Group: the column "Group" looks like group'],
  [["key", "labels", "x"], '"labels" looks like label'],
  [["key", "content-hash"], '"content-hash" looks like content_hash'],
  [["key", "Group,"], "columns=Group%2C:group, Group%2C:feature or Group%2C:nothing"],
  [["Chins Situps"], 'the one column "Chins Situps"; if blanks divide its columns, commas are right'],
])("the columns %j are refused: %s", (names, words) => expect(() => plan(names)).toThrow(words));

test("headers lose the blanks round them", () => {
  expect(plan(["key", " label", " x "])).toEqual({
    known: { key: "key", label: "label" },
    timeFormat: "iso",
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
  expect(parseRoles("Group:group, a%2Cb:feature")).toEqual({ Group: "group", "a,b": "feature" });
  expect(() => parseRoles("Group:team")).toThrow("NAME:ROLE");
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

test.each([
  ["key,split", ","],
  ["key;split;x", ";"],
  ['"a,b";c', ";"],
  ["key\tsplit", "\t"],
  ["key|split", "|"],
  ["key;unit,x", ","],
  ["key", ","],
])("the columns of %j are divided by %j", (header, separator) => {
  expect(separatorIn(header)).toBe(separator);
});

test.each<Record<string, ColumnRole>>([
  { key: "key", x: "feature" },
  { scan: "key", patient: "group", diagnosis: "label", day: "time-day-first", age: "feature", no: "nothing" },
  { id: "feature", name: "key", label: "feature", target: "feature" },
  { id: "key", diagnosis: "label", label: "feature", target: "feature" },
  { id: "key", target: "label", Group: "feature", Labels: "nothing" },
  { "a,b": "key", "50 %": "group", "": "feature", rownames: "nothing" },
])("what is said of %j makes those roles of it", (roles) => {
  const said = Object.entries(rolesToSay(Object.keys(roles), roles));
  const columns = parseRoles(said.map(([name, role]) => roleText(name, role)).join(","));
  const { known, features, timeFormat } = plan(Object.keys(roles), { columns });
  const names = (wanted: ColumnRole) => Object.keys(roles).filter((name) => roles[name] === wanted);
  expect(features).toEqual(names("feature"));
  for (const [name, role] of Object.entries(roles)) {
    const column = knownOf(role);
    if (column) expect(known[column]).toBe(name);
    if (role === "time-day-first") expect(timeFormat).toBe("day-first");
  }
});

test("words go through an address as they are", () => {
  expect(parseWords(wordsText(["-", "?", "a,b", "5 %"]))).toEqual(["-", "?", "a,b", "5 %"]);
  expect(parseWords(" -, ,? ")).toEqual(["-", "?"]);
});
