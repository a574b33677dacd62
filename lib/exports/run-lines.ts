/** Runs as lines of an export: config, tags, words of their clients, and what is known of where they ran. */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { type ReadRun, readRuns } from "../interop/read-runs.ts";
import { toRun } from "../runs/runs.ts";
import type { ExportLineOf } from "../wire/exports.ts";
import type { Environment } from "../wire/runs.ts";

type RunLine = ExportLineOf<"run">;

/** In the order of the ids. One that was purged meanwhile has none. */
export async function readRunLines(actor: Actor, slug: string, ids: string[]): Promise<RunLine[]> {
  const of = sql`any(${sql.param(ids)}::uuid[])`;
  const rows = await connections()
    .db.select({
      run: runs,
      attempts: sql<number>`(select count(*)::int from attempts a where a.run_id = runs.id)`,
      environment: sql<Environment | null>`(select a.environment from attempts a where a.run_id = runs.id
        order by a.number desc limit 1)`,
      tags: sql<string[]>`array(select t.tag from run_tags t where t.run_id = runs.id order by t.tag)`,
      files: sql<number>`(select count(*)::int from artifacts f where f.run_id = runs.id)`,
    })
    .from(runs)
    .where(sql`${runs.id} = ${of}`);
  const byId = new Map(rows.map((row) => [row.run.id, row]));
  const there = ids.filter((id) => byId.has(id));
  const told = new Map((await readRuns(actor, there)).map((run) => [run.id, run]));
  return there.flatMap((id): RunLine[] => {
    const { run, attempts, environment, tags, files } = byId.get(id)!;
    const words = told.get(id);
    if (!words) return [];
    const { url: _, ...facts } = toRun(run, slug, attempts, environment ?? {});
    const archivedAt = run.archivedAt?.toISOString() ?? null;
    return [{ kind: "run", ...facts, user: run.createdBy, tags, archivedAt, files, ...wordsOf(words) }];
  });
}

function wordsOf({ config, properties, inputs }: ReadRun): Pick<RunLine, "configTexts" | "properties" | "inputs"> {
  // of a number its letters are told where JSON would write others
  const given = config.filter(({ text }) => text !== "" && `${Number(text)}` !== text && isNumber(text));
  return {
    configTexts: Object.fromEntries(given.map(({ key, text }) => [key, text])),
    properties: textsOf(properties),
    inputs: inputs.map(({ name, digest, sourceType, source, tags }) => ({
      name,
      digest,
      sourceType,
      source,
      tags: textsOf(tags),
    })),
  };
}

const isNumber = (text: string): boolean => /^-?\d/.test(text) && Number.isFinite(Number(text));

const textsOf = (entries: { key: string; value: string }[]): Record<string, string> =>
  Object.fromEntries(entries.map(({ key, value }) => [key, value]));
