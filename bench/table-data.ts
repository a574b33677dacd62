/** A project with so many runs, as the tables hold them once each run has ended: 20 config keys and 20 metrics a run. */
import type { Sql } from "postgres";
import { v7 as uuidv7 } from "uuid";

/** How a config key's values come from a number in [0, 1) that the seed fixes; `n` is the run's number. */
const configKeys: [key: string, number: string, text: string][] = [
  ["optimizer", "null", "(array['adam', 'adamw', 'rmsprop', 'sgd'])[1 + floor(u * 4)::int]"],
  ["dataset", "null", "'set-' || floor(u * 1000)::int"],
  ["note", "null", "'run number ' || n"],
  ["augment", "null", "case when u < 0.5 then 'true' else 'false' end"],
  ["learningRate", "1e-5 * 10 ^ (4 * u)", "null"],
  ["batchSize", "2 ^ (4 + floor(u * 6))", "null"],
  ["model.layers", "1 + floor(u * 50)", "null"],
  ...Array.from({ length: 13 }, (_, index): [string, string, string] => [`parameter${index}`, "u", "null"]),
];
export const metricNames = ["accuracy", "loss", ...Array.from({ length: 18 }, (_, index) => `metric${index}`)];
export const configNames = configKeys.map(([key]) => key);

const RUNS_A_STATEMENT = 10_000;
/** 5 January 2026, 8:00 UTC, in seconds since 1970: the first run; one a minute follows. */
const STARTED_S = 1_767_600_000;

/** Writes `count` runs into a new project, as the owner of the database; returns the project's id. */
export async function writeRuns(sql: Sql, { count, seed }: { count: number; seed: number }): Promise<string> {
  const project = uuidv7();
  const slug = `table-${count}`;
  await sql`insert into projects (id, slug, name) values (${project}, ${slug}, ${slug})`;
  for (let from = 0; from < count; from += RUNS_A_STATEMENT) {
    const to = Math.min(count, from + RUNS_A_STATEMENT) - 1;
    await sql.unsafe(`insert into runs (id, project_id, name, status, config, seed, creation_hash, created_at, started_at,
        heartbeat_at, ended_at, created_by, best_step, replicate_key)
      select (lpad(to_hex(${STARTED_S}000 + n * 60000), 12, '0') || '7' || substr(md5('${project}' || n), 1, 3) || 'a'
          || substr(md5('${project}' || n), 4, 15))::uuid,
        '${project}', (array['cnn', 'rnn', 'unet', 'mlp'])[1 + n % 4] || '-' || n,
        (array['finished', 'finished', 'finished', 'failed', 'killed'])[1 + floor(${uniform(seed, 900)} * 5)::int],
        '{}', n % 10, '', at, at, at + took, at + took, 'bench', 900, sha256(int8send(n / 5))
      from generate_series(${from}::bigint, ${to}) n,
        lateral (select to_timestamp(${STARTED_S} + n * 60) as at, make_interval(secs => ${uniform(seed, 901)} * 36000) as took) t`);
    const chosen = `(select id, (extract(epoch from created_at)::bigint - ${STARTED_S}) / 60 as n from runs
      where project_id = '${project}' and id >= ${idFrom(from)} and id < ${idFrom(to + 1)}) r`;
    // those of a run side by side, as the app writes them
    await sql.unsafe(`insert into run_values (run_id, project_id, key, number, text)
      select r.id, '${project}', c.key, c.number, c.text
      from ${chosen}, lateral (${unionAll(
        configKeys.map(
          ([key, number, text], index) =>
            `select '${key}' as key, (${number})::float8 as number, (${text})::text as text from (select ${uniform(seed, index)} as u) v`,
        ),
      )}) c order by r.n`);
    await sql.unsafe(`insert into series (run_id, number, project_id, split, metric, quarantined, count, non_finite_count,
        overwritten_count, step_last, last, min, min_step, max, max_step, sum, at_best)
      select id, number, '${project}', 'validation', metric, false, 1000, 0, 0, 999, u, u * v, 500, u + (1 - u) * v, 900,
        1000 * u, u + (1 - u) * v * 0.9
      from ${chosen}, lateral (${unionAll(
        metricNames.map(
          (metric, index) =>
            `select ${index + 1} as number, '${metric}' as metric, ${uniform(seed, 100 + index)} as u, ${uniform(seed, 200 + index)} as v`,
        ),
      )}) w order by r.n, number`);
  }
  await sql`update runs r set config = c.config from (
    select run_id, jsonb_object_agg(key, coalesce(to_jsonb(number), to_jsonb(text))) as config
    from run_values where project_id = ${project} group by run_id) c where r.id = c.run_id`;
  return project;
}

const unionAll = (queries: string[]): string => queries.join(" union all ");

/** SQL for the least id that the run of that number may have. */
const idFrom = (run: number): string =>
  `(lpad(to_hex(${STARTED_S}000 + ${run} * 60000::bigint), 12, '0') || repeat('0', 20))::uuid`;

/** SQL for a number in [0, 1) that depends on the run's number, the seed and which of them it is, alone. */
const uniform = (seed: number, which: number): string =>
  `((hashint8extended(n, ${seed * 1000 + which}) & 2147483647) / 2147483648.0)`;
