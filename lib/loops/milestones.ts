/**
 * Loops of milestones: a candidate is held provisionally where one run of it is ahead on validation, and after so many the
 * bundle of what was held is tested against the last confirmed recipe, on the referee split: one bit of it comes back.
 */
import type { Executor } from "../../db/connection.ts";
import { ProblemError } from "../problem.ts";
import { levelOf } from "../referee/loop.ts";
import { mean } from "../statistics/moments.ts";
import { validationSampleVariance } from "../statistics/replicates/sample-variance.ts";
import type { StudyRow } from "../studies/studies.ts";
import type { RulingAnswer, RulingFigures } from "../wire/studies/loops.ts";
import type { LoopRun } from "./handed-in.ts";
import { type KeptState, type LoopRow, type Provisional, ruleOf, type StoredFigures, settingsOf } from "./loops.ts";
import { readRefereeScores } from "./referee-scores.ts";
import { judgedBefore, readSides, type Sides } from "./sides.ts";
import { type Asker, store } from "./store.ts";
import { weigh } from "./weigh.ts";

type Place = { study: StudyRow; loop: LoopRow; handed: LoopRun[]; state: KeptState & { provisional: Provisional } };
type Told = { ruling: RulingAnswer["ruling"]; reason: RulingAnswer["reason"]; figures: StoredFigures };

/** Rules in a loop of milestones, under the study's lock. The runs are noted already. */
export async function ruleInMilestones(tx: Executor, asker: Asker, place: Place): Promise<RulingAnswer> {
  const { study, handed, state } = place;
  const { provisional, incumbent } = state;
  const held = [provisional.recipe, incumbent.recipe];
  const candidates = [...new Set(handed.map(({ recipe }) => recipe))].filter((one) => !held.includes(one));
  if (candidates.length > 1)
    throw new ProblemError("conflict", `runs: they are of ${candidates.length} candidates; hand them in one by one`);
  if (isDue(place)) return ruleOnBundle(tx, asker, { ...place, isAsked: candidates.length === 0 });
  const [recipe = handed[0]!.recipe] = candidates;
  const sides = await readSides(tx, study.id, recipe, state);
  const told =
    candidates.length === 0
      ? { ruling: "refused" as const, reason: "seed-only" as const, figures: figuresOf(state, place, sides) }
      : await hold(tx, place, { recipe, sides });
  const after = { ...state, provisional: afterHolding(provisional, { recipe, sides }, told) };
  const run = sides.candidate[0]?.runId ?? handed[0]!.runId;
  return store(tx, asker, { ...place, recipe, run, ...told, after });
}

/** Whether no candidate is ruled on before the bundle is. */
export const isDue = ({ loop, state }: { loop: LoopRow; state: KeptState }): boolean =>
  state.provisional !== undefined &&
  state.provisional.judged >= (ruleOf(loop).milestones?.every ?? Number.POSITIVE_INFINITY) &&
  state.provisional.recipe !== state.incumbent.recipe;

const figuresOf = (state: KeptState, { loop }: Pick<Place, "loop">, { candidate }: Sides): RulingFigures => ({
  level: levelOf({ ...state, judged: new Map() }, settingsOf(ruleOf(loop))),
  candidate: candidate.map(({ value }) => value),
  incumbent: state.provisional?.value == null ? [] : [state.provisional.value],
  noiseFloor: null,
  screened: null,
  test: null,
  samples: null,
  run: null,
});

/** Greedily, by the candidate's first run that has a value. */
async function hold(tx: Executor, place: Place, { recipe, sides }: { recipe: string; sides: Sides }): Promise<Told> {
  const { study, state } = place;
  const figures = figuresOf(state, place, sides);
  if (await judgedBefore(tx, study.id, recipe, state)) return { ruling: "discard", reason: "history", figures };
  const first = sides.candidate.find(({ value }) => value !== null)?.value ?? null;
  if (first === null)
    return sides.candidate.length > 1
      ? { ruling: "discard", reason: "crashed", figures }
      : { ruling: "run-again", reason: "unscreened", figures: { ...figures, run: { candidate: 1, incumbent: 0 } } };
  const before = state.provisional.value;
  const isAhead = before === null || (study.direction === "max" ? first > before : first < before);
  return isAhead ? { ruling: "keep", reason: "ahead", figures } : { ruling: "discard", reason: "behind", figures };
}

