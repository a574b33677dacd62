/** Runs that a ruling asks for, queued with fresh seeds: none twice for one need. */
import { and, desc, eq, gt, inArray, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { loopRequests, loops, rulings, studies } from "../../db/schema/studies.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { requireStill } from "../access/standing.ts";
import { noticeRun } from "../live/notices.ts";
import { ProblemError } from "../problem.ts";
import { insertTrial } from "../queue/new-trial.ts";
import { recipeDigest, withSeed } from "../referee/recipe.ts";
import { type NewRun, prepareRun, runLike } from "../runs/new-run.ts";
import { requireRun } from "../runs/runs.ts";
import { seedOf } from "../statistics/resampling/random.ts";
import { readRow, requireStudy, type StudyRow } from "../studies/studies.ts";
import type { Config } from "../wire/base/config.ts";
import type { RunStatus } from "../wire/base/words.ts";
import type { AskedRuns } from "../wire/studies/loop-runs.ts";
import type { RulingFigures } from "../wire/studies/loops.ts";
import type { Study } from "../wire/studies/studies.ts";
import { isUnsummed, NO_CODE, withUnsummed } from "./handed-in.ts";
import { type KeptState, type LoopRow, type RulingRow, readState, requireLoop, ruleOf } from "./loops.ts";
import { readSides } from "./sides.ts";

const sides = ["candidate", "incumbent"] as const;
type Side = (typeof sides)[number];

/**
 * Queues what the ruling of that number asks for and doesn't wait yet, as runs by themselves. Called again it queues what
 * was cancelled or killed meanwhile. `candidate`: the number of one that was handed in as a config. Throws `conflict` where
 * a later ruling speaks of its candidate, or the incumbent changed.
 */
export async function queueAsked(
  actor: Actor,
  studyId: string,
  number: string | number,
  candidate: number | null = null,
): Promise<AskedRuns> {
  const study = await requireStudy(actor, studyId, "trials.queue");
  const loop = await requireLoop(studyId);
  const ruling = await requireRuling(studyId, Number(number));
  const row = await readRow(studyId);
  // read by connections of their own, so before the lock
  const models = {
    candidate: await modelOf(actor, row, ruling.runId),
    incumbent: await modelOf(actor, row, heldAt(ruling)),
  };
  const made = await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "trials.queue", loop.projectId);
    const [locked] = await tx.select().from(studies).where(eq(studies.id, studyId)).for("no key update");
    if (locked?.status === "concluded") throw refusal("the study is concluded");
    const state = await readState(tx, loop, study);
    await requireNewest(tx, ruling, state);
    const lacking = await readLacking(tx, { loop, ruling, state });
    const runs: string[] = [];
    // who asks by hand for the runs of one that was handed in as a config asks for that one's
    const handedIn = candidate ?? (await candidateOf(tx, ruling));
    for (const side of sides)
      for (let at = 0; at < lacking[side]; at++)
        runs.push(
          await queueOne(tx, actor, {
            row,
            loop,
            ruling: ruling.number,
            recipe: side === "candidate" ? ruling.recipe : (ruling.after as KeptState).incumbent.recipe,
            side,
            model: models[side],
            candidate: handedIn,
          }),
        );
    if (runs.length > 0)
      await recordAct(tx, actor, {
        action: "loop.queue-runs",
        subject: `study:${studyId}`,
        projectId: loop.projectId,
        detail: { ruling: ruling.number, runs },
      });
    return runs;
  });
  for (const run of made) noticeRun(run);
  return { study: studyId, ruling: ruling.number, queued: made.length, runs: await readAsked(loop, ruling) };
}

/** The number of the candidate whose run a ruling is about; null: it was handed in by its runs. */
async function candidateOf(tx: Executor, { studyId, runId }: RulingRow): Promise<number | null> {
  const [request] = await tx
    .select({ candidate: loopRequests.candidate })
    .from(loopRequests)
    .where(and(eq(loopRequests.studyId, studyId), eq(loopRequests.runId, runId)));
  return request?.candidate ?? null;
}

