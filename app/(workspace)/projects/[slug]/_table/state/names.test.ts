/** One grammar of names and values: what creation takes, column, filter, order, groups, address and CSV take and give back. */

import { parse as parseCsv } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { appendBatch } from "@/lib/metrics/append.ts";
import { refreshSummaries } from "@/lib/metrics/compact.ts";
import { tagRuns } from "@/lib/runs/bulk.ts";
import { flattenConfig } from "@/lib/runs/flatten.ts";
import { plainCell } from "@/lib/runs/long-text.ts";
import { createRun } from "@/lib/runs/runs.ts";
import { parseColumn } from "@/lib/table/columns.ts";
import { exportRuns } from "@/lib/table/export.ts";
import { groupRuns } from "@/lib/table/groups.ts";
import { findColumns, listColumns, listTellingKeys } from "@/lib/table/known-columns.ts";
import { columnName, shownName } from "@/lib/table/language/column-name.ts";
import { completeFilter } from "@/lib/table/language/filter-completion.ts";
import { parseFilter } from "@/lib/table/language/filter-language.ts";
import { filterNames } from "@/lib/table/language/filter-names.ts";
import { printFilter } from "@/lib/table/language/filter-print.ts";
import type { Filter } from "@/lib/table/language/filter-tree.ts";
import { readRunsPage } from "@/lib/table/rows.ts";
import { batchOf, newProject, newRun, prepareWorkspace } from "@/lib/test-workspace.ts";
import { type Config, KEY_CHARACTERS_MAX } from "@/lib/wire/base/config.ts";
import { seriesKey } from "@/lib/wire/points/series-name.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { readView, viewQuery } from "./runs-view.ts";

prepareWorkspace();

/** Names that other programs stumble over. */
const hard = [
  ...["", " ", ".", "a.b", "a.", ".a", "!", "a!12", "a!12*", "wow!", "a!!", 'say "hi"', "back\\slash", "it's", "a:b"],
  ...["a,b", "a;b", "50 %", "%41", "a%20b", "a+b", "a&b=c", "#a", "a?b", "a/b", "-", "-/a", "=1+1", "@x", "+1", "'=1"],
  ...[
    "and",
    "or",
    "not",
    "in",
    "is",
    "null",
    "true",
    "1",
    "-0.5",
    "1e5",
    "2026-11-01",
    "sha256",
    "*",
    "(a)",
    "~",
    "<b>",
  ],
  ...[
    "道路標識",
    "naïve",
    "nai\u0308ve",
    "Ω",
    "👩‍🔬",
    "🇫🇮",
    "שלום",
    "\u202eabc",
    "a\u200bb",
    "\u00a0",
    "\u2028",
    "\ufeff",
    "ﬁ",
  ],
  ...["__proto__x", "constructor", "toString", "hasOwnProperty", "two\nlines", "tab\there", "x".repeat(290)],
];
const isSlow = process.env.HOLDOUT_TEST_SLOW !== undefined;
/** Of the tests after the first: a third of them, or all where randomised tests run in full. */
const some = hard.filter((_, at) => isSlow || at % 3 === 0);
const drawn = (full: number, few: number): number => (isSlow ? full : few);
const anyName = fc.oneof(fc.constantFrom(...hard), fc.string({ unit: "grapheme", maxLength: 40 }));

const asked = (name: string, value: string | number): string => {
  const typed = typeof value === "number" ? { type: "number" as const, value } : { type: "text" as const, value };
  return printFilter({ kind: "compare", column: name, op: "=", value: typed });
};

/** What a program reads in the CSV of all runs: the column's head and its cells, as they were before the guard. */
async function csvColumn(project: Project, query: { column: string; sort?: string; filter?: string }) {
  let text = "";
  const { column, ...rest } = query;
  for await (const piece of exportRuns(systemActor, project.id, { ...rest, columns: [column] })) text += piece;
  const lines = parseCsv(text, { bom: true, relax_column_count: false }) as string[][];
  const [head, ...cells] = lines.map((line) => line[1]!.replace(/^'(?='*[=+\-@\t\r])/, ""));
  return { head, cells };
}

/** Through every door that takes the name of a column: each must give back this name and this value. */
async function readBack(project: Project, name: string, value: string | number): Promise<void> {
  const column = parseColumn(name);
  expect(columnName(column)).toBe(name);
  const filter = asked(name, value);
  expect(parseFilter(filter)).toMatchObject({ column: name, op: "=", value: { value } });
  const typed = printFilter({ kind: "null", column: name, negated: true });
  expect(
    completeFilter(`${typed.slice(0, -" is not null".length)} `, typed.length, filterNames([{ name, type: "text" }]))
      .options,
  ).not.toEqual([]);
  const shown = [
    { name, width: null, pinned: false },
    { name, width: 120, pinned: true },
  ];
  for (const one of shown) {
    const view = readView({});
    const query = viewQuery({ ...view, q: filter, sort: `-${name}`, columns: [one], by: [name] });
    const params = new URLSearchParams(query);
    const read = readView(Object.fromEntries([...params.keys()].map((key) => [key, params.getAll(key)])));
    expect(read).toEqual({ ...view, q: filter, sort: `-${name}`, columns: [one], by: [name] });
  }
  for (const sort of [name, `-${name}`]) {
    const { rows } = await readRunsPage(systemActor, project.id, { columns: [name], sort, filter });
    expect(rows.map((row) => plainCell(row.values[name] ?? null))).toEqual([value]);
  }
  const csv = await csvColumn(project, { column: name, filter });
  expect(csv).toEqual({ head: shownName(name), cells: [String(value)] });
  expect(parseColumn(csv.head!)).toEqual(column);
}

