import { expect, test } from "vitest";
import { parseRoles } from "@/lib/wire/alike/table-columns.ts";
import type { PreviewColumn, TablePreview } from "@/lib/wire/data/table-preview.ts";
import {
  countPlan,
  listFaults,
  methodsFor,
  nameOfFile,
  nextVersion,
  proposePlan,
  uploadQuery,
  withRole,
} from "./upload-plan.ts";

const column = (name: string, given: Partial<PreviewColumn> = {}): PreviewColumn => ({
  name,
  kind: "text",
  distinct: 20,
  missing: 0,
  values: [],
  role: "feature",
  because: "rest",
  times: [],
  faults: {},
  ...given,
});
const times = [
  { format: "day-first" as const, text: "02/06/2025", at: "2025-06-02T00:00:00.000Z" },
  { format: "month-first" as const, text: "02/06/2025", at: "2025-02-06T00:00:00.000Z" },
];
const [scan, patient, age] = [
  column("scan", { role: "key" }),
  column("patient", { role: "group", distinct: 5 }),
  column("age"),
];
const diagnosis = column("diagnosis", { role: "label", distinct: 2 });
const date = column("date", { role: "time-day-first", times });
const previewOf = (...columns: PreviewColumn[]): TablePreview => ({
  rows: 20,
  whole: true,
  first: [],
  columns,
  missing: [{ word: "?", rows: 1, column: "age", proposed: true }],
  trim: false,
  byLine: !columns.some(({ role }) => role === "key"),
  decimalComma: false,
});
const preview = previewOf(scan, patient, age, diagnosis, date);

test("a date of two readings is asked about until its form is said", () => {
  const plan = proposePlan(preview, null);
  expect(listFaults(preview, plan)).toEqual([
    { kind: "two-readings", column: "date", text: "02/06/2025", readings: times.map(({ at }) => at) },
  ]);
  const said = withRole(plan, date, "time-month-first");
  expect(listFaults(preview, said)).toEqual([]);
  expect(listFaults(preview, withRole(said, date, "feature"))).toEqual([]);
  expect(listFaults(preview, withRole(withRole(said, date, "feature"), date, "time"))).toMatchObject([
    { kind: "two-readings" },
  ]);
});

test("the address of an upload says what the names leave open", () => {
  const query = uploadQuery("csv", preview, withRole(proposePlan(preview, null), date, "time-day-first"));
  expect(query.get("missing")).toBe("?");
  expect(parseRoles(query.get("columns")!)).toEqual({
    scan: "key",
    patient: "group",
    diagnosis: "label",
    date: "time-day-first",
  });
  const plain = previewOf(column("key", { role: "key" }), column("x"));
  expect(uploadQuery("csv", { ...plain, missing: [] }, proposePlan({ ...plain, missing: [] }, null)).toString()).toBe(
    "format=csv",
  );
  const nameless = previewOf(age);
  expect(uploadQuery("csv", nameless, proposePlan(nameless, null)).get("keys")).toBe("lines");
});

test("what an earlier version of the dataset says of a column holds, and its date isn't asked about again", () => {
  const kept = {
    columns: { age: "nothing" as const, date: "time-month-first" as const, gone: "key" as const },
    trim: true,
    missing: ["-"],
    byLine: false,
    decimalComma: false,
  };
  expect(proposePlan(preview, kept)).toEqual({
    columns: { scan: "key", patient: "group", age: "nothing", diagnosis: "label", date: "time-month-first" },
    trim: true,
    missing: ["-", "?"],
    byLine: false,
    decimalComma: false,
    asked: [],
    kept: ["age", "date"],
  });
});

test("one column is the key: another that is made it takes its place", () => {
  const plan = withRole(proposePlan(preview, null), patient, "key");
  expect(plan.columns).toMatchObject({ scan: "feature", patient: "key" });
});

test("faults are those of the roles that are chosen, and of a word that is missing there is none", () => {
  const fault = { row: 3, rows: 2, value: "a", detail: "stands twice" };
  const soon = { row: 4, rows: 1, value: "?", detail: "is no time" };
  const odd = previewOf(column("a", { role: "key", faults: { key: [fault], time: [soon] } }), column("b"));
  const plan = proposePlan(odd, null);
  expect(listFaults(odd, plan)).toEqual([{ kind: "cell", column: "a", fault }]);
  const timed = withRole(plan, odd.columns[0]!, "time");
  expect(listFaults(odd, timed)).toEqual([{ kind: "no-key", column: null }]);
  expect(listFaults(odd, { ...timed, missing: [] }).map(({ kind }) => kind)).toEqual(["cell", "no-key"]);
  expect(listFaults(odd, withRole(plan, odd.columns[1]!, "nothing")).map(({ kind }) => kind)).toEqual([
    "cell",
    "no-content",
  ]);
});

test("rows are counted by what they say, and the methods are those that the columns allow", () => {
  expect(countPlan(preview, proposePlan(preview, null))).toEqual({
    rows: 20,
    keys: 20,
    classes: 2,
    groups: 5,
    splits: null,
  });
  expect(methodsFor(preview, proposePlan(preview, null))[0]).toBe("stratified-group");
  const split = column("split", {
    role: "split",
    values: [
      { text: "train", rows: 12 },
      { text: "val", rows: 5 },
      { text: "Test", rows: 3 },
    ],
  });
  const given = previewOf(age, split);
  expect(countPlan(given, proposePlan(given, null)).splits).toEqual({ train: 12, validation: 5, test: 3 });
  expect(methodsFor(given, proposePlan(given, null))).toEqual(["given", "random", "k-fold"]);
  const numbers = previewOf(column("y", { role: "label", kind: "number", distinct: 20 }));
  expect(methodsFor(numbers, proposePlan(numbers, null))[0]).toBe("stratified");
});

test("a dataset is named by its file, and its version is the next", () => {
  expect(nameOfFile("clinic_scans 2.csv")).toBe("clinic scans 2");
  const taken = ["1", "7", "draft"].map((version) => ({ name: "scans", version }));
  expect([nextVersion(taken, "scans"), nextVersion(taken, "others")]).toEqual(["8", "1"]);
});
