/** What a client says of a run's config once it runs: each key once, and a number is known as one. */
import { eq, sql } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { storeReplicateKeys, storeValues } from "../runs/values.ts";
import { type Config, configSchema } from "../wire/base/config.ts";

export type ConfigText = { key: string; text: string };

/** A key that has another text already. */
export type TakenKey = { key: string; before: string; text: string };

/** Keys that were given before, with another text: none of what came with them is stored. */
export class TakenKeysError extends ProblemError {
  constructor(readonly taken: TakenKey[]) {
    const names = taken.map(({ key }) => key).join(", ");
    super("conflict", `a key of a config is given once; these have another value: ${names}`);
  }
}

/**
 * Adds keys to the config of a run that is locked. A text that is a number of JSON stands there as the number, and the text
 * beside it; any other as it came. The same again changes nothing. Throws `TakenKeysError`.
 */
export async function storeConfigTexts(tx: Executor, runId: string, given: ConfigText[]): Promise<void> {
  if (given.length === 0) return;
  const known = (await readConfigTexts(tx, [runId])).get(runId) ?? [];
  const before = new Map(known.map(({ key, text }) => [key, text]));
  const fresh = given.filter(({ key }) => !before.has(key));
  const taken = given.flatMap(({ key, text }) =>
    before.has(key) && before.get(key) !== text ? [{ key, before: before.get(key)!, text }] : [],
  );
  if (taken.length > 0) throw new TakenKeysError(taken);
  if (fresh.length === 0) return;
  const [run] = await tx.select({ config: runs.config }).from(runs).where(eq(runs.id, runId));
  const added = Object.fromEntries(fresh.map(({ key, text }) => [key, numberOf(text) ?? text]));
  const config = parse(configSchema, { ...(run!.config as Config), ...added });
  await tx.update(runs).set({ config }).where(eq(runs.id, runId));
  await storeValues(tx, [runId]);
  await storeGivenTexts(tx, runId, fresh);
  await storeReplicateKeys(tx, { runs: [runId] });
}

/** The texts from which numbers were read. */
async function storeGivenTexts(tx: Executor, runId: string, fresh: ConfigText[]): Promise<void> {
  const numbers = fresh.filter(({ text }) => numberOf(text) !== null);
  if (numbers.length === 0) return;
  await tx.execute(sql`
    update run_values v set given = u.text
    from unnest(${sql.param(numbers.map(({ key }) => key))}::text[], ${sql.param(numbers.map(({ text }) => text))}::text[]) u (key, text)
    where v.run_id = ${runId} and v.key = u.key`);
}

/** The number that a text is, where float64 holds it: `0.1`, `1e-05`, `-3`; null: it is none, or would lose digits. */
export function numberOf(text: string): number | null {
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) || text.length > 30) return null;
  const number = Number(text);
  if (!Number.isFinite(number) || Object.is(number, -0)) return null;
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? null : number;
}

/** The flat config of runs as texts, by the run's id; each run's in the order of keys. */
export async function readConfigTexts(db: Executor, runIds: string[]): Promise<Map<string, ConfigText[]>> {
  // a row a run: a thousand runs have twenty thousand values
  const rows = await db.execute<{ run: string; values: [string, string | null, number | null][] }>(sql`
    select run_id as run, json_agg(json_build_array(key, coalesce(given, whole, text), number) order by key) as values
    from run_values where run_id = any(${sql.param(runIds)}::uuid[]) group by run_id`);
  return new Map(
    rows.map(({ run, values }) => [
      run,
      values.map(([key, text, number]) => ({ key, text: text ?? (number === null ? "null" : String(number)) })),
    ]),
  );
}

/** Throws for a key that stands twice in one request. */
export function requireOnce(given: ConfigText[], field: string): void {
  const keys = given.map(({ key }) => key);
  const twice = [...new Set(keys.filter((key, at) => keys.indexOf(key) !== at))];
  if (twice.length > 0) throw invalid(field, `${JSON.stringify(twice)} stands twice; once is right`);
}
