/** Answers to the cases of the referee. */
import { planLooks, type Spending } from "../referee/early-looks.ts";
import { type Decay, lond, lord, saffron } from "../referee/levels.ts";
import { besideWanted, incumbentValue, loopSettings, newLoop, ruleOn } from "../referee/loop.ts";
import { expectedFalseKeeps, minimumSeeds } from "../referee/planning.ts";
import { recipeDigest, recipeText, relate } from "../referee/recipe.ts";
import { type Candidacy, type RuleSettings, type Ruling, rule } from "../referee/ruling.ts";
import type { Adapter } from "./answers.ts";

type Given = Parameters<Adapter>[1];

const decayOf = ({ gamma }: Given): Decay =>
  gamma.kind === "hyperbolic"
    ? { kind: "hyperbolic", h: gamma.H }
    : { kind: gamma.kind === "jm" ? "logarithmic" : "power" };

const settingsOf = (params: Given): RuleSettings => ({
  seeds: params.seeds,
  screen: params.screen,
  along: params.along,
  incumbentMin: params.incumbent_min,
  incumbentMax: params.incumbent_max,
  dofMin: params.min_dof,
  smallest: params.delta,
});

const spendings: Record<string, Spending> = { obf: "late", pocock: "even", equal: "linear" };
const verdicts = { keep: "keep", discard: "discard", "run-again": "undecided", refused: "refused" };
const reasons: Partial<Record<Ruling["reason"], string>> = {
  "not-distinguishable": "not_distinguishable",
  "below-smallest": "below_delta",
  "seed-only": "seed_only",
  "seed-changes-nothing": "zero_noise",
  "no-noise-floor": "no_noise_floor",
  unscreened: "screen",
  unconfirmed: "confirm",
};

function toVerdict({ ruling, reason, spends, run, screened, test }: Ruling): Record<string, unknown> {
  return {
    verdict: verdicts[ruling],
    reason: reasons[reason] ?? reason,
    spends,
    ...(run && { run }),
    ...(screened && { screen_gain: screened.gain, screen_bar: screened.bar }),
    ...(test && {
      gain: test.gain,
      se: test.error,
      dof: test.dof,
      t: test.t,
      p: test.p,
      level: test.level,
      interval90: test.interval,
      mdd: test.detectable,
      noisy_candidate: test.isNoisy,
      claim: test.claim === "samples" ? "population" : "this validation set",
    }),
  };
}

export const refereeAdapters: Record<string, Adapter> = {
  lond_levels: ({ p }, params) => lond(p, { alpha: params.alpha, decay: decayOf(params) }),
  lordpp_levels: ({ p }, params) => lord(p, { alpha: params.alpha, start: params.w0, decay: decayOf(params) }),
  saffron_levels: ({ p }, params) =>
    saffron(p, { alpha: params.alpha, start: params.w0, lambda: params.lambda, decay: decayOf(params) }),
  group_sequential_bounds: (_, { alpha, fractions, spending }) => {
    const looks = planLooks(fractions, { alpha, spending: spendings[spending]! });
    return {
      cumulative: looks.cumulative,
      levels: looks.levels,
      z_union: looks.zUnion,
      size_union: looks.sizeUnion,
      z_exact: looks.zExact,
      levels_exact: looks.levelsExact,
    };
  },
  candidate_digest: ({ a, b }, { seed_keys }) => ({
    canonical_a: recipeText(a, seed_keys),
    digest_a: recipeDigest(a, seed_keys),
    digest_b: recipeDigest(b, seed_keys),
    relation: relate(a, b, seed_keys).replace("-", "_"),
  }),
  minimum_seeds: ({ s, delta, incumbent_n, V }, { alpha, power }) => {
    const wanted = { noise: s, gain: delta, alpha, power, sampleVariance: V, incumbentRuns: incumbent_n };
    const { seeds, smallestVisible } = minimumSeeds(wanted);
    return { n: seeds, smallest_visible: smallestVisible };
  },
  expected_false_keeps: ({ candidates, null_share, s }, params) => {
    const found = expectedFalseKeeps({ candidates, nullShare: null_share, noise: s }, params as never);
    return {
      greedy_records_all_null: found.greedyKeeps,
      greedy_claimed_gain_all_null: found.greedyClaim,
      greedy_exact_incumbent: found.greedyExact,
      per_decision_false: found.testedFalse,
      per_decision_true: found.testedTrue,
      per_decision_share: found.testedShare,
      p_any_false_all_null: found.anyFalse,
    };
  },
  referee_verdict: (input, params) => {
    const candidacy: Candidacy = {
      goal: input.direction === "maximize" ? "max" : "min",
      relation: input.relation === "replicate_of_incumbent" ? "seed-only" : "new",
      incumbent: input.incumbent,
      screenedBeside: input.incumbent_screen_n,
      screen: input.screen ?? [],
      confirm: input.confirm ?? [],
      floor: { squares: input.floor_ss ?? 0, dof: input.floor_dof ?? 0 },
      level: input.level,
      ...(input.V && { samples: { variance: input.V, count: input.n } }),
    };
    return toVerdict(rule(candidacy, settingsOf(params)));
  },
  referee_loop_trace: (input, params) => {
    const settings = {
      ...loopSettings,
      ...settingsOf(params),
      alpha: params.alpha,
      start: params.w0,
      decay: { kind: "hyperbolic", h: params.H } as const,
    };
    let loop = newLoop(input.direction === "maximize" ? "max" : "min", input.incumbent_recipe, input.incumbent);
    let [runs, keeps, ruled] = [input.incumbent.length, 0, 0];
    const rows = input.candidates.map((one: Given) => {
      const { recipe, screen = [], confirm = [], alongside = [], fresh = [] } = one;
      const beside = alongside.slice(0, besideWanted(loop, settings));
      const found = ruleOn(loop, { recipe, screen, confirm, alongside, fresh }, settings);
      loop = found.loop;
      const { ruling } = found;
      runs += [screen, confirm, beside, fresh].reduce((sum, values) => sum + values.length, 0);
      if (ruling.ruling === "keep" && ruling.reason === "gain") keeps++;
      if (!["history", "seed-only", "no-noise-floor"].includes(ruling.reason)) ruled++;
      const { verdict, reason, p } = toVerdict(ruling);
      return {
        id: one.id,
        verdict,
        reason,
        level: ruling.spends ? found.level : null,
        p: p ?? null,
        incumbent_mean: incumbentValue(loop),
      };
    });
    return { rows, runs, keeps, verdicts: ruled };
  },
};
