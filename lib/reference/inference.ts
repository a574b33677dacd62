/** Answers to the cases of intervals, tests and comparisons. */

import { adjustP } from "../statistics/corrections/adjust-p.ts";
import { detectableDifference } from "../statistics/hypothesis-tests/detectable-difference.ts";
import { hellinger, jensenShannon, psi, psiNull, tvd, wasserstein } from "../statistics/hypothesis-tests/distances.ts";
import { homogeneityTest } from "../statistics/hypothesis-tests/homogeneity.ts";
import { kolmogorovSmirnov } from "../statistics/hypothesis-tests/kolmogorov-smirnov.ts";
import { agreementOf, mcnemarTest } from "../statistics/hypothesis-tests/mcnemar.ts";
import { outperformance } from "../statistics/hypothesis-tests/outperformance.ts";
import { correctedResampledTest } from "../statistics/hypothesis-tests/resampled-t.ts";
import { permutationP, signFlipTest } from "../statistics/hypothesis-tests/sign-flip.ts";
import { welchTest } from "../statistics/hypothesis-tests/welch.ts";
import { wilcoxonTest } from "../statistics/hypothesis-tests/wilcoxon.ts";
import { bootstrapIntervals } from "../statistics/intervals/bootstrap.ts";
import { meanInterval } from "../statistics/intervals/mean.ts";
import {
  accuracyDifference,
  bonettPriceInterval,
  newcombeInterval,
} from "../statistics/intervals/paired-proportions.ts";
import {
  agrestiCoullInterval,
  betterThanMajority,
  clopperPearsonInterval,
  jeffreysInterval,
  normalInterval,
  wilsonInterval,
} from "../statistics/intervals/proportion.ts";
import { standardDeviation } from "../statistics/moments.ts";
import { exactBootstrapOfAccuracy, exactBootstrapOfMean } from "../statistics/resampling/exact-bootstrap.ts";
import { delongAuc, delongPaired } from "../statistics/scores/delong.ts";
import { type Adapter, defined, orNull } from "./answers.ts";

const intervals: Record<string, Adapter> = {
  proportion_ci: ({ k, n }, { alpha }) => ({
    wilson: wilsonInterval(k, n, alpha),
    clopper_pearson: clopperPearsonInterval(k, n, alpha),
    agresti_coull: agrestiCoullInterval(k, n, alpha),
    jeffreys: jeffreysInterval(k, n, alpha),
    normal: normalInterval(k, n, alpha),
  }),
  better_than_majority: ({ k, n, majority }, { alpha }) => betterThanMajority(k, n, majority, alpha),
  mean_t_ci: ({ x }, { alpha }) => {
    const { mean, sd, interval } = meanInterval(x, alpha);
    return { mean: orNull(mean), sd: orNull(sd), ci: orNull(interval) };
  },
  bootstrap_interval_from_replicates: ({ theta_hat, replicates, jackknife }, { alpha }) => {
    const found = bootstrapIntervals(
      { estimate: theta_hat, replicates: Float64Array.from(replicates), jackknife: { values: jackknife } },
      alpha,
    );
    return {
      percentile: orNull(found.percentile),
      basic: orNull(found.basic),
      bca: orNull(found.bca),
      z0: orNull(found.z0),
      a: orNull(found.acceleration),
    };
  },
  bootstrap_mean_exact: ({ data }, { alpha }) => exactBootstrapOfMean(data, alpha),
  bootstrap_accuracy_limit: ({ k, n }, { alpha }) => ({ percentile: exactBootstrapOfAccuracy(k, n, alpha) }),
  delong_auc: ({ y_true, y_score }, { alpha }) => {
    const found = defined(delongAuc(y_true, y_score, alpha));
    return { ...found, logit: orNull(found.logit) };
  },
};

const pairedCounts = ({ n11, b, c, n00 }: { n11: number; b: number; c: number; n00: number }) => ({
  bothRight: n11,
  onlyA: b,
  onlyB: c,
  bothWrong: n00,
});

const mcnemarNumbers = (b: number, c: number) => {
  const found = mcnemarTest(b, c);
  return {
    exact: found.exact,
    mid_p: found.midP,
    chi2: orNull(found.chi2),
    chi2_p: found.pChi2,
    chi2_cc: orNull(found.chi2Corrected),
    chi2_cc_p: found.pChi2Corrected,
  };
};

