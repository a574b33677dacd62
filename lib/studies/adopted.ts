/** What a study adopted of its loop: the recipe that the loop held when it was concluded. */
import { sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { invalid } from "../problem.ts";
import { withoutSeeds } from "../referee/recipe.ts";
import type { Config } from "../wire/base/config.ts";

/** Of a loop of milestones it is the confirmed recipe. */
export type Incumbent = { run: string; name: string };

/** Null: the study's loop hasn't begun, or it has none. The name of a purged run is what is left of it. */
export async function findIncumbent(studyId: string, db: Executor = connections().db): Promise<Incumbent | null> {
  const [found] = await db.execute<Incumbent>(sql`
    select held.run, coalesce(r.name, t.name, held.run::text) as name from (
      select coalesce((g.after ->> 'incumbentRun')::uuid, l.first_run_id) as run from loops l
      left join lateral (
        select after from rulings where study_id = l.study_id order by number desc limit 1) g on true
      where l.study_id = ${studyId}) held
    left join runs r on r.id = held.run
    left join tombstones t on t.id = held.run`);
  return found ?? null;
}

/** Throws `invalid` unless the run is the incumbent's. Under the study's lock, so that no ruling comes between. */
export async function requireIncumbent(tx: Executor, studyId: string, run: string): Promise<void> {
  const incumbent = await findIncumbent(studyId, tx);
  if (!incumbent) throw invalid("chosenRun", "the study has no loop that has begun; chosenTrial names what it adopts");
  if (incumbent.run !== run)
    throw invalid("chosenRun", `${run} is not the run of what the loop holds, which is ${incumbent.run}`);
}

/** The config without its seeds, and what the recipe's runs came to, but for one by whose value it was chosen. */
export type AdoptedRun = { config: Config; results: number[] };
type Row = { study: string; config: Config | null; seed_keys: string[] | null; results: number[] };

/** By study, of those that adopted their loop's incumbent. A purged run's config is what is left of it. */
export async function readAdoptedRuns(studyIds: readonly string[]): Promise<Map<string, AdoptedRun>> {
  if (studyIds.length === 0) return new Map();
  const rows = await connections().db.execute<Row>(sql`
    select s.id as study, coalesce(r.config, t.config) as config, l.rule -> 'seedKeys' as seed_keys,
      coalesce((
        select jsonb_agg(h.value order by h.number) from loop_runs h
        where h.study_id = s.id and h.recipe = own.recipe and h.value is not null
          and (g.valued is null or g.valued @> to_jsonb(h.run_id::text))), '[]') as results
    from studies s
    join loops l on l.study_id = s.id
    left join runs r on r.id = s.chosen_run_id
    left join tombstones t on t.id = s.chosen_run_id
    left join loop_runs own on own.study_id = s.id and own.run_id = s.chosen_run_id
    left join lateral (
      select after -> 'valued' as valued from rulings where study_id = s.id order by number desc limit 1) g on true
    where s.id = any(${sql.param([...studyIds])}::uuid[]) and s.chosen_run_id is not null`);
  return new Map(
    rows.flatMap(({ study, config, seed_keys, results }) =>
      config === null ? [] : [[study, { config: withoutSeeds(config, seed_keys ?? []), results }]],
    ),
  );
}
