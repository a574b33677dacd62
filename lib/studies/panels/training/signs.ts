/** What the curves of a trial say of its training (RIGOUR P34 to P39, P59). Pure. */
import { type CurveSigns, isPeriodic, lateGain, readCurve } from "../../../playbook/curves.ts";
import { tTail } from "../../../statistics/distributions/student-t.ts";
import type { FlagOf } from "../../../wire/studies/flags.ts";
import { type Curve, objectiveKey, resolutionOf, type StudyFacts } from "../../facts/facts.ts";
import type { TrialResult } from "../../results.ts";

export type TrialSigns = {
  curve: Curve;
  signs: CurveSigns;
  overfits: boolean;
  /** What a quarter more steps would gain; null: it isn't told from noise, or from standing still. */
  gain: number | null;
  /** Of the first value as good as the best, as a share of the run; null: not long before its end. */
  flatSince: number | null;
  isPeriodic: boolean;
  hasDiverged: boolean;
};

const POINTS_MIN = 3;
const OVERFITS_BEFORE = 0.9;
const FLAT_BEFORE = 0.5;

/** Null: the objective has fewer than three finite points. */
export function signsOf(facts: StudyFacts, { runId }: TrialResult): TrialSigns | null {
  const { curves, study, costOf } = facts;
  const curve = curves.get(runId)?.get(objectiveKey(study));
  if (!curve || curve.values.length < POINTS_MIN) return null;
  const costs = curve.values.map(costOf);
  const resolution = resolutionOf(facts);
  const signs = readCurve(costs, { tolerance: resolution ?? 0 });
  const { overfitGap, lateSpread, bestFraction, plateauIndex } = signs;
  const overfits = overfitGap > 2 * lateSpread && overfitGap > (resolution ?? 0) && bestFraction < OVERFITS_BEFORE;
  const since = plateauIndex / costs.length;
  return {
    curve,
    signs,
    overfits,
    gain: lateGain(signs, costs.length, resolution),
    flatSince: resolution !== null && !overfits && since < FLAT_BEFORE ? since : null,
    isPeriodic: isPeriodic(costs, evaluationsAnEpoch(facts, runId, curve)) === true,
    hasDiverged: curve.hasNonFinite,
  };
}

/** As `epoch` of the run's own series tells; 0: nobody does. */
function evaluationsAnEpoch({ summaries }: StudyFacts, runId: string, { steps }: Curve): number {
  const epochs = summaries.get(runId)?.get("-/epoch")?.max ?? 0;
  const apart = steps.length < 2 ? 0 : (steps.at(-1)! - steps[0]!) / (steps.length - 1);
  return epochs > 0 && apart > 0 ? steps.at(-1)! / epochs / apart : 0;
}

const WINDOW = 0.1;
const WINDOW_MIN = 8;
const RISES_P = 0.001;
/** Of the curve's whole way: a smaller rise is no bug. Ours. */
const RISES_BY = 0.05;
const RATE_JUMP = 1.5;

/**
 * Where the training loss rose over a tenth of the run or more, by a t test with the windows' count taken into account;
 * not right after the learning rate rose. Null: nowhere.
 */
export function riseOf(loss: Curve, rate: Curve | undefined): Pick<FlagOf<"train-rose">, "from" | "to"> | null {
  const { steps, values } = loss;
  const window = Math.max(WINDOW_MIN, Math.ceil(WINDOW * values.length));
  if (values.length < 2 * window) return null;
  const span = Math.max(...values) - Math.min(...values);
  const limit = (RISES_P * window) / values.length;
  let found: [number, number] | null = null;
  for (let start = 0; start + window <= values.length; start++) {
    const part = values.slice(start, start + window);
    const { slope, spread } = slopeOf(part);
    if (slope * (window - 1) < RISES_BY * span) continue;
    const error = spread / Math.sqrt((window * (window ** 2 - 1)) / 12);
    if (error > 0 && tTail(slope / error, window - 2) > limit) continue;
    if (rate && hasJumped(rate, steps[start]!, steps[start + window - 1]!)) continue;
    found = [found?.[0] ?? start, start + window - 1];
  }
  return found && { from: steps[found[0]]!, to: steps[found[1]]! };
}

/** Least squares over 0, 1, 2, …, with the spread around the line. */
function slopeOf(values: readonly number[]): { slope: number; spread: number } {
  const n = values.length;
  const [middle, height] = [(n - 1) / 2, values.reduce((sum, value) => sum + value, 0) / n];
  const across = (n * (n ** 2 - 1)) / 12;
  const slope = values.reduce((sum, value, at) => sum + (at - middle) * (value - height), 0) / across;
  const squares = values.reduce((sum, value, at) => sum + (value - height - slope * (at - middle)) ** 2, 0);
  return { slope, spread: Math.sqrt(squares / (n - 2)) };
}

function hasJumped({ steps, values }: Curve, from: number, to: number): boolean {
  const before = values.filter((_, at) => steps[at]! <= from).at(-1) ?? values[0] ?? 0;
  const within = values.filter((_, at) => steps[at]! >= from && steps[at]! <= to);
  return within.some((value) => value > RATE_JUMP * before);
}
