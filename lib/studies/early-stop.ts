/** Renewals of a study's trials: the server hears of each within seconds, and there decides which one is hopeless. */
import { and, eq, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { series } from "../../db/schema/series.ts";
import { studies, trials } from "../../db/schema/studies.ts";
import { type Actor, systemActor } from "../access/actor.ts";
import { BoundedMap } from "../bounded-map.ts";
import { readPoints } from "../metrics/read-points.ts";
import { renewLease, stopTrial } from "../queue/lease.ts";
import { bestBy, type Curve, isBelowMedian, isHalved, rungsOf } from "../search/stopping.ts";
import { seriesKey } from "../wire/points/series-name.ts";
import type { StudyStopping } from "../wire/studies/parameters.ts";
import type { Renewal } from "../wire/studies/trials.ts";
import { readResults, type TrialResult } from "./results.ts";
import type { StudyRow } from "./studies.ts";

/** As `renewLease`; a trial that the study's rule finds hopeless is told to stop. */
export async function renewTrial(actor: Actor, id: string, input: unknown): Promise<Renewal> {
  const renewal = await renewLease(actor, id, input);
  if (renewal.signal !== "none") return renewal;
  const rule = await hopelessBy(id);
  if (rule === null) return renewal;
  await stopTrial(id, rule);
  return { ...renewal, signal: "stop" };
}

const REMEMBERED_MAX = 10_000;
/** The step up to which a trial was judged in this process: it is judged anew once there is a later one. */
const judged = new BoundedMap<string, number>(REMEMBERED_MAX);

/** The rule by which a trial is hopeless now; null: none says so. */
async function hopelessBy(trialId: string): Promise<StudyStopping["rule"] | null> {
  const [found] = await connections()
    .db.select({ study: studies, step: series.stepLast })
    .from(trials)
    .innerJoin(studies, eq(studies.id, trials.studyId))
    .innerJoin(
      series,
      and(
        eq(series.runId, trials.runId),
        eq(series.split, studies.split),
        eq(series.metric, studies.metric),
        eq(series.quarantined, false),
      ),
    )
    .where(and(eq(trials.id, trialId), sql`${studies.stopping} ->> 'rule' <> 'none'`));
  const before = judged.get(trialId) ?? -1;
  if (!found || found.step === null || found.step <= before) return null;
  judged.set(trialId, found.step);
  return (await isHopeless(trialId, found.study, { from: before, to: found.step }))
    ? (found.study.stopping as StudyStopping).rule
    : null;
}

async function isHopeless(trialId: string, study: StudyRow, steps: { from: number; to: number }): Promise<boolean> {
  const stopping = study.stopping as StudyStopping;
  if (stopping.rule === "none") return false;
  const { metric, split, direction: goal } = study;
  const results = await readResults(study.id, { metric, split, direction: goal });
  const own = results.find(({ id }) => id === trialId);
  if (!own) return false;
  const others = results.filter(({ id, run }) => id !== trialId && run !== null && !run.isDeleted);
  if (stopping.rule === "median") {
    const ended = others.filter((one) => hasEnded(one) && reaches(one, steps.to));
    if (ended.length < stopping.trialsMin || steps.to < stopping.warmUp) return false;
    const curves = await readCurves(study, [own, ...ended]);
    return isBelowMedian(curves[0]!, curves.slice(1), { ...stopping, goal, step: steps.to });
  }
  // each rung is looked at once, when the trial has come to it
  const rungs = rungsOf(stopping).filter((rung) => rung > steps.from && rung <= steps.to);
  for (const rung of rungs) {
    const curves = await readCurves(study, [own, ...others.filter((one) => reaches(one, rung))]);
    const [value, ...rest] = curves.map((curve) => bestBy(curve, rung, goal) ?? Number.NaN);
    if (isHalved(value!, rest, { goal, eta: stopping.eta })) return true;
  }
  return false;
}

const hasEnded = ({ status }: TrialResult): boolean => status === "finished" || status === "stopped";
const reaches = ({ lastStep }: TrialResult, step: number): boolean => lastStep !== null && lastStep >= step;

/** So wide that a curve of up to 16,000 points is read as it is; of a longer one the extremes of each part, and they are exact. */
const PX = 4000;
/** Of trials that have ended, which don't change. */
const endedCurves = new BoundedMap<string, Curve>(1000);

/** The objective of each trial over its steps, in the order of `of`; empty where it logged none. */
async function readCurves({ metric, split }: StudyRow, of: readonly TrialResult[]): Promise<Curve[]> {
  const unknown = of.filter(({ runId }) => !endedCurves.has(runId));
  const read = new Map<string, Curve>();
  // a chart's question names so many runs at most
  for (let at = 0; at < unknown.length; at += 100) {
    const runs = unknown.slice(at, at + 100).map(({ runId }) => runId);
    const wanted = { runs, series: [seriesKey({ split, metric })], px: PX, isUnwatched: true };
    for (const { run, steps, values } of await readPoints(systemActor, wanted))
      read.set(
        run,
        Array.from(steps, (step, index) => ({ step, value: values[index]! })),
      );
  }
  for (const one of unknown) if (hasEnded(one)) endedCurves.set(one.runId, read.get(one.runId) ?? []);
  return of.map(({ runId }) => read.get(runId) ?? endedCurves.get(runId) ?? []);
}
