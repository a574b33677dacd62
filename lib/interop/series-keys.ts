/** The names by which a client logs series, where the name says the split: each is read back as it was written. */
import { sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { storedSplit } from "../metrics/stored-split.ts";
import { type KeyPrefixes, seriesOfKey } from "../wire/points/key-rule.ts";
import { type SeriesName, seriesKey } from "../wire/points/series-name.ts";

/** How a series goes by in a protocol without splits, unless its client named it: `loss`, `validation/loss`. */
export const plainKey = ({ split, metric }: SeriesName): string => (split === null ? metric : `${split}/${metric}`);

/** The series of a run whose client gave them a name, by `seriesKey`. */
export async function readSeriesKeys(runIds: string[]): Promise<Map<string, Map<string, string>>> {
  const rows = await connections().db.execute<{ run_id: string; key: string; split: string; metric: string }>(sql`
    select run_id, key, split, metric from series_keys where run_id = any(${sql.param(runIds)}::uuid[])`);
  const runs = new Map<string, Map<string, string>>();
  for (const { run_id, key, split, metric } of rows) {
    const names = runs.get(run_id) ?? new Map<string, string>();
    runs.set(run_id, names.set(seriesKey({ split: splitOf(split), metric }), key));
  }
  return runs;
}

const splitOf = (stored: string): SeriesName["split"] => (stored === "none" ? null : (stored as SeriesName["split"]));

/**
 * The series that a run's client means by each key: what it meant before, or by the project's prefixes. A series is one
 * key's: where two keys mean one, as `val_loss` and `eval_loss`, the second gets a series of its own, of the same split and
 * its whole name.
 */
export async function claimKeys(
  tx: Executor,
  runId: string,
  keys: string[],
  prefixes: KeyPrefixes,
): Promise<Map<string, SeriesName>> {
  const known = await readNames(tx, runId, keys);
  const rule = (key: string) => seriesOfKey(key, prefixes);
  const open = keys.filter((key) => !known.has(key) && rule(key).split !== null);
  const named = await insertKeys(tx, runId, open, rule);
  const whole = (key: string) => ({ split: rule(key).split, metric: key });
  const others = await insertKeys(
    tx,
    runId,
    open.filter((key) => !named.has(key)),
    whole,
  );
  return new Map(keys.map((key) => [key, known.get(key) ?? named.get(key) ?? others.get(key) ?? rule(key)]));
}

/** What keys have meant in the run so far: those with a split that a client gave, and series of no split. */
async function readNames(tx: Executor, runId: string, keys: string[]): Promise<Map<string, SeriesName>> {
  const rows = await tx.execute<{ key: string; split: string; metric: string }>(sql`
    select metric as key, split, metric from series
      where run_id = ${runId} and split = 'none' and metric = any(${sql.param(keys)}::text[])
    union all select key, split, metric from series_keys
      where run_id = ${runId} and key = any(${sql.param(keys)}::text[])`);
  return new Map(rows.map(({ key, split, metric }) => [key, { split: splitOf(split), metric }]));
}

/** Takes what is free, and returns what each key has now. */
async function insertKeys(
  tx: Executor,
  runId: string,
  keys: string[],
  nameOf: (key: string) => SeriesName,
): Promise<Map<string, SeriesName>> {
  if (keys.length === 0) return new Map();
  const names = keys.map(nameOf);
  await tx.execute(sql`
    insert into series_keys (run_id, key, split, metric)
    select ${runId}::uuid, u.key, u.split, u.metric
    from unnest(${sql.param(keys)}::text[], ${sql.param(names.map(({ split }) => storedSplit(split)))}::text[],
      ${sql.param(names.map(({ metric }) => metric))}::text[]) u (key, split, metric)
    on conflict do nothing`);
  const rows = await tx.execute<{ key: string; split: string; metric: string }>(sql`
    select key, split, metric from series_keys where run_id = ${runId} and key = any(${sql.param(keys)}::text[])`);
  return new Map(rows.map(({ key, split, metric }) => [key, { split: splitOf(split), metric }]));
}