const refusal = (detail: string) => new ProblemError("conflict", `ruling: ${detail}`, [{ field: "ruling", detail }]);

async function requireRuling(studyId: string, number: number): Promise<RulingRow> {
  const isNumber = Number.isInteger(number) && number > 0 && number < 2 ** 31;
  const [row] = isNumber
    ? await connections()
        .db.select()
        .from(rulings)
        .where(and(eq(rulings.studyId, studyId), eq(rulings.number, number)))
    : [];
  if (!row) throw new ProblemError("not-found", `ruling: the loop has no ruling ${JSON.stringify(number)}`);
  return row;
}

const heldAt = ({ after }: RulingRow): string => (after as KeptState).incumbentRun;

async function modelOf(actor: Actor, { projectId: project }: StudyRow, runId: string): Promise<NewRun> {
  const { config, manifest } = await requireRun(actor, runId);
  return prepareRun(actor, { project, manifest, config, status: "queued" });
}

/** What an earlier ruling asked for may be there by now, or be of an incumbent that was replaced. */
async function requireNewest(tx: Executor, ruling: RulingRow, state: KeptState): Promise<void> {
  if (ruling.ruling !== "run-again") throw refusal(`ruling ${ruling.number} asks for no runs`);
  const [later] = await tx
    .select({ number: rulings.number })
    .from(rulings)
    .where(
      and(eq(rulings.studyId, ruling.studyId), eq(rulings.recipe, ruling.recipe), gt(rulings.number, ruling.number)),
    )
    .orderBy(desc(rulings.number))
    .limit(1);
  if (later) throw refusal(`ruling ${later.number} speaks of the same candidate, and stands in its place`);
  if ((ruling.after as KeptState).incumbent.recipe !== state.incumbent.recipe)
    throw refusal("the incumbent was replaced since; hand the candidate in once more");
}

type Place = { loop: LoopRow; ruling: RulingRow; state: KeptState };

/** How many of each side neither wait nor were handed in since. What other code trained is of another recipe, and counts as none. */
async function readLacking(tx: Executor, { loop, ruling, state }: Place): Promise<Record<Side, number>> {
  const { run, incumbent } = ruling.figures as RulingFigures;
  const waiting = await readWaiting(tx, loop, ruling);
  const beside = (await readSides(tx, loop.studyId, ruling.recipe, state)).incumbent.filter(
    ({ value }) => value !== null,
  );
  const since = state.incumbent.values.length + beside.length - incumbent.length;
  const { seedKeys } = ruleOf(loop);
  const of = (side: Side) => waiting.filter((one) => one.side === side && !isOther(one, seedKeys)).length;
  return {
    candidate: Math.max(0, (run?.candidate ?? 0) - of("candidate")),
    incumbent: Math.max(0, (run?.incumbent ?? 0) - since - of("incumbent")),
  };
}

type Waiting = {
  id: string;
  name: string;
  side: Side;
  seed: number;
  status: RunStatus;
  recipe: string;
  config: Config;
  manifest_id: string | null;
  code: string | null;
  has_begun: boolean;
};

/**
 * Runs queued for the candidate or the incumbent of a ruling that are to be handed in: what was stopped from outside isn't. One
 * whose last points aren't summed up yet counts as running: its value may still move.
 */
async function readWaiting(db: Executor, { studyId }: LoopRow, ruling: RulingRow): Promise<Waiting[]> {
  return db.execute<Waiting>(sql`${withUnsummed}
    select r.id, r.name, q.recipe,
      case when r.status = 'finished' and ${isUnsummed} then 'running' else r.status end as status, q.seed::float8 as seed, r.config, r.manifest_id,
      encode(r.code_digest, 'hex') as code, r.started_at is not null as has_begun,
      case when q.recipe = ${ruling.recipe} then 'candidate' else 'incumbent' end as side
    from loop_requests q
    join runs r on r.id = q.run_id
    join trials t on t.run_id = q.run_id
    where q.study_id = ${studyId} and q.project_id = r.project_id and r.deleted_at is null
      and q.recipe = any(${sql.param([ruling.recipe, (ruling.after as KeptState).incumbent.recipe])}::text[])
      and (t.status in ('queued', 'running') or r.status in ('finished', 'failed'))
      and not exists (select 1 from loop_runs h where h.study_id = q.study_id and h.run_id = q.run_id)
    order by q.run_id`);
}

