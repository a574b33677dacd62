/** Answers to the cases of what is owed to choosing, to looking and to seeds. */

import { noiseFloor } from "../statistics/replicates/noise-floor.ts";
import { validationSampleVariance } from "../statistics/replicates/sample-variance.ts";
import { keepBudget, lookBudget } from "../statistics/reuse/budget.ts";
import { fixedLadder, parameterFreeLadder } from "../statistics/reuse/ladder.ts";
import { thresholdout } from "../statistics/reuse/thresholdout.ts";
import { biasCorrectedBest } from "../statistics/selection/bias-corrected.ts";
import { bestOfQuantiles, expectedBest } from "../statistics/selection/expected-best.ts";
import { blomMaximum, expectedBestAccuracy, expectedMaximum } from "../statistics/selection/expected-maximum.ts";
import { selectionNoise } from "../statistics/selection/selection-noise.ts";
import { winnersLuck } from "../statistics/selection/winner.ts";
import { type Adapter, defined, orNull, transposed } from "./answers.ts";

const selections: Record<string, Adapter> = {
  expected_best_curve: ({ scores }, { direction }) => {
    const { biased, unbiased, sdBiased } = expectedBest(scores, direction);
    return { biased, unbiased, sd_biased: sdBiased };
  },
  expected_max_std_normal: ({ N }) => ({ value: expectedMaximum(N), blom: blomMaximum(N) }),
  expected_max_binomial: ({ N, n, p }) => {
    const { expected, optimism } = expectedBestAccuracy(N, { n, p });
    return { expected_max: expected, optimism };
  },
  winner_optimism_normal: ({ N, noise_sd, true_sd, observed_best }) =>
    winnersLuck(observed_best, { candidates: N, noise: noise_sd, spread: true_sd }),
  best_of_k_quantiles: ({ scores }, { k, q }) => ({ quantiles: bestOfQuantiles(scores, { k, quantiles: q }) }),
  bbc_selection_estimate: ({ correct, bags }) => {
    const { naive, estimate, replicates } = biasCorrectedBest(transposed(correct), bags);
    return { naive: orNull(naive), estimate: orNull(estimate), used: replicates.length };
  },
  selection_noise: ({ correct }) => {
    const found = defined(selectionNoise(transposed(correct)));
    return {
      mean_disagreement: found.disagreement,
      s_eff: found.noise,
      m_N: expectedMaximum(correct[0].length),
      optimism: found.optimism,
      naive_sd: found.naiveNoise,
      best: found.best,
    };
  },
};

const looks: Record<string, Adapter> = {
  ladder_fixed: ({ losses }, { eta }) => ({ released: fixedLadder(losses, eta) }),
  ladder_parameter_free: ({ losses }) => {
    const rungs = parameterFreeLadder(losses);
    return { released: rungs.map(({ released }) => released), accepted: rungs.map(({ accepted }) => accepted) };
  },
  thresholdout_trace: ({ queries, ...noise }, { T, budget }) => {
    const asked = queries.map(([train, holdout]: [number, number]) => ({ train, holdout }));
    const { answers, budgetLeft } = thresholdout(asked, { threshold: T, budget, noise });
    return { answers, budget_left: budgetLeft };
  },
  look_budget_halfwidth: ({ n, looks, released_values }, { delta }) => {
    const found = lookBudget({ n, looks, values: released_values }, delta);
    return {
      single: found.single,
      nonadaptive: found.nonAdaptive,
      adaptive_worst: found.adaptiveWorst,
      leaked_bits: found.leakedBits,
    };
  },
  bits_bound: ({ n, verdicts, keeps, outcomes }, { delta }) => {
    const found = keepBudget({ n, verdicts, keeps, outcomes }, delta);
    return { ...found, bits_full: found.bitsFull, bits_sparse: found.bitsSparse };
  },
};

const replicates: Record<string, Adapter> = {
  pooled_noise_floor: ({ groups }, { incumbent_n, min_dof, ok_dof, max_groups }) => {
    const settings = { incumbentRuns: incumbent_n, minDof: min_dof, okDof: ok_dof, groupsMax: max_groups };
    const found = noiseFloor(groups, settings);
    return {
      groups_used: found.groupsUsed,
      dof: found.dof,
      s2: orNull(found.variance),
      s: orNull(found.sd),
      bartlett_p: orNull(found.bartlettP),
      status: found.status,
      run_incumbent: found.runIncumbent,
      uneven: found.uneven,
    };
  },
  validation_sample_variance: ({ candidate, incumbent }) => {
    const { difference, raw, subtract, variance, n } = defined(validationSampleVariance(candidate, incumbent));
    return { difference, raw, subtract, V: variance, n };
  },
};

export const selectionAdapters: Record<string, Adapter> = { ...selections, ...looks, ...replicates };
