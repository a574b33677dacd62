/** Runs by batch size, with what is tuned for one and all else of their configs as digests. */
import { type SQL, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { type Category, categoryOf } from "../studies/categories.ts";
import type { BatchRow } from "./data.ts";
import { LOOKED_MAX } from "./read-runs.ts";

/** What has to be tuned for each batch size (P6, P15). */
const tunedFor: readonly Category[] = [
  "learning-rate",
  "schedule",
  "weight-decay",
  "regulariser-strength",
  "optimizer-setting",
];
/** What may differ beside it: a seed, and how long a run trains, which is said in another unit for each size. */
const beside: readonly Category[] = ["seed", "length", "accumulation"];

export type BatchKeys = { key: string; tuned: string[]; beside: string[] };

/** The batch size of the project's configs, and what belongs to it; null: none has one. Evaluation's own is another. */
export function batchKeysOf(keys: readonly string[]): BatchKeys | null {
  const training = keys.filter((key) => !/(^|\.)(eval|evaluation|val|valid|validation|test)\./i.test(key));
  const key = training.find((one) => categoryOf(one) === "batch-size");
  if (key === undefined) return null;
  const of = (categories: readonly Category[]) => training.filter((one) => categories.includes(categoryOf(one)));
  return { key, tuned: of(tunedFor), beside: of(beside) };
}

/** Of the newest runs with a batch size; empty where the project's all have one. `ignores`: paths that make no recipe. */
export async function readBatches(
  projectId: string,
  { key, tuned, beside }: BatchKeys,
  ignores: readonly string[],
): Promise<BatchRow[]> {
  const { db } = connections();
  const [sizes] = await db.execute<{ differ: boolean }>(sql`
    select min(number) is distinct from max(number) as differ from run_values
    where project_id = ${projectId} and key = ${key} and number is not null`);
  if (!sizes!.differ) return [];
  const isTuned = sql`v.key = any(${sql.param(tuned)}::text[])`;
  const isBeside = sql`v.key = any(${sql.param([key, ...beside])}::text[])`;
  const isIgnored = sql`exists (select from unnest(${sql.param(ignores)}::text[]) i where starts_with(v.key || '.', i || '.'))`;
  const rows = await db.execute<BatchRow>(sql`
    with newest as (
      select run_id, number from run_values where project_id = ${projectId} and key = ${key} and number is not null
      order by run_id desc limit ${LOOKED_MAX})
    select n.run_id as run, n.number as size,
      ${digestOf(isTuned)} as tuned, ${digestOf(sql`not (${isTuned} or ${isBeside} or ${isIgnored})`)} as rest
    from newest n join run_values v on v.run_id = n.run_id
    group by n.run_id, n.number`);
  return [...rows];
}

const digestOf = (where: SQL): SQL => sql`coalesce(md5(string_agg(
    v.key || '=' || coalesce(v.number::text, encode(v.digest, 'hex'), v.text, 'null'), E'\n' order by v.key)
  filter (where ${where})), '')`;
