/** What looks at one test split cost: how wide an interval must be after k of them, and how much they told. Pure. */
import { refuseSetting } from "../inputs.ts";
import { logGamma } from "../special/log-gamma.ts";

export type LookBudget = {
  /** Half the width of an interval of an accuracy, of one look (Hoeffding 1963). */
  single: number;
  /** Of k looks at models that were fixed before the first (union bound). */
  nonAdaptive: number;
  /** Of k looks where each model may depend on all answers before: a union bound over the tree of answers. */
  adaptiveWorst: number;
  /** At most so many bits of the labels were told. */
  leakedBits: number;
};

/**
 * For an accuracy (0/1 loss) on n independent samples, k = `looks` from 1, `values` distinct answers a look can give (n + 1 for
 * an exact accuracy, 2 for 'better or not'), with confidence 1 − delta for all of them together.
 */
export function lookBudget(
  { n, looks, values }: { n: number; looks: number; values: number },
  delta = 0.05,
): LookBudget {
  refuseSetting(n >= 1 && looks >= 1 && values >= 1, "samples, looks and distinct values must be from 1");
  refuseSetting(delta > 0 && delta < 1, `delta is ${delta}: it must be between 0 and 1`);
  return {
    single: halfWidth(n, delta, 0),
    nonAdaptive: halfWidth(n, delta, Math.log(looks)),
    adaptiveWorst: halfWidth(n, delta, logTranscripts(looks, values)),
    leakedBits: looks * Math.log2(values),
  };
}

/** √((ln(2/δ) + x)/2n), x being the logarithm of how many statements must hold together. */
const halfWidth = (n: number, delta: number, x: number): number => Math.sqrt((Math.log(2 / delta) + x) / (2 * n));

/** ln((R^k − 1)/(R − 1)): the models that k answers of R values can lead to; k where R is 1. */
function logTranscripts(k: number, values: number): number {
  if (values === 1) return Math.log(k);
  const log = k * Math.log(values);
  return log + Math.log1p(-Math.exp(-log)) - Math.log(values - 1);
}

export type KeepBudget = {
  single: number;
  /** As `adaptiveWorst` of a look budget. */
  full: number;
  /** Where most answers are 'no': counts answers by their keeps. Null unless an answer has two outcomes. */
  sparse: number | null;
  bitsFull: number;
  bitsSparse: number | null;
  /** The smaller half width. */
  use: number;
};

/**
 * The same for k = `verdicts` answers of `outcomes` values, of which `keeps` said yes. The sparse bound holds for every
 * number of keeps at once, so it may be read off the record: weights 1/((j + 1)(j + 2)) sum to 1.
 */
export function keepBudget(
  { n, verdicts, keeps, outcomes }: { n: number; verdicts: number; keeps: number; outcomes: number },
  delta = 0.05,
): KeepBudget {
  const { single, adaptiveWorst, leakedBits } = lookBudget({ n, looks: verdicts, values: outcomes }, delta);
  refuseSetting(keeps >= 0 && keeps <= verdicts, `${keeps} of ${verdicts} verdicts can't be keeps`);
  const full = { single, full: adaptiveWorst, bitsFull: leakedBits };
  if (outcomes !== 2) return { ...full, sparse: null, bitsSparse: null, use: adaptiveWorst };
  const x = logReachable(verdicts, keeps) + Math.log((keeps + 1) * (keeps + 2));
  const sparse = halfWidth(n, delta, x);
  return { ...full, sparse, bitsSparse: x / Math.LN2, use: Math.min(adaptiveWorst, sparse) };
}

/** ln Σ_{l ≤ j, l < k} C(k, l + 1): the models that k answers with at most j keeps can lead to. */
function logReachable(k: number, j: number): number {
  const logChoose = (chosen: number) => logGamma(k + 1) - logGamma(chosen + 1) - logGamma(k - chosen + 1);
  const logs = Array.from({ length: Math.min(j, k - 1) + 1 }, (_, l) => logChoose(l + 1));
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
}
