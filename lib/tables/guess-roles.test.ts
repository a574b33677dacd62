import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { previewTable } from "./preview.ts";
import { placeIn, wordsIn } from "./role-words.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdout-preview-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function preview(text: string, { format = "csv", part = false } = {}) {
  const file = path.join(folder, `table.${format}`);
  writeFileSync(file, text);
  return previewTable(file, format as "csv", part);
}

/** Each column of a header with a maker of its cells, as forty rows of a file. */
const fileOf = (columns: Record<string, (at: number) => unknown>, separator = ","): string =>
  [Object.keys(columns), ...Array.from({ length: 40 }, (_, at) => Object.values(columns).map((make) => make(at)))]
    .map((row) => row.join(separator))
    .join("\n");

const rolesOf = async (text: string) =>
  Object.fromEntries((await preview(text)).columns.map(({ name, role }) => [name, role]));

const two = (at: number) => String(at + 1).padStart(2, "0");
const patient = (at: number) => `P${two(at % 13)}`;
const age = (at: number) => 40 + ((at * 7) % 31);
const ill = (words: string[]) => (at: number) => words[at % words.length];

test.each<[string, Record<string, (at: number) => unknown>, Record<string, string>, string?]>([
  [
    "an English table of scans",
    {
      scan_id: (at) => `s${at}`,
      patient,
      age,
      diagnosis: ill(["well", "ill"]),
      date: (at) => `2026-01-${two(at % 28)}`,
    },
    { scan_id: "key", patient: "group", age: "feature", diagnosis: "label", date: "time" },
  ],
  [
    "a German export of a clinic, divided by semicolons",
    {
      Aufnahmenummer: (at) => `A-${at}`,
      PatientenNr: patient,
      Nachname: (at) => `Meier${at % 9}`,
      Alter: age,
      Diagnose: ill(["gesund", "krank", "unklar"]),
      Untersuchungsdatum: (at) => `${two(at % 28)}.03.2025`,
    },
    {
      Aufnahmenummer: "key",
      PatientenNr: "group",
      Nachname: "nothing",
      Alter: "feature",
      Diagnose: "label",
      Untersuchungsdatum: "time-day-first",
    },
    ";",
  ],
  [
    "a French one",
    {
      Identifiant: (at) => `e${at}`,
      Sujet: patient,
      âge: age,
      Diagnostic: ill(["sain", "malade"]),
      Prénom: (at) => `Léa${at % 5}`,
    },
    { Identifiant: "key", Sujet: "group", âge: "feature", Diagnostic: "label", Prénom: "nothing" },
  ],
  [
    "a Spanish one with seconds since 1970",
    {
      ID: (at) => 9000 - at * 3,
      Paciente: patient,
      Edad: age,
      Diagnóstico: ill(["sano", "enfermo"]),
      Fecha: (at) => 1_700_000_000 + at * 9,
    },
    { ID: "key", Paciente: "group", Edad: "feature", Diagnóstico: "label", Fecha: "time" },
  ],
  [
    "a Chinese one",
    {
      编号: (at) => `x${at}`,
      患者: patient,
      年龄: age,
      诊断: ill(["正常", "异常"]),
      日期: (at) => `2024/05/${two(at % 28)}`,
    },
    { 编号: "key", 患者: "group", 年龄: "feature", 诊断: "label", 日期: "time-year-first" },
  ],
  [
    "camel case, an American date and a split that a program wrote",
    {
      imagePath: (at) => `img/${at}.png`,
      SubjectID: patient,
      acquiredAt: (at) => `${two(at % 12)}/${two((at % 15) + 13)}/2025 9:30 PM`,
      DateOfBirth: (at) => `1950-01-${two(at % 28)}`,
      Split: ill(["Training", "training", "val", "test"]),
      y: ill(["0", "1"]),
      score: (at) => (at * 0.37).toFixed(3),
    },
    {
      imagePath: "key",
      SubjectID: "group",
      acquiredAt: "time-month-first",
      DateOfBirth: "feature",
      Split: "split",
      y: "label",
      score: "feature",
    },
  ],
  [
    "one row a patient, and a row number that a program saved",
    {
      "": (at) => at,
      patient: (at) => `P${at}`,
      arm: ill(["a", "b"]),
      group: ill(["treated", "control"]),
      outcome: ill(["0", "1", "0"]),
    },
    { "": "nothing", patient: "key", arm: "feature", group: "feature", outcome: "label" },
  ],
  [
    "features alone, one of which counts the rows",
    { no: (at) => at + 5, width: (at) => (at % 9) + 0.5, species: ill(["setosa", "virginica"]) },
    { no: "nothing", width: "feature", species: "label" },
  ],
  [
    "Holdout's own words",
    {
      key: (at) => `k${at}`,
      group: patient,
      label: ill(["a", "b"]),
      time: (at) => `2026-01-${two(at % 28)}T10:00:00Z`,
      split: ill(["train", "test"]),
      sealed: ill(["false", "true"]),
      x: age,
    },
    { key: "key", group: "group", label: "label", time: "time", split: "split", sealed: "sealed", x: "feature" },
  ],
])("%s is guessed", async (_, columns, roles, separator) => {
  expect(await rolesOf(fileOf(columns, separator))).toEqual(roles);
});