function afterHolding(
  provisional: Provisional,
  { recipe, sides }: { recipe: string; sides: Sides },
  { ruling, reason }: Told,
): Provisional {
  if (ruling === "run-again" || ruling === "refused" || reason === "history") return provisional;
  const judged = provisional.judged + 1;
  if (ruling !== "keep") return { ...provisional, judged };
  const { runId: run, value } = sides.candidate.find((one) => one.value !== null)!;
  return { ...provisional, recipe, run, value, judged };
}

/** By fresh runs of the bundle and of the confirmed recipe. `isAsked`: runs of them were handed in, and no candidate's. */
async function ruleOnBundle(tx: Executor, asker: Asker, place: Place & { isAsked: boolean }): Promise<RulingAnswer> {
  const { study, loop, state, isAsked } = place;
  const { provisional } = state;
  const { recipe, run } = provisional;
  const read = await readSides(tx, study.id, recipe, state);
  // the run that was chosen by its value says nothing of the recipe
  const fresh = { ...read, candidate: read.candidate.filter(({ runId }) => runId !== run) };
  const scores = await readRefereeScores(
    tx,
    [...fresh.candidate, ...fresh.incumbent].map(({ runId }) => runId),
  );
  if (isAsked) requireScores(place.handed, [...fresh.candidate, ...fresh.incumbent], scores);
  const sides = { candidate: scored(fresh.candidate, scores), incumbent: scored(fresh.incumbent, scores) };
  const known = await readRefereeScores(tx, state.valued ?? []);
  const all = new Map([...known, ...scores]);
  const told = await weigh(state, { recipe, sides, earlier: null }, loop, async ({ candidate, incumbent }) => {
    const columns = (runs: { runId: string }[]) => runs.map(({ runId }) => all.get(runId)!);
    const spread = validationSampleVariance(columns(candidate), columns(incumbent));
    return "undefined" in spread ? null : { variance: spread.variance, count: spread.n };
  });
  const figures: StoredFigures = { ...told.figures, isHidden: true };
  const { ruling, reason } = told.ruling;
  if (ruling === "run-again") {
    const why = isAsked ? reason : "milestone";
    return store(tx, asker, { ...place, recipe, run, ruling, reason: why, figures, after: { ...state } });
  }
  if (ruling === "keep") {
    const after = {
      ...told.after,
      counted: [...told.after.counted, run],
      provisional: { ...provisional, judged: 0, confirmedValue: provisional.value },
    };
    return store(tx, asker, { ...place, recipe, run, ruling, reason: "confirmed", figures, after });
  }
  // every other ruling reads alike: the bundle isn't shown to be ahead
  const { confirmedValue } = provisional;
  const back = { recipe: state.incumbent.recipe, run: state.incumbentRun, value: confirmedValue };
  const after = { ...told.after, provisional: { ...back, judged: 0, confirmedValue } };
  return store(tx, asker, { ...place, recipe, run, ruling: "discard", reason: "rolled-back", figures, after });
}

/** Runs by their mean on the referee split; one that crashed stays one, one without predictions isn't there yet. */
const scored = (runs: LoopRun[], scores: ReadonlyMap<string, Float64Array>): LoopRun[] =>
  runs.flatMap((run) => {
    const found = scores.get(run.runId);
    if (run.value === null) return [run];
    return found ? [{ ...run, value: mean(found) }] : [];
  });

function requireScores(handed: LoopRun[], fresh: LoopRun[], scores: ReadonlyMap<string, Float64Array>): void {
  const wanted = new Set(fresh.map(({ runId }) => runId));
  const lacking = handed.find(({ runId, value }) => wanted.has(runId) && value !== null && !scores.has(runId));
  if (!lacking) return;
  const detail = `${lacking.runId} has sent no predictions of the referee split: POST …/runs/${lacking.runId}/referee-predictions`;
  throw new ProblemError("conflict", `runs: ${detail}`, [{ field: "runs", detail }]);
}
