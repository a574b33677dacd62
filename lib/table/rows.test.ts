import { and, eq } from "drizzle-orm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import { systemActor } from "../access/actor.ts";
import { appendBatch } from "../metrics/append.ts";
import { refreshSummaries } from "../metrics/compact.ts";
import { archiveRuns, deleteRuns } from "../runs/bulk.ts";
import { batchOf, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import type { Config } from "../wire/base/config.ts";
import type { Project } from "../wire/projects.ts";
import { listColumns, listTellingKeys } from "./known-columns.ts";
import { countRuns, type RunsQuery, readRunRows, readRunsPage } from "./rows.ts";

prepareWorkspace();

type Given = { name: string; config: Config; accuracy?: number[]; seed?: number };

async function projectWith(given: Given[]): Promise<Project> {
  const project = await newProject();
  for (const { name, config, accuracy = [], seed } of given) {
    const { run, writer } = await newRun(project, { name, config, ...(seed === undefined ? {} : { seed }) });
    if (accuracy.length === 0) continue;
    const steps = accuracy.map((_, index) => index);
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", steps, { accuracy }));
    await appendBatch(systemActor, run.id, batchOf(writer, 2, null, [0], { test_acc: [0.99] }));
    await refreshSummaries(run.id);
  }
  return project;
}

const three = () =>
  projectWith([
    { name: "b", config: { optimizer: { lr: 0.1 }, family: "cnn" }, accuracy: [0.5, 0.9, 0.7] },
    { name: "a", config: { optimizer: { lr: 0.001 }, family: "rnn" }, accuracy: [0.8, Number.NaN] },
    { name: "c", config: { optimizer: { lr: 10 }, family: "cnn", note: "x" } },
  ]);

const names = async (project: Project, query: Partial<RunsQuery>) =>
  (await readRunsPage(systemActor, project.id, { columns: [], ...query })).rows.map((row) => row.name).join("");

test.each([
  [undefined, "cab"],
  ["created", "bac"],
  ["name", "abc"],
  ["-name", "cba"],
  ["config.optimizer.lr", "abc"],
  ["-config.optimizer.lr", "cba"],
  ["config.family", "bca"],
  ["-validation/accuracy.max", "bac"],
  ["validation/accuracy.last", "bca"],
  ["-validation/accuracy.mean", "abc"],
])("sorted by %s, with runs that have no value last", async (sort, order) => {
  expect(await names(await three(), { sort })).toBe(order);
});

test.each([
  ["config.optimizer.lr >= 0.1", "cb"],
  ["config.family = cnn and config.optimizer.lr < 1", "b"],
  ["config.family = cnn or validation/accuracy.max > 0.75", "cab"],
  ["not config.family = cnn", "a"],
  ["config.family != cnn", "a"],
  ["config.family in (rnn, lstm)", "a"],
  ["config.note is null", "ab"],
  ["config.note is not null", "c"],
  ['name ~ "^[ab]$"', "ab"],
  ['config.family !~ "c"', "a"],
  ["validation/accuracy.max = 0.9", "b"],
  ["validation/accuracy.max is null", "c"],
  ["created > 2020-01-01", "cab"],
  ["created < 2020-01-01", ""],
  ["status = running", "cab"],
  ["B", "b"],
])("%s finds those and no others", async (filter, found) => {
  const project = await three();
  expect(await names(project, { filter })).toBe(found);
  expect(await countRuns(systemActor, project.id, { filter })).toEqual({ count: found.length, isMore: false });
});

test.each([
  [{ filter: "config.a =" }, "filter"],
  [{ filter: 'name ~ "("' }, "filter"],
  [{ filter: "nothing = 3" }, "filter"],
  [{ filter: "created > yesterday" }, "filter"],
  [{ filter: "seed = many" }, "filter"],
  [{ sort: "nothing" }, "sort"],
  [{ sort: "notes" }, "sort"],
  [{ sort: "test/accuracy.last" }, "sort"],
  [{ columns: ["validation/accuracy.median"] }, "columns"],
  [{ after: "no cursor" }, "after"],
])("%j is refused by name", async (query, field) => {
  const project = await three();
  const reading = readRunsPage(systemActor, project.id, { columns: [], ...query });
  await expect(reading).rejects.toMatchObject({ status: 400, errors: [{ field }] });
});

test("a row has the values of the columns asked for, and no test number", async () => {
  const project = await three();
  const columns = [
    "config.family",
    "config.optimizer.lr",
    "validation/accuracy.last",
    "validation/accuracy.max",
    "-/test_acc.last",
  ];
  const { rows } = await readRunsPage(systemActor, project.id, { columns, sort: "name" });
  expect(rows[0]).toMatchObject({
    name: "a",
    tags: [],
    values: {
      "config.family": "rnn",
      "config.optimizer.lr": 0.001,
      "validation/accuracy.last": "NaN",
      "validation/accuracy.max": 0.8,
    },
  });
  expect(JSON.stringify(rows)).not.toContain("0.99");
  expect(await names(project, { sort: "-/test_acc.last" })).toBe("cab");
});

test("the columns of a project are its config keys and series, and those that tell runs apart come first", async () => {
  const project = await three();
  const { config, metrics } = await listColumns(systemActor, project.id);
  expect(config).toEqual([
    { key: "family", type: "text" },
    { key: "note", type: "text" },
    { key: "optimizer.lr", type: "number" },
  ]);
  expect(metrics.map(({ split, metric }) => `${split}/${metric}`)).toEqual(["validation/accuracy"]);
  expect((await listTellingKeys(systemActor, project.id)).slice(0, 2)).toEqual(["family", "optimizer.lr"]);
});

test("a run that is alive stands by its duration so far, between those that ended", async () => {
  const project = await projectWith(
    ["ended after 1", "alive for 2", "ended after 3"].map((name) => ({ name, config: {} })),
  );
  const { db } = connections();
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 9, minute));
  for (const [name, minutes] of [
    ["ended after 1", 1],
    ["alive for 2", 2],
    ["ended after 3", 3],
  ] as const)
    await db
      .update(runs)
      .set({ startedAt: at(0), heartbeatAt: at(minutes), endedAt: name.startsWith("ended") ? at(minutes) : null })
      .where(and(eq(runs.projectId, project.id), eq(runs.name, name)));
  const { rows } = await readRunsPage(systemActor, project.id, { columns: [], sort: "-duration" });
  expect(rows.map(({ name }) => name)).toEqual(["ended after 3", "alive for 2", "ended after 1"]);
});

