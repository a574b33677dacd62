/** A loop as its page has it, and the runs that it may begin with. */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import type { Loop } from "../wire/studies/loops.ts";
import type { Study } from "../wire/studies/studies.ts";
import { findLoop } from "./loops.ts";
import { type LoopStory, type Spent, storyOf } from "./story.ts";

/** Null where the loop hasn't begun. */
export async function readStory(
  actor: Actor,
  study: Study,
  projectId: string,
): Promise<{ loop: Loop; story: LoopStory; again: Again | null } | null> {
  const loop = await findLoop(actor, study, projectId);
  if (!loop) return null;
  const story = storyOf(loop, study, await readSpent(study.id));
  return { loop, story, again: await readAgain(study.id, story.greedy.recipe) };
}

/** What further runs of the recipe came to that who keeps what is higher once would hold. */
export type Again = { mean: number; runs: number };

/** The run that it is claimed by isn't among them. Null: there are none. */
async function readAgain(studyId: string, recipe: string | null): Promise<Again | null> {
  if (recipe === null) return null;
  const [found] = await connections().db.execute<{ mean: number | null; runs: number }>(sql`
    select avg(value) as mean, count(*)::int as runs from (
      select l.value from loop_runs l
      where l.study_id = ${studyId} and l.recipe = ${recipe} and l.value is not null order by l.number offset 1) further`);
  return found?.mean == null ? null : { mean: found.mean, runs: found.runs };
}

type SpentRow = { number: number; runs: number; hours: number };

/** What was handed in up to each ruling: a run counts once, with the first ruling that it was handed in for. */
async function readSpent(studyId: string): Promise<Map<number, Spent>> {
  const rows = await connections().db.execute<SpentRow>(sql`
    with handed as (
      select h.run_id, min(g.number) as number from rulings g
      cross join lateral jsonb_array_elements_text(g.after -> 'handed') as h(run_id)
      where g.study_id = ${studyId} group by h.run_id
    )
    select coalesce(h.number, 0) as number, count(*)::int as runs,
      coalesce(sum(greatest(0, extract(epoch from r.ended_at - r.started_at)) / 3600), 0)::float8 as hours
    from loop_runs l
    left join handed h on h.run_id = l.run_id::text
    left join runs r on r.id = l.run_id
    where l.study_id = ${studyId}
    group by coalesce(h.number, 0)`);
  const spent = new Map<number, Spent>();
  let [runs, hours] = [0, 0];
  const found = new Map(rows.map((row) => [row.number, row]));
  for (let number = 0; number <= Math.max(0, ...found.keys()); number++) {
    runs += found.get(number)?.runs ?? 0;
    hours += found.get(number)?.hours ?? 0;
    spent.set(number, { runs, hours });
  }
  return spent;
}

export type FirstRun = { id: string; name: string; value: number };

const FIRSTS_MAX = 100;

/** Runs of the study's manifest that have ended with a value of its objective, the newest first, at most a hundred. */
export async function listFirstRuns(actor: Actor, study: Study, projectId: string): Promise<FirstRun[]> {
  authorise(actor, "runs.read", projectId);
  const { metric, split, direction } = study.objective;
  return connections().db.execute<FirstRun>(sql`
    select r.id, r.name, ${sql.raw(`s.${direction}`)} as value
    from runs r
    join series s on s.run_id = r.id and s.split = ${split} and s.metric = ${metric} and not s.quarantined
    where r.project_id = ${projectId} and r.deleted_at is null and r.status = 'finished'
      and r.manifest_id is not distinct from ${study.manifest}
      and ${sql.raw(`s.${direction}`)} is not null
    order by r.id desc limit ${FIRSTS_MAX}`);
}