test("a key that two rows share is still taken for the key", async () => {
  const table = { scan_id: (at: number) => `s${Math.max(1, at)}`, patient, age };
  expect(await rolesOf(fileOf(table))).toMatchObject({ scan_id: "key", patient: "group" });
});

test("days of a treatment that are called time are a feature, and a drug's name is no person's", async () => {
  expect(await rolesOf(fileOf({ id: (at) => `r${at}`, time: (at) => at % 9, "drug name": ill(["a", "b"]) }))).toEqual({
    id: "key",
    time: "feature",
    "drug name": "feature",
  });
});

test("a date that two countries read differently is right in both forms, and says what each makes of it", async () => {
  const { columns } = await preview(fileOf({ id: (at) => `r${at}`, date: (at) => `0${(at % 9) + 1}/04/2021`, x: age }));
  expect(columns[1]!.times).toEqual([
    { format: "day-first", text: "01/04/2021", at: "2021-04-01T00:00:00.000Z" },
    { format: "month-first", text: "01/04/2021", at: "2021-01-04T00:00:00.000Z" },
  ]);
});

test("words that say 'missing' are found; a minus beside a plus is a value", async () => {
  const { missing, columns } = await preview(
    fileOf({
      id: (at) => `r${at}`,
      pulse: (at) => (at === 3 ? "-" : at === 4 ? "-999" : 60 + (at % 30)),
      stage: (at) => (at % 8 === 0 ? "unknown" : at % 8 === 1 ? "n.a." : "II"),
      strand: ill(["+", "-"]),
    }),
  );
  expect(missing).toEqual([
    { word: "unknown", rows: 5, column: "stage", proposed: false },
    { word: "n.a.", rows: 5, column: "stage", proposed: true },
    { word: "-", rows: 1, column: "pulse", proposed: true },
    { word: "-999", rows: 1, column: "pulse", proposed: false },
  ]);
  expect(columns.find(({ name }) => name === "pulse")).toMatchObject({ kind: "number", missing: 1 });
});

test("what a column would be refused as is said with the row", async () => {
  const rows = ["id,day,kind", "a,2026-01-05,x", "b,yesterday,y", "a,2026-01-07,x", ",2026-01-08,y"].join("\n");
  const { columns, first, rows: count } = await preview(rows);
  expect(columns[0]!.faults.key).toEqual([
    { row: 4, rows: 1, value: null, detail: "is empty; each row needs a key" },
    { row: 3, rows: 2, value: "a", detail: '"a" stands in row 1 already; each row has its own' },
  ]);
  expect(columns[1]!.faults.time).toMatchObject([{ row: 2, value: "yesterday" }]);
  expect([first[1], count]).toEqual([["b", "yesterday", "y"], 4]);
});

test("the first lines of a file are looked at, also where they end inside a cell", async () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => ` town${at};1,${at}\n`).join("");
  const { rows, ...seen } = await preview(`city;share\n${lines}Basel;"2`, { part: true });
  expect(rows).toBeGreaterThan(19_000);
  expect(seen).toMatchObject({ whole: false, byLine: false, decimalComma: true, trim: true });
  await expect(preview('city,share\nBern,"2')).rejects.toThrow("the file is no CSV");
  await expect(preview("a,a\n1,2")).rejects.toThrow('"a" stands twice');
  await expect(preview("a,b\n")).rejects.toThrow("has no rows");
});

test("names are read word by word, whichever way they are written", () => {
  expect(["scanID", "Scan_id", "SCAN ID", "HTTPScan2"].map(wordsIn)).toEqual([
    ["scan", "id"],
    ["scan", "id"],
    ["scan", "id"],
    ["http", "scan"],
  ]);
  expect(placeIn(["datum"], "Aufnahmedatum")).toBe(0);
  expect(placeIn(["date"], "update")).toBe(-1);
});
