/** How the best result of a study grew with trials, steps and time. Pure. */

import type { StudyFacts } from "../facts/facts.ts";
import { hasResult } from "../results.ts";

export const progressAxes = ["trials", "steps", "hours"] as const;
export type ProgressAxis = (typeof progressAxes)[number];

export type Progress = {
  /** Each result as it came: its trial, its value, and the best up to it. */
  points: { number: number; replicate: number; value: number; best: number; isBetter: boolean; at: string }[];
  /** Of the same results, what had been spent by then. */
  spent: Record<ProgressAxis, number[]>;
  /** The standard deviation between seeds; null: nobody knows. */
  noiseSd: number | null;
  /** How many results were there when the study was concluded with a choice, and at each look at the test split; by axis. */
  marks: { kind: "launch" | "look"; at: string; after: number }[];
};

type Facts = Pick<StudyFacts, "results" | "costOf" | "study" | "looks">;

/** Null: nothing has ended with a value. `noiseSd`: of the project's floor, where it is known. */
export function progressOf({ results, costOf, study, looks }: Facts, noiseSd: number | null): Progress | null {
  const ended = results
    .filter(hasResult)
    .map((one) => ({ ...one, at: one.endedAt ?? one.createdAt }))
    .sort((a, b) => a.at.localeCompare(b.at) || a.number - b.number);
  if (ended.length === 0) return null;
  let best = Number.NaN;
  const points = ended.map(({ number, replicate, value, at }) => {
    const isBetter = !(costOf(best) <= costOf(value!));
    if (isBetter) best = value!;
    return { number, replicate, value: value!, best, isBetter, at };
  });
  const running = (of: (one: (typeof ended)[number]) => number) => {
    let sum = 0;
    return ended.map((one) => {
      sum += of(one);
      return sum;
    });
  };
  const before = (time: string) => points.filter(({ at }) => at <= time).length;
  const isLaunched = study.decision !== null && study.decision !== "reject" && study.concludedAt !== null;
  return {
    points,
    spent: {
      trials: points.map((_, at) => at + 1),
      steps: running(({ lastStep }) => lastStep ?? 0),
      hours: running(({ seconds }) => (seconds ?? 0) / 3600),
    },
    noiseSd,
    marks: [
      ...(isLaunched ? [{ kind: "launch" as const, at: study.concludedAt!, after: before(study.concludedAt!) }] : []),
      ...looks
        .filter(({ at }) => at >= points[0]!.at)
        .map(({ at }) => ({ kind: "look" as const, at, after: before(at) })),
    ],
  };
}
