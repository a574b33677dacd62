/** Candidates that were handed in as configs, brought on: their runs queued, ruled on as they end, and answered. */
import { and, asc, desc, eq, gt, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { loopAnswers, loopCandidates, loopRuns, rulings } from "../../db/schema/studies.ts";
import { systemActor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { noticeRun } from "../live/notices.ts";
import { logError } from "../log.ts";
import { ProblemError } from "../problem.ts";
import { prepareRun } from "../runs/new-run.ts";
import type { StudyRow } from "../studies/studies.ts";
import type { Config } from "../wire/base/config.ts";
import type { RunStatus } from "../wire/base/words.ts";
import type { TrialStatus } from "../wire/studies/trials.ts";
import { type CandidateRow, whenShown } from "./candidates.ts";
import { isUnsummed, type LoopRun, readLoopRuns, recipeLike, withUnsummed } from "./handed-in.ts";
import { type KeptState, type LoopRow, type RulingRow, readState, requireLoop, ruleOf } from "./loops.ts";
import { queueAsked, queueOne } from "./queue-runs.ts";
import { lockStudy, ruleOnHanded } from "./rule.ts";
import { judgedBefore } from "./sides.ts";

/** Loops that one look brings on. */
const LOOPS_MAX = 200;

/** Brings each loop's oldest candidate that has no answer on. Called every few seconds by every server. */
export async function settleCandidates(): Promise<void> {
  const found = await connections().db.execute<{ study_id: string }>(sql`
    select l.study_id from loops l
    join studies s on s.id = l.study_id and s.status <> 'paused'
    join projects p on p.id = l.project_id and p.deleted_at is null
    where exists (select from loop_candidates c where c.study_id = l.study_id and c.number >
      coalesce((select max(a.number) from loop_answers a where a.study_id = l.study_id), 0))
    limit ${LOOPS_MAX}`);
  for (const { study_id: studyId } of found)
    try {
      while (await settleNext(studyId));
    } catch (error) {
      // one loop that can't go on keeps no other waiting
      logError(`the candidates of study ${studyId} wait`, String(error));
    }
}

type Verdict = { ruling: "keep" | "discard"; reason: string };
type Step = { answer: Verdict } | { ask: number } | { queued: string } | "wait";
type Place = { study: StudyRow; loop: LoopRow; candidate: CandidateRow };

/** One step of the oldest candidate without an answer. True: it has one now. */
async function settleNext(studyId: string): Promise<boolean> {
  const loop = await requireLoop(studyId);
  const { db } = connections();
  const done = await db.transaction(async (tx) => {
    const study = await lockStudy(tx, studyId);
    const candidate = await nextCandidate(tx, studyId);
    if (!candidate) return null;
    const place = { study, loop, candidate };
    const step = await nextStep(tx, place);
    if (typeof step === "object" && "answer" in step) await answer(tx, place, step.answer);
    return { place, step };
  });
  if (!done || done.step === "wait") return false;
  const { place, step } = done;
  if ("answer" in step) return true;
  if ("queued" in step) noticeRun(step.queued);
  return "ask" in step && !(await isAskedFor(place, step.ask)) && answerUnlessThere(place, notRun);
}

/** Queues what a ruling asks for. False: nothing is lacking and nothing waits, so that the ruling would be asked for ever. */
async function isAskedFor({ study, candidate }: Place, ruling: number): Promise<boolean> {
  try {
    const { queued, runs } = await queueAsked(systemActor, study.id, ruling, candidate.number);
    return queued > 0 || runs.some(({ status }) => status === "queued" || status === "running");
  } catch (error) {
    // the incumbent was replaced, or the study concluded, a moment ago: the next look sees it
    if (error instanceof ProblemError && error.kind === "conflict") return true;
    throw error;
  }
}

const discard = (reason: string): Verdict => ({ ruling: "discard", reason });
/** Its runs can't be made as they are asked for: of another code, cancelled again and again, of a manifest that is blocked. */
const notRun = discard("not-run");

async function nextCandidate(tx: Executor, studyId: string): Promise<CandidateRow | undefined> {
  const answered = sql`coalesce((select max(a.number) from loop_answers a where a.study_id = ${studyId}::uuid), 0)`;
  const [row] = await tx
    .select()
    .from(loopCandidates)
    .where(and(eq(loopCandidates.studyId, studyId), gt(loopCandidates.number, answered)))
    .orderBy(asc(loopCandidates.number))
    .limit(1);
  return row;
}

async function nextStep(tx: Executor, place: Place): Promise<Step> {
  const { study, loop } = place;
  if (study.status === "concluded") return { answer: discard("concluded") };
  const made = await readMade(tx, place);
  if (made.some(isAwaited)) return "wait";
  const rule = ruleOf(loop);
  if (made.length > RUNS_FACTOR * (rule.seeds + rule.incumbentMax)) return { answer: notRun };
  const state = await readState(tx, loop, { objective: study });
  if (!made.some(({ side, status }) => side === "candidate" && isOver(status))) return begin(tx, place, state);
  const ended = made.filter(({ status }) => isOver(status));
  const handed = await readEnded(tx, study, ended, rule.seedKeys);
  return handed ? ruleOnEnded(tx, place, { state, made: ended, handed }) : { answer: discard("no-value") };
}

/** So many times the runs that a candidate takes at most are made before it is given up. */
const RUNS_FACTOR = 3;

type Made = { id: string; side: "candidate" | "incumbent"; status: RunStatus; trial: TrialStatus };

/**
 * The runs that were queued for a candidate, the oldest first. What was deleted counts as stopped from outside, and what isn't
 * summed up yet as running.
 */
const readMade = (tx: Executor, { study, candidate }: Place): Promise<Made[]> =>
  tx.execute<Made>(sql`${withUnsummed}
    select r.id, case when ${isUnsummed} then 'running' else t.status end as trial,
      case when r.deleted_at is not null then 'killed' when ${isUnsummed} then 'running' else r.status end as status,
      case when q.ruling = 0 or q.recipe = n.recipe then 'candidate' else 'incumbent' end as side
    from loop_requests q
    join runs r on r.id = q.run_id
    join trials t on t.run_id = q.run_id
    left join rulings n on n.study_id = q.study_id and n.number = q.ruling
    where q.study_id = ${study.id} and q.candidate = ${candidate.number}::int order by q.run_id`);

const isOver = (status: RunStatus): boolean => status === "finished" || status === "failed";
const isAwaited = ({ status, trial }: Made): boolean =>
  !isOver(status) && (trial === "queued" || trial === "running") && status !== "killed";

/** What is known without a run is answered; else its first run is queued. */
async function begin(tx: Executor, { study, loop, candidate }: Place, state: KeptState): Promise<Step> {
  const config = candidate.config as Config;
  const { seedKeys } = ruleOf(loop);
  const recipe = await recipeLike(loop.projectId, state.incumbentRun, { config, seedKeys });
  if (recipe === state.incumbent.recipe) return { answer: discard("seed-only") };
  if (await judgedBefore(tx, study.id, recipe, state)) return { answer: discard("history") };
  try {
    const project = loop.projectId;
    const model = await prepareRun(systemActor, { project, manifest: study.manifestId, config, status: "queued" });
    const asked = {
      row: study,
      loop,
      ruling: 0,
      recipe,
      side: "candidate",
      model,
      candidate: candidate.number,
    } as const;
    return { queued: await queueOne(tx, systemActor, asked) };
  } catch (error) {
    if (error instanceof ProblemError) return { answer: notRun };
    throw error;
  }
}

/** Null: one of them finished without a value of the objective. */
async function readEnded(
  tx: Executor,
  study: StudyRow,
  ended: Made[],
  seedKeys: readonly string[],
): Promise<LoopRun[] | null> {
  try {
    const ids = ended.map(({ id }) => id);
    return await readLoopRuns(tx, study, ids, seedKeys);
  } catch (error) {
    if (error instanceof ProblemError) return null;
    throw error;
  }
}

type Ended = { state: KeptState; made: Made[]; handed: LoopRun[] };

async function ruleOnEnded(tx: Executor, place: Place, { state, made, handed }: Ended): Promise<Step> {
  const { study, loop, candidate } = place;
  const isCandidates = (at: number) => made[at]!.side === "candidate";
  const { recipe } = handed.find((_, at) => isCandidates(at))!;
  // runs of other code than the first one's, or the incumbent's, are of other recipes
  const taken = handed.filter((run, at) => run.recipe === (isCandidates(at) ? recipe : state.incumbent.recipe));
  const last = await lastRuling(tx, study.id, recipe);
  const isSettled = last?.ruling === "run-again" && heldAt(last) === state.incumbent.recipe;
  if (isSettled && (await areKnown(tx, study.id, taken))) return { ask: last.number };
  const { handedBy: name, handedByActor: key, isBlind } = candidate;
  const told = await ruleOnHanded(tx, { actor: systemActor, name, key, isBlind }, { study, loop, handed: taken });
  if (told.ruling === "run-again") return { ask: told.number! };
  return { answer: { ruling: told.ruling === "keep" ? "keep" : "discard", reason: told.reason } };
}

const heldAt = ({ after }: RulingRow): string => (after as KeptState).incumbent.recipe;

async function lastRuling(tx: Executor, studyId: string, recipe: string): Promise<RulingRow | undefined> {
  const [last] = await tx
    .select()
    .from(rulings)
    .where(and(eq(rulings.studyId, studyId), eq(rulings.recipe, recipe)))
    .orderBy(desc(rulings.number))
    .limit(1);
  return last;
}

/** Whether all of them were handed in before. */
async function areKnown(tx: Executor, studyId: string, runs: LoopRun[]): Promise<boolean> {
  const ids = sql.param(runs.map(({ runId }) => runId));
  const known = await tx
    .select({ runId: loopRuns.runId })
    .from(loopRuns)
    .where(and(eq(loopRuns.studyId, studyId), sql`${loopRuns.runId} = any(${ids}::uuid[])`));
  return known.length === runs.length;
}

async function answerUnlessThere({ study, loop, candidate }: Place, verdict: Verdict): Promise<boolean> {
  await connections().db.transaction(async (tx) => {
    const locked = await lockStudy(tx, study.id);
    const next = await nextCandidate(tx, study.id);
    if (next?.number === candidate.number) await answer(tx, { study: locked, loop, candidate }, verdict);
  });
  return true;
}

async function answer(tx: Executor, { study, loop, candidate }: Place, { ruling, reason }: Verdict): Promise<void> {
  const { number, handedAt } = candidate;
  const answeredAt = new Date();
  const shown = whenShown(handedAt, answeredAt, ruleOf(loop).answerAfterMinutes);
  const { projectId } = loop;
  await tx.insert(loopAnswers).values({ studyId: study.id, number, projectId, ruling, reason, answeredAt, ...shown });
  const detail = { candidate: number, ruling, reason };
  await recordAct(tx, systemActor, { action: "loop.answer", subject: `study:${study.id}`, projectId, detail });
}
