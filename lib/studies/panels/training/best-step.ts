/** At which part of their steps runs were best: whether they are too long or too short (RIGOUR P49). Pure. */

import type { PanelMaker } from "../../facts/panel.ts";
import { hasResult } from "../../results.ts";

const BINS = 20;
const TOO_LONG = 0.1;
const TOO_SHORT = 0.75;
/** So large a part of the runs in the last quarter is what the playbook calls consistent. Ours. */
const CONSISTENT = 0.75;
const TRIALS_MIN = 3;

export type BestStepData = {
  /** Trials by twentieths of their run. */
  counts: number[];
  trials: number;
  /** Shares of the trials in the zones, 0–1. */
  early: number;
  late: number;
};

export const makeBestStep: PanelMaker<BestStepData> = ({ results }) => {
  const ended = results.filter((one) => hasResult(one) && one.stoppedBy === null);
  const fractions = ended.flatMap(({ bestStep, lastStep }) =>
    bestStep === null || !lastStep ? [] : [bestStep / lastStep],
  );
  if (fractions.length === 0) return { missing: "no-curve" };
  const counts = new Array<number>(BINS).fill(0);
  for (const fraction of fractions) counts[Math.min(BINS - 1, Math.floor(fraction * BINS))]!++;
  const of = fractions.length;
  const early = fractions.filter((fraction) => fraction <= TOO_LONG).length / of;
  const late = fractions.filter((fraction) => fraction > TOO_SHORT).length / of;
  const isEnough = of >= TRIALS_MIN;
  return {
    data: { counts, trials: of, early, late },
    flags: [
      ...(isEnough && early === 1 ? [{ kind: "runs-too-long" as const, of }] : []),
      ...(isEnough && late >= CONSISTENT ? [{ kind: "runs-too-short" as const, share: late, of }] : []),
    ],
  };
};