const comparisons: Record<string, Adapter> = {
  delong_paired: ({ y_true, score_a, score_b }, { alpha }) => {
    const found = defined(delongPaired(y_true, { a: score_a, b: score_b }, alpha));
    return {
      auc1: found.aucs[0],
      auc2: found.aucs[1],
      var1: found.variances[0],
      var2: found.variances[1],
      cov: found.covariance,
      difference: found.difference,
      z: orNull(found.z),
      p: orNull(found.p),
      ci: found.interval,
    };
  },
  mcnemar: ({ b, c }) => mcnemarNumbers(b, c),
  mcnemar_from_predictions: ({ y_true, pred_a, pred_b }) => {
    const counts = agreementOf(y_true, { a: pred_a, b: pred_b });
    const { exact, mid_p } = mcnemarNumbers(counts.onlyA, counts.onlyB);
    return {
      b: counts.onlyA,
      c: counts.onlyB,
      both_right: counts.bothRight,
      both_wrong: counts.bothWrong,
      exact,
      mid_p,
    };
  },
  paired_accuracy_difference_ci: (input, { alpha }) => ({
    difference: accuracyDifference(pairedCounts(input)),
    newcombe: newcombeInterval(pairedCounts(input), alpha),
    bonett_price: bonettPriceInterval(pairedCounts(input), alpha),
  }),
  paired_sign_flip_permutation: ({ d }) => ({ p: defined(signFlipTest(d)).p }),
  permutation_pvalue_mc: ({ exceed, permutations }) => ({ p: permutationP(exceed, permutations) }),
  paired_bootstrap_difference_exact: ({ correct_a, correct_b }, { alpha }) => {
    const differences: number[] = correct_a.map((a: number, at: number) => a - correct_b[at]);
    const { percentile, shareAtMostZero } = exactBootstrapOfMean(differences, alpha);
    const difference = differences.reduce((a, b) => a + b, 0) / differences.length;
    return { difference, share_le_zero: shareAtMostZero, percentile };
  },
  wilcoxon_signed_rank: ({ d }) => defined(wilcoxonTest(d)),
  p_adjust: ({ p }, { alpha }) =>
    Object.fromEntries(
      (["holm", "bonferroni", "benjamini-hochberg"] as const).map((method) => {
        const adjusted = adjustP(p, method);
        return [method.replace("-", "_"), { adjusted, reject: adjusted.map((one) => one <= alpha) }];
      }),
    ),
  welch_t: ({ a, b }, { alpha }) => {
    const { t, p, dof, interval } = defined(welchTest(a, b, alpha));
    return { t, p, dof, ci: interval };
  },
  prob_outperform: ({ a, b }) => ({ value: orNull(outperformance(a, b)) }),
  corrected_resampled_t: ({ d, n_train, n_test }) => {
    const { t, p, naiveP } = defined(correctedResampledTest(d, { train: n_train, test: n_test }));
    return { t, p, naive_p: naiveP };
  },
  minimum_detectable_difference: ({ n, psi }, { alpha, power }) => ({
    mdd: detectableDifference(n, psi, { alpha, power }),
  }),
};

const distributions: Record<string, Adapter> = {
  homogeneity_test: ({ table }) => {
    const found = homogeneityTest(table);
    return {
      chi2: found.chi2,
      chi2_p: found.pChi2,
      G: found.g,
      G_p: found.pG,
      dof: found.dof,
      cramers_v: found.cramersV,
      cramers_v_corrected: found.cramersVCorrected,
      min_expected: found.minExpected,
      share_expected_below_5: found.shareExpectedBelow5,
    };
  },
  distribution_distance: ({ p_counts, q_counts }, { floor }) => {
    const distance = jensenShannon(p_counts, q_counts);
    return {
      psi: psi(p_counts, q_counts, floor),
      tvd: tvd(p_counts, q_counts),
      js_distance_nat: distance,
      js_distance_base2: distance / Math.sqrt(Math.LN2),
      hellinger: hellinger(p_counts, q_counts),
    };
  },
  psi_null: ({ N, M, bins }) => psiNull(N, M, bins),
  ks_2samp: ({ x, y }) => kolmogorovSmirnov(x, y),
  wasserstein_1d: ({ x, y }) => {
    const distance = wasserstein(x, y);
    return { distance, normed: distance / Math.max(0.001, standardDeviation(x, 0)) };
  },
};

export const inferenceAdapters: Record<string, Adapter> = { ...intervals, ...comparisons, ...distributions };