async function grouped(project: Project, by: string) {
  const { groups } = await groupRuns(systemActor, project.id, { by: [by], summaries: [], whole: true });
  return groups.map(({ key, count }) => [plainCell(key[by] ?? null), count]);
}

test("a config key that creation takes is the name of a column in table, filter, order, groups, address and CSV", async () => {
  const paths = fc
    .uniqueArray(anyName, { minLength: 1, maxLength: 3 })
    .filter((path) => path.join(".").length <= KEY_CHARACTERS_MAX);
  await fc.assert(
    fc.asyncProperty(paths, async (path) => {
      const project = await newProject();
      const config = path.reduceRight<unknown>((below, key) => ({ [key]: below }), "there") as Config;
      await newRun(project, { name: "with", config });
      await newRun(project, { name: "without", config: { other: 1 } });
      const key = path.join(".");
      expect(Object.keys(flattenConfig(config))).toEqual([key]);
      expect((await listColumns(systemActor, project.id)).config.map((one) => one.key)).toContain(key);
      expect(await listTellingKeys(systemActor, project.id)).toContain(key);
      if (key.trim() !== "")
        expect((await findColumns(systemActor, project.id, key)).config.map((one) => one.key)).toContain(key);
      await readBack(project, `config.${key}`, "there");
      expect(await grouped(project, `config.${key}`)).toEqual(
        expect.arrayContaining([
          ["there", 1],
          [null, 1],
        ]),
      );
    }),
    { numRuns: hard.length + drawn(20, 4), examples: hard.map((name): [string[]] => [[name]]) },
  );
}, 240_000);

test("a text of a config is found, grouped and exported as it was sent", async () => {
  await fc.assert(
    fc.asyncProperty(anyName, fc.nat(700), async (text, more) => {
      const value = text + "é".repeat(more);
      const project = await newProject();
      await newRun(project, { config: { note: value } });
      await newRun(project, { config: { note: `${value}!` } });
      await readBack(project, "config.note", value);
      expect(await grouped(project, "config.note")).toEqual(
        expect.arrayContaining([
          [value, 1],
          [`${value}!`, 1],
        ]),
      );
    }),
    { numRuns: drawn(30, 10) },
  );
}, 240_000);

test("a metric's name is the name of a column wherever a column is named", async () => {
  const names = anyName.filter((name) => name !== "" && !/\p{Cc}/u.test(name) && !/test/i.test(name));
  await fc.assert(
    fc.asyncProperty(names, fc.constantFrom("train" as const, null), async (metric, split) => {
      const project = await newProject();
      const { run, writer } = await newRun(project, {});
      await appendBatch(systemActor, run.id, batchOf(writer, 1, split, [0], { [metric]: [0.25] }));
      await refreshSummaries(run.id);
      expect((await listColumns(systemActor, project.id)).metrics).toMatchObject([{ split, metric }]);
      await readBack(project, `${seriesKey({ split, metric })}.last`, 0.25);
    }),
    {
      numRuns: drawn(hard.length + 20, some.length),
      examples: some
        .filter((name) => name !== "" && !/\p{Cc}/u.test(name))
        .map((name): [string, "train"] => [name, "train"]),
    },
  );
}, 240_000);

test("a run's name and its tags are found and exported as they were given", async () => {
  const names = anyName.filter((name) => name.trim() !== "" && name.trim() === name && !/\p{Cc}/u.test(name));
  await fc.assert(
    fc.asyncProperty(names, names, async (name, tag) => {
      const project = await newProject();
      const run = await createRun(systemActor, { project: project.id, name });
      await createRun(systemActor, { project: project.id, name: `${name}~` });
      await tagRuns(systemActor, project.id, { ids: [run.id] }, tag);
      for (const filter of [asked("name", name), asked("tags", tag)]) {
        const { rows } = await readRunsPage(systemActor, project.id, { columns: [], filter });
        expect(rows.map((row) => [row.name, row.tags])).toEqual([[name, [tag]]]);
      }
      const filter: Filter = { kind: "words", words: [name] };
      expect(
        (await readRunsPage(systemActor, project.id, { columns: [], filter: printFilter(filter) })).rows,
      ).toHaveLength(2);
      expect((await csvColumn(project, { column: "name", filter: asked("tags", tag) })).cells).toEqual([name]);
      const [tags] = (await csvColumn(project, { column: "tags", filter: asked("name", name) })).cells;
      expect(parseCsv(tags!, { relax_quotes: true })).toEqual([[tag]]);
    }),
    {
      numRuns: drawn(hard.length + 20, some.length),
      examples: some
        .filter((name) => name.trim() === name && name !== "" && name.length <= 200 && !/\p{Cc}/u.test(name))
        .map((name): [string, string] => [name, name]),
    },
  );
}, 240_000);
