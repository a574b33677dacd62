/** What a study has tried next: another seed of a configuration, or what its search chooses of all that came before. */
import { and, eq, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { studies, trials } from "../../db/schema/studies.ts";
import { type Actor, systemActor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { requireStill } from "../access/standing.ts";
import { noticeRun } from "../live/notices.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { insertTrial } from "../queue/new-trial.ts";
import { readTrials, type TrialRow } from "../queue/trials.ts";
import { type NewRun, prepareRun, runLike } from "../runs/new-run.ts";
import type { Search } from "../search/ask.ts";
import type { Trial as PastTrial } from "../search/history.ts";
import { askAside } from "../search/in-thread.ts";
import { InputError } from "../statistics/inputs.ts";
import { seedOf } from "../statistics/resampling/random.ts";
import type { Config } from "../wire/base/config.ts";
import type { StudyAssignment, StudyParameter, StudySearch } from "../wire/studies/parameters.ts";
import { trialsAddSchema } from "../wire/studies/studies.ts";
import type { Trial, TrialOrigin } from "../wire/studies/trials.ts";
import { configOf, requireValues, toSpace } from "./plan.ts";
import { configurationsOf, outcomeOf, readResults } from "./results.ts";
import { readRow, requireStudy, type StudyRow } from "./studies.ts";

/** Which trial comes next, before it is made. */
type Next = { number: number; replicate: number; values: StudyAssignment; origin: TrialOrigin };

/**
 * Makes the next trial of a study, waiting; null: its budget is spent, its grid has no further point, or it isn't open.
 * One at a time chooses, so that each knows of all before it.
 */
export const planTrial = (studyId: string): Promise<TrialRow | null> => inTurn(studyId, () => plan(studyId));

const turns = new Map<string, Promise<unknown>>();

/** In this process one at a time asks a study: who waits for its turn holds no connection. */
async function inTurn<Value>(studyId: string, work: () => Promise<Value>): Promise<Value> {
  const turn = (turns.get(studyId) ?? Promise.resolve()).then(work, work);
  turns.set(studyId, turn);
  try {
    return await turn;
  } finally {
    if (turns.get(studyId) === turn) turns.delete(studyId);
  }
}

async function plan(studyId: string): Promise<TrialRow | null> {
  const model = await modelRun(systemActor, studyId);
  const row = await connections().db.transaction(async (tx) => {
    const study = await lockStudy(tx, studyId);
    if (study?.status !== "open") return null;
    const next = await chooseNext(tx, study);
    return next && makeTrial(tx, systemActor, { study, next, model });
  });
  if (row) noticeRun(row.runId);
  return row;
}

/** What a study's runs have in common: prepared before its lock, as that reads by connections of its own. */
async function modelRun(actor: Actor, studyId: string): Promise<NewRun> {
  const { projectId: project, manifestId: manifest, base: config } = await readRow(studyId);
  return prepareRun(actor, { project, manifest, config, status: "queued" });
}

async function lockStudy(tx: Executor, id: string): Promise<StudyRow | undefined> {
  const [study] = await tx.select().from(studies).where(eq(studies.id, id)).for("update");
  return study;
}

type Place = { number: number; replicate: number; values: StudyAssignment; status: TrialRow["status"] };

/** Every place that was ever given out, cancelled ones too: none is given twice. */
async function readPlaces(tx: Executor, studyId: string): Promise<Place[]> {
  const rows = await tx
    .select({ number: trials.number, replicate: trials.replicate, values: trials.values, status: trials.status })
    .from(trials)
    .where(eq(trials.studyId, studyId))
    .orderBy(trials.number, trials.replicate);
  return rows.map(({ number, values, ...rest }) => ({ number: number!, values: values as StudyAssignment, ...rest }));
}

async function chooseNext(tx: Executor, study: StudyRow): Promise<Next | null> {
  const places = await readPlaces(tx, study.id);
  const seed = missingSeed(places, study.replicates);
  if (seed) return seed;
  const tried = new Set(places.filter(({ status }) => status !== "cancelled").map(({ number }) => number));
  if (tried.size >= study.trialsBudget || study.mode === "loop") return null;
  const { method, seed: searchSeed, steps } = study.search as StudySearch;
  const history = await readHistory(tx, study, places);
  const values = await askOf(study, history, { method, seed: searchSeed, steps, goal: study.direction });
  return values && { number: lastNumber(places) + 1, replicate: 0, values, origin: "search" };
}

/** A plan that was stored before it was held against its search is a conflict, and no fault of who asks. */
async function askOf(study: StudyRow, history: PastTrial[], search: Search): Promise<StudyAssignment | null> {
  try {
    return await askAside(toSpace(study.space as StudyParameter[]), history, search);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const detail = `${error.message}; make a study that follows this one`;
    throw new ProblemError("conflict", `space: ${detail}`, [{ field: "space", detail }], { cause: error });
  }
}

const lastNumber = (places: readonly Place[]): number => places.at(-1)?.number ?? 0;

/** Another seed of the first configuration that has too few. A cancelled seed isn't made good: somebody didn't want it. */
function missingSeed(places: readonly Place[], replicates: number): Next | null {
  const byNumber = new Map<number, Place[]>();
  for (const place of places) byNumber.set(place.number, [...(byNumber.get(place.number) ?? []), place]);
  for (const [number, seeds] of byNumber)
    if (seeds.length < replicates && seeds.some(({ status }) => status !== "cancelled"))
      return { number, replicate: seeds.at(-1)!.replicate + 1, values: seeds[0]!.values, origin: "replicate" };
  return null;
}

/** Configurations in the order of their numbers. A cancelled one keeps its place, so that no point is tried twice. */
async function readHistory(tx: Executor, study: StudyRow, places: readonly Place[]): Promise<PastTrial[]> {
  const { metric, split, direction } = study;
  const results = configurationsOf(await readResults(study.id, { metric, split, direction }, tx));
  const outcomes = new Map(results.map((one) => [one.number, outcomeOf(one)]));
  const firsts = new Map(places.map(({ number, values }) => [number, values]));
  return [...firsts].map(([number, values]) => ({ values, outcome: outcomes.get(number) ?? "pending" }));
}

/** The run of a trial is made with it: the base with the values, and a seed of its own. */
async function makeTrial(
  tx: Executor,
  actor: Actor,
  { study, next, model, priority = study.priority }: { study: StudyRow; next: Next; model: NewRun; priority?: number },
): Promise<TrialRow> {
  const { number, replicate, values, origin } = next;
  const config = configOf(study.base as Config, study.space as StudyParameter[], values);
  const seed = seedFor(study, next);
  if (Object.hasOwn(config, "seed")) config.seed = seed;
  const which = study.replicates > 1 || replicate > 0 ? `, seed ${seed}` : "";
  const run = runLike(model, { name: `study ${study.number}, trial ${number}${which}`, config, seed });
  return insertTrial(tx, actor, run, {
    studyId: study.id,
    number,
    replicate,
    values,
    origin,
    labels: study.labels,
    memoryGib: study.memoryGib,
    priority,
  });
}

/** The base's own seed and those after it; else one made of the search's seed and the trial's place. */
export function seedFor(study: Pick<StudyRow, "base" | "search">, { number, replicate }: Next | Place): number {
  const own = (study.base as Config).seed;
  // beyond the integers that are told apart two replicates would have one seed
  if (Number.isSafeInteger(own) && Number.isSafeInteger(Number(own) + replicate)) return Number(own) + replicate;
  // as programs take seeds: from 0 on
  return seedOf((study.search as StudySearch).seed, `trial ${number} seed ${replicate}`) >>> 0;
}

/** Queues trials of given values, or further seeds of a configuration. All or none. */
export async function addTrials(actor: Actor, studyId: string, input: unknown): Promise<Trial[]> {
  await requireStudy(actor, studyId, "trials.queue");
  const given = parse(trialsAddSchema, input);
  const model = await modelRun(actor, studyId);
  const rows = await connections().db.transaction(async (tx) => {
    const study = await lockStudy(tx, studyId);
    if (!study) throw new ProblemError("not-found", "the study was deleted");
    await requireStill(tx, actor, "trials.queue", study.projectId);
    requireAsking(study);
    const places = await readPlaces(tx, studyId);
    const nexts = "values" in given ? byHand(study, places, given.values) : furtherSeeds(places, given);
    const priority = ("values" in given ? given.priority : undefined) ?? study.priority;
    const made: TrialRow[] = [];
    for (const next of nexts) made.push(await makeTrial(tx, actor, { study, next, model, priority }));
    const detail = { trials: made.map(({ id }) => id) };
    await recordAct(tx, actor, {
      action: "study.add-trials",
      subject: `study:${studyId}`,
      projectId: study.projectId,
      detail,
    });
    return made;
  });
  for (const { runId } of rows) noticeRun(runId);
  const found = await readTrials(
    and(eq(trials.studyId, studyId), sql`${trials.id} = any(${sql.param(rows.map(({ id }) => id))}::uuid[])`)!,
    rows.length,
  );
  return found.reverse();
}

/** Makes a trial of given values, waiting; for a program that asks with values of its own. */
export async function addTrial(actor: Actor, studyId: string, values: StudyAssignment): Promise<Trial> {
  const [trial] = await addTrials(actor, studyId, { values: [values] });
  return trial!;
}

function requireAsking(study: StudyRow): void {
  if (study.status === "concluded")
    throw new ProblemError("conflict", "the study is concluded; make one that follows it");
  if (study.manifestId === null)
    throw new ProblemError("conflict", "manifest: the study names none; choose the split of its trials first", [
      { field: "manifest", detail: "is missing; choose the split that its trials are measured on" },
    ]);
}

function byHand(study: StudyRow, places: readonly Place[], all: readonly StudyAssignment[]): Next[] {
  for (const values of all) requireValues(study.space as StudyParameter[], values);
  return all.map((values, at) => ({ number: lastNumber(places) + 1 + at, replicate: 0, values, origin: "hand" }));
}

function furtherSeeds(places: readonly Place[], { replicatesOf, count }: { replicatesOf: number; count: number }) {
  const seeds = places.filter(({ number }) => number === replicatesOf);
  const last = seeds.at(-1);
  if (!last) throw invalid("replicatesOf", `the study has no trial ${replicatesOf}`);
  return Array.from({ length: count }, (_, at): Next => {
    const replicate = last.replicate + 1 + at;
    return { number: replicatesOf, replicate, values: last.values, origin: "replicate" };
  });
}
