/** A study as its page shows it: read and judged once for each state that it has had. */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { connections } from "../../../db/connection.ts";
import type { Actor } from "../../access/actor.ts";
import { authorise } from "../../access/permissions.ts";
import { BoundedMap } from "../../bounded-map.ts";
import type { Study } from "../../wire/studies/studies.ts";
import { factsOf, type StudyFacts } from "../facts/facts.ts";
import { type Made, makePanelsInTurn } from "../panels/panels.ts";
import { readStudy } from "./read-study.ts";

/** Curves and summaries are gone once the panels are made: they are most of it. */
export type StudyReview = Made & { facts: Omit<StudyFacts, "curves" | "summaries"> };

const REVIEWS_MAX = 16;
/** By study: what it was made of, and when that changes it is made anew. */
const known = new BoundedMap<string, Kept>(REVIEWS_MAX);
type Kept = { stamp: string; review: Promise<StudyReview>; until: number };

/** While trials run a study changes all the time: it is made anew after so many times what that takes. */
const REST = 9;

/** Of a study that the actor may read; who asks at the same time waits for the same answer. */
export async function readReview(actor: Actor, project: { id: string }, study: Study): Promise<StudyReview> {
  authorise(actor, "studies.read", project.id);
  const stamp = await stampOf(study);
  const before = known.get(study.id);
  if (before && (before.stamp === stamp || (study.status === "open" && performance.now() < before.until)))
    return before.review;
  const startedAt = performance.now();
  const kept: Kept = { stamp, review: makeReview(actor, project, study), until: Number.POSITIVE_INFINITY };
  const { review } = kept;
  known.set(study.id, kept);
  void review.then(
    () => {
      const endedAt = performance.now();
      kept.until = endedAt + REST * (endedAt - startedAt);
    },
    () => undefined,
  );
  // what couldn't be read is asked for again
  review.catch(() => known.delete(study.id));
  return review;
}

async function makeReview(actor: Actor, project: { id: string }, study: Study): Promise<StudyReview> {
  const facts = factsOf(await readStudy(actor, project, study));
  const made = await makePanelsInTurn(facts, () => setImmediate());
  const { curves: _, summaries: __, ...kept } = facts;
  return { ...made, facts: kept };
}

/** Names the state of a study: its plan, its trials, their runs and series, evaluations, and looks at its test split. */
async function stampOf(study: Study): Promise<string> {
  const [row] = await connections().db.execute<{ state: string }>(sql`
    select concat_ws(' ',
      (select md5(string_agg(concat_ws(' ', t.id, t.status, t.told, t.infeasible, t.stopped_by, r.status, r.name, r.notes,
          r.deleted_at, r.heartbeat_at, r.ended_at, s.count, s.step_last), ',' order by t.id))
        from trials t left join runs r on r.id = t.run_id
        left join series s on s.run_id = r.id and s.split = ${study.objective.split}
          and s.metric = ${study.objective.metric}
        where t.study_id = ${study.id}),
      (select max(e.id::text) from evaluations e join trials t on t.run_id = e.run_id where t.study_id = ${study.id}),
      (select count(*) from looks l join manifests m on m.test_digest = l.test_digest where m.id = ${study.manifest}),
      (select max(concat_ws(' ', p.concluded_at, p.approved_at)) from studies p join studies own
        on own.project_id = p.project_id where own.id = ${study.id})) as state`);
  return createHash("sha256")
    .update(JSON.stringify([study, row!.state]))
    .digest("base64url");
}