type Queueing = {
  row: StudyRow;
  loop: LoopRow;
  /** Its number; 0: a candidate's first run, which no ruling asked for. */
  ruling: number;
  recipe: string;
  side: Side;
  model: NewRun;
  candidate: number | null;
};

/** Queues one run of a recipe, with a seed that none of those before it has. */
export async function queueOne(tx: Executor, actor: Actor, asked: Queueing): Promise<string> {
  const { row, loop, ruling, recipe, side, model, candidate } = asked;
  const { studyId, projectId } = loop;
  const { seedKeys } = ruleOf(loop);
  const before = await tx
    .select({ seed: loopRequests.seed })
    .from(loopRequests)
    .where(and(eq(loopRequests.studyId, studyId), inArray(loopRequests.recipe, [recipe])));
  // as programs take seeds: from 0 on
  const seed = seedOf(before.length, `${studyId} ${recipe}`) >>> 0;
  const config = withSeed(model.content.config, seedKeys, seed);
  const run = runLike(model, { name: `loop ${row.number}, ${side}, seed ${seed}`, config, seed });
  const { labels, memoryGib, priority } = row;
  await insertTrial(tx, actor, run, { origin: "replicate", labels, memoryGib, priority });
  await tx.insert(loopRequests).values({ studyId, runId: run.id, projectId, ruling, recipe, seed, candidate });
  return run.id;
}

/** What waits for the ruling now. */
async function readAsked(loop: LoopRow, ruling: RulingRow): Promise<AskedRuns["runs"]> {
  const { seedKeys } = ruleOf(loop);
  return (await readWaiting(connections().db, loop, ruling)).map((one) => ({
    run: one.id,
    name: one.name,
    of: one.side,
    seed: one.seed,
    status: one.status,
    isOther: isOther(one, seedKeys),
  }));
}

/** Whether its worker has other code. Known once it has begun. */
const isOther = ({ has_begun, recipe, code, manifest_id, config }: Waiting, seedKeys: readonly string[]): boolean =>
  has_begun && recipeDigest({ code: code ?? NO_CODE, manifest: manifest_id ?? "", config }, seedKeys) !== recipe;

/** A ruling that waits for runs. `lacking`: how many of them are neither queued nor there. */
export type OpenRuling = { ruling: number; run: string; lacking: number; runs: AskedRuns["runs"] };

const OPEN_MAX = 10;

/** Rulings that ask for runs and that no later one stands in the place of, the newest first, at most ten. */
export async function listOpenRulings(actor: Actor, study: Study, projectId: string): Promise<OpenRuling[]> {
  authorise(actor, "studies.read", projectId);
  const { db } = connections();
  const [loop] = await db.select().from(loops).where(eq(loops.studyId, study.id));
  if (!loop || study.status === "concluded") return [];
  const state = await readState(db, loop, study);
  const rows = await db
    .select()
    .from(rulings)
    .where(
      and(
        eq(rulings.studyId, study.id),
        eq(rulings.ruling, "run-again"),
        sql`${rulings.after} -> 'incumbent' ->> 'recipe' = ${state.incumbent.recipe}`,
        sql`not exists (select 1 from rulings n where n.study_id = ${rulings.studyId} and n.recipe = ${rulings.recipe}
          and n.number > ${rulings.number})`,
      ),
    )
    .orderBy(desc(rulings.number))
    .limit(OPEN_MAX);
  const open: OpenRuling[] = [];
  for (const ruling of rows) {
    const { candidate, incumbent } = await readLacking(db, { loop, ruling, state });
    const runs = await readAsked(loop, ruling);
    open.push({ ruling: ruling.number, run: ruling.runId, lacking: candidate + incumbent, runs });
  }
  return open;
}