test("rows are read by id, without those of another project and those that a query finds no more", async () => {
  const project = await three();
  const { rows } = await readRunsPage(systemActor, project.id, { columns: [], sort: "name" });
  const [a, b, c] = rows.map(({ id }) => id);
  const { run: stranger } = await newRun(await newProject(), {});
  await deleteRuns(systemActor, project.id, { ids: [b!] });
  const asked = { ids: [c!, "no id", stranger.id, b!, a!], columns: ["config.family"] };
  const found = await readRunRows(systemActor, project.id, asked);
  expect(found.map(({ name, values }) => [name, values["config.family"]])).toEqual([
    ["c", "cnn"],
    ["a", "rnn"],
  ]);
  const still = async (query: { filter?: string; archived?: boolean }) =>
    (await readRunRows(systemActor, project.id, { ...asked, ...query })).map(({ name }) => name);
  expect(await still({ filter: "config.family = rnn" })).toEqual(["a"]);
  await archiveRuns(systemActor, project.id, { ids: [a!] });
  expect(await still({})).toEqual(["c"]);
  expect(await still({ archived: true })).toEqual(["c", "a"]);
});

const value = fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 3 }), fc.constantFrom("x", "y"), fc.boolean());

test("pages by cursor visit each run once, in the order of one large page", async () => {
  const values = fc.sample(fc.tuple(value, value), { seed: 4, numRuns: 40 });
  const project = await projectWith(
    values.map(([a, b], index) => ({
      name: `run ${index % 7}`,
      config: { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) },
      accuracy: index % 3 === 0 ? [index % 5] : [],
    })),
  );
  for (const sort of [
    "created",
    "-created",
    "name",
    "-config.a",
    "config.a",
    "-validation/accuracy.max",
    "validation/accuracy.max",
    "-duration",
  ])
    for (const filter of ["", "config.b in (0, 1, x)", "config.a is null or config.b = 2"]) {
      const whole = await readRunsPage(systemActor, project.id, { columns: [], sort, filter, size: 500 });
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof readRunsPage>> = await readRunsPage(systemActor, project.id, {
          columns: [],
          sort,
          filter,
          size: 7,
          after,
        });
        seen.push(...page.rows.map((row) => row.id));
        after = page.next;
      } while (after);
      expect(seen).toEqual(whole.rows.map((row) => row.id));
      expect(new Set(seen).size).toBe(seen.length);
    }
});
