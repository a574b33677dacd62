import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { flattenConfig } from "../runs/flatten.ts";
import { newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { type Config, configSchema } from "../wire/base/config.ts";

prepareWorkspace();

type Stored = { key: string; value: number | string | null };

async function storedOf(run: string): Promise<Stored[]> {
  const rows = await connections().db.execute<{ key: string; number: number | null; text: string | null }>(sql`
    select key, number, coalesce(whole, text) as text from run_values where run_id = ${run} order by key collate "C"`);
  return rows.map(({ key, number, text }) => ({ key, value: number ?? text }));
}

/** As the page of a run shows its config. */
const shownOf = (config: Config): Stored[] =>
  Object.entries(flattenConfig(config))
    .map(([key, value]) => ({ key, value: typeof value === "boolean" ? String(value) : value }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));

test("table and page have the same keys and the same texts of a config, lists and numbers included", async () => {
  const key = fc.oneof(fc.constantFrom("a", "b", "a.b", "b.c", "", "é"), fc.string({ maxLength: 5 }));
  const leaf = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 400 }),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 }).map((value) => value + 0),
    fc.boolean(),
    fc.constant(null),
  );
  const { config } = fc.letrec<{ value: unknown; config: Record<string, unknown> }>((tie) => ({
    value: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("value"), { maxLength: 3 }), tie("config")),
    config: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  }));
  const project = await newProject();
  await fc.assert(
    fc.asyncProperty(config, async (given) => {
      const sent = JSON.parse(JSON.stringify(given).replaceAll("\\u0000", " ")) as Config;
      fc.pre(configSchema.safeParse(sent).success);
      const { run } = await newRun(project, { config: sent });
      expect(await storedOf(run.id)).toEqual(shownOf(sent));
    }),
    { numRuns: 100 },
  );
}, 60_000);

test("two paths of one name, which were taken once, are both there, under names of their own", async () => {
  const config = JSON.parse('{"a.b":1,"a":{"b":2}}') as Config;
  expect(flattenConfig(config)).toEqual({ "a.b": 1, "a.b (nested)": 2 });
});

test("runs from before have their long texts whole after the migration", async () => {
  const project = await newProject();
  const { run } = await newRun(project, { config: { prompt: "p".repeat(400), note: "short", lr: 1, "a.b": "x" } });
  const now = await storedOf(run.id);
  const { db } = connections();
  await db.execute(sql`update run_values set whole = null, digest = null where run_id = ${run.id}`);
  const folder = path.join(import.meta.dirname, "../../drizzle");
  const file = readdirSync(folder).find((name) => name.endsWith("_whole_values.sql"))!;
  const statement = readFileSync(path.join(folder, file), "utf8").split("--> statement-breakpoint").at(-1)!;
  await db.execute(sql.raw(statement));
  expect(await storedOf(run.id)).toEqual(now);
});
