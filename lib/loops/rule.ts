/** A candidate is handed in, and the referee rules: each ruling is a row, with the figures that it saw. */
import { desc, eq } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { rulings, studies } from "../../db/schema/studies.ts";
import { type Actor, actorKey } from "../access/actor.ts";
import { requireStill } from "../access/standing.ts";
import { ProblemError, parse } from "../problem.ts";
import { readRow, requireStudy, type StudyRow } from "../studies/studies.ts";
import { type RulingAnswer, rulingInputSchema } from "../wire/studies/loops.ts";
import type { Study } from "../wire/studies/studies.ts";
import { type LoopRun, readLoopRuns, recipeLike, sumUpRuns } from "./handed-in.ts";
import { type KeptState, type LoopRow, readState, requireLoop, ruleOf, toRuling } from "./loops.ts";
import { ruleInMilestones } from "./milestones.ts";
import { readSampleVariance } from "./samples.ts";
import { judgedBefore, keepRuns, readSides } from "./sides.ts";
import { type Asker, store } from "./store.ts";
import { weigh } from "./weigh.ts";

/** Rules on a candidate by its runs; or says of a config what is known before it is trained. */
export async function ruleOnCandidate(actor: Actor, studyId: string, input: unknown): Promise<RulingAnswer> {
  const study = await requireStudy(actor, studyId, "rulings.ask");
  const given = parse(rulingInputSchema, input);
  const loop = await requireLoop(studyId);
  return "ask" in given ? answerAsk(actor, { study, loop }, given.ask) : ruleByRuns(actor, { study, loop }, given.runs);
}

type Place = { study: Study; loop: LoopRow };

/** From history alone: nothing is written, and nothing spent. */
async function answerAsk(
  actor: Actor,
  { study, loop }: Place,
  { config, likeRun }: { config: Parameters<typeof recipeLike>[2]["config"]; likeRun: string },
): Promise<RulingAnswer> {
  const { seedKeys } = ruleOf(loop);
  const recipe = await recipeLike(loop.projectId, likeRun, { config, seedKeys });
  const { db } = connections();
  const state = await readState(db, loop, study);
  const told = { id: null, number: null, recipe, run: null, figures: null, askedBy: actor.name, ruledAt: null };
  if (recipe === state.incumbent.recipe) return { ...told, ruling: "refused", reason: "seed-only" };
  const earlier = await judgedBefore(db, loop.studyId, recipe, state);
  return earlier
    ? { ...told, ruling: earlier, reason: "history" }
    : { ...told, ruling: "run-again", reason: "unscreened" };
}

async function ruleByRuns(actor: Actor, { study, loop }: Place, ids: string[]): Promise<RulingAnswer> {
  const once = [...new Set(ids)];
  const row = await readRow(study.id);
  const { db } = connections();
  await sumUpRuns(once);
  const handed = await readLoopRuns(db, row, once, ruleOf(loop).seedKeys);
  return db.transaction(async (tx) => {
    await requireStill(tx, actor, "rulings.ask", loop.projectId);
    const locked = await lockStudy(tx, study.id);
    const same = await ruledLast(tx, study.id, once.sort());
    if (same) return same;
    if (locked.status === "concluded")
      throw new ProblemError("conflict", "the study is concluded; make one that follows it, with a loop of its own");
    return ruleOnHanded(
      tx,
      { actor, name: actor.name, key: actorKey(actor), isBlind: false },
      { study: locked, loop, handed },
    );
  });
}

/** One candidate at a time: the level of a place is known before its runs are looked at. */
export async function lockStudy(tx: Executor, id: string): Promise<StudyRow> {
  const [locked] = await tx.select().from(studies).where(eq(studies.id, id)).for("no key update");
  if (!locked) throw new ProblemError("not-found", "the study was deleted");
  return locked;
}

/** Rules by runs of one candidate, of the incumbent, or of both, under the study's lock. */
export async function ruleOnHanded(
  tx: Executor,
  asker: Asker,
  { study, loop, handed }: { study: StudyRow; loop: LoopRow; handed: LoopRun[] },
): Promise<RulingAnswer> {
  const state = await readState(tx, loop, { objective: study });
  await keepRuns(tx, loop, handed);
  const { provisional } = state;
  if (provisional) return ruleInMilestones(tx, asker, { study, loop, handed, state: { ...state, provisional } });
  const candidates = [...new Set(handed.map(({ recipe }) => recipe))].filter((one) => one !== state.incumbent.recipe);
  if (candidates.length > 1)
    throw new ProblemError(
      "conflict",
      `runs: they are of ${candidates.length} candidates; hand them in one after another`,
    );
  const recipe = candidates[0] ?? handed[0]!.recipe;
  const sides = await readSides(tx, study.id, recipe, state);
  const earlier = await judgedBefore(tx, study.id, recipe, state);
  const ruled = await weigh(state, { recipe, sides, earlier }, loop, (runs) => readSampleVariance(tx, study, runs));
  const run = sides.candidate[0]?.runId ?? handed[0]!.runId;
  const isOpen = state.isOpen || (candidates.length > 0 && !asker.isBlind);
  const { ruling, reason } = ruled.ruling;
  const { figures } = ruled;
  return store(tx, asker, { loop, handed, recipe, run, ruling, reason, figures, after: { ...ruled.after, isOpen } });
}

/** The same runs handed in once more, as where an answer was lost: the ruling that is there. Null: they are others. */
async function ruledLast(tx: Executor, studyId: string, handed: readonly string[]): Promise<RulingAnswer | null> {
  const [last] = await tx
    .select()
    .from(rulings)
    .where(eq(rulings.studyId, studyId))
    .orderBy(desc(rulings.number))
    .limit(1);
  return last && (last.after as KeptState).handed.join() === handed.join() ? toRuling(last) : null;
}
