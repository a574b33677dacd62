import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { getTableName } from "drizzle-orm";
import { getTableConfig } from "drizzle-orm/pg-core";
import { expect, test } from "vitest";
import { readMigrations } from "../read-migrations.ts";
import { root } from "../root.ts";
import { coordinatorTables, everyTable, SPREAD_BY, spreadTables } from "./layout.ts";
import { spreadStatements } from "./statements.ts";

test("every table of the schema has its place, and one only", () => {
  const placed = [...spreadTables, ...coordinatorTables].sort();
  expect(placed).toEqual(everyTable.map(getTableName).sort());
  expect(new Set(placed).size).toBe(placed.length);
});

const spread = everyTable.filter((table) => spreadTables.includes(getTableName(table))).map(getTableConfig);

test.each(spread.map((table) => [table.name, table] as const))("the keys of %s hold the run", (_, table) => {
  const keys = [
    ...table.primaryKeys.map((key) => key.columns),
    ...table.uniqueConstraints.map((key) => key.columns),
    ...table.indexes.filter(({ config }) => config.unique).map(({ config }) => config.columns),
  ];
  expect(keys.length).toBeGreaterThan(0);
  for (const columns of keys) expect(columns.map((column) => (column as { name?: string }).name)).toContain(SPREAD_BY);
  expect(table.columns.filter((column) => column.isUnique || column.primary)).toEqual([]);
});

test("a table that stays on the coordinator refers to none that is spread", () => {
  const referring = everyTable.flatMap((table) =>
    getTableConfig(table).foreignKeys.map((key) => [getTableName(table), getTableName(key.reference().foreignTable)]),
  );
  expect(referring.filter(([from, to]) => !spreadTables.includes(from!) && spreadTables.includes(to!))).toEqual([]);
});

test("a table that is spread numbers no rows by itself, and no trigger stands on it", () => {
  for (const { columns } of spread)
    for (const column of columns) expect([column.generatedIdentity, column.generated]).toEqual([undefined, undefined]);
  const triggers = readMigrations().flatMap(({ statements }) =>
    statements.flatMap((text) =>
      [...text.matchAll(/create (?:or replace )?trigger[^;]*? on "?(\w+)"?/gi)].map((one) => one[1]),
    ),
  );
  expect(triggers.filter((table) => spreadTables.includes(table!))).toEqual([]);
});

/** A name of a spread table where SQL says it, or where Drizzle is handed it. */
const names = spreadTables.join("|");
const inSql = new RegExp(
  `\\b(?:from|join|into|update|using|copy)\\s+(?:${names})\\b|(?<!Readable)\\.(?:from|insert|update|delete|innerJoin|leftJoin)\\((?:${spreadTables.map(camel).join("|")})\\b`,
);

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name}`)
    .filter((name) => /\.tsx?$/.test(name) && !/(\.test\.tsx?|\/test-[^/]*|\/test\/.*)$/.test(name));
}

const asking = ["lib", "app", "db", "bin"]
  .flatMap(sources)
  .map((file) => ({ file, text: readFileSync(path.join(root, file), "utf8").replace(/^\s*(\/\*\*|\*|\/\/).*$/gm, "") }))
  .filter(({ file, text }) => !file.startsWith("db/distribution/") && inSql.test(text));

test("what asks for spread rows is listed, with how", () => {
  // a new one names the run, or brings what it gathers to the coordinator before it joins other tables; then it is listed
  expect(asking.map(({ file }) => file).sort()).toEqual([...spreadStatements.keys()].sort());
});

test.each(asking.filter(({ file }) => spreadStatements.get(file)?.includes("gathered")))(
  "$file gathers by itself what it joins with the coordinator's tables",
  ({ file, text }) => {
    // a chart gathers figures of runs, and joins them with nothing
    if (file !== "lib/metrics/query-chart.ts") expect(text).toMatch(/\bas materialized \(/);
  },
);

test.each(asking)("$file changes no spread row by what differs from moment to moment", ({ text }) => {
  const changes = [...text.matchAll(new RegExp(`(?:update|delete from|insert into) (?:${names})\\b[^\`]*`, "g"))];
  for (const [change] of changes)
    expect(change).not.toMatch(/clock_timestamp|gen_random_uuid|random\(\)|timeofday|nextval/);
});
