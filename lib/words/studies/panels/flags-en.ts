/** English: what was seen in a study, and what to do about it. */
import type { FlagOf, StudyFlagKind, TrialName } from "../../../wire/studies/flags.ts";
import { countWords, decimalWords, listWords, numberWords, valueWords } from "../../numbers.ts";

export type FlagSentence<Kind extends StudyFlagKind> = {
  name: string;
  /** What was seen, and what to do. */
  words: (figures: FlagOf<Kind>) => [seen: string, act: string];
};

/** A check is no more exact than three digits. */
const figure = (value: number): string => valueWords(Number(value.toPrecision(3)));
const percent = (share: number): string => `${decimalWords(share * 100, share < 0.1 ? 1 : 0)} %`;
const nameOf = ({ number, replicate }: TrialName): string =>
  replicate === 0 ? `Trial ${number}` : `Trial ${number}, seed ${replicate + 1},`;

export const flags: { [Kind in StudyFlagKind]: FlagSentence<Kind> } = {
  boundary: {
    name: "best at the boundary",
    words: ({ parameter, edge, to }) => [
      `The best of ${parameter} lies at the ${edge === "low" ? "lower" : "upper"} end of its range.`,
      `Widen the range: let it end at ${figure(to)}.`,
    ],
  },
  "few-good": {
    name: "few trials in the good region",
    words: ({ good, of }) => [
      `${countWords(good, "trial")} of ${numberWords(of)} within noise of the best.`,
      "Run more trials, or narrow the ranges around the best.",
    ],
  },
  infeasible: {
    name: "infeasible trials",
    words: ({ share, of }) => [
      `${percent(share)} of ${countWords(of, "configuration")} crashed, diverged or ended absurdly.`,
      "See on the axis plots where they lie, and take that part out of the space.",
    ],
  },
  "mostly-infeasible": {
    name: "mostly infeasible",
    words: ({ share, of }) => [
      `${percent(share)} of ${countWords(of, "configuration")} crashed, diverged or ended absurdly.`,
      "Look for a bug first; then search other ranges, or another way to write the parameter.",
    ],
  },
  "starved-value": {
    name: "a value was starved",
    words: ({ parameter, value, trials, most }) => [
      `${parameter} = ${value} had ${countWords(trials, "trial")}, another value ${numberWords(most)}.`,
      "Run trials of the starved value until all have about as many.",
    ],
  },
  "unfair-baseline": {
    name: "unfair baseline",
    words: ({ baseline, trials, candidate, of, parameter }) => [
      `${parameter} = ${baseline}, the base, was tuned with ${countWords(trials, "trial")}, ${candidate} with ${numberWords(of)}.`,
      "Tune the baseline with as many trials before the two are held against each other.",
    ],
  },
  "uneven-coverage": {
    name: "uneven coverage",
    words: ({ ratio }) => [
      `The discrepancy of the trials is ${decimalWords(ratio, 1)} times what random points have in the mean.`,
      "Explore with a quasi-random search.",
    ],
  },
  "grid-of-many": {
    name: "grid in many dimensions",
    words: ({ dimensions }) => [
      `A grid is searched over ${numberWords(dimensions)} parameters: few values of each are seen.`,
      "Take a quasi-random search from three parameters on.",
    ],
  },
  "too-few-trials": {
    name: "too few trials",
    words: ({ trials, spread, noise }) => [
      `The best of ${countWords(trials, "trial")} still varies by ${figure(spread)} (interquartile), beyond the noise of ${figure(noise)}.`,
      "Run more trials before anything is concluded from the best.",
    ],
  },
  "tuning-saturated": {
    name: "tuning has saturated",
    words: ({ gain, noise }) => [
      `The second half of the trials is worth ${figure(gain)}, less than the noise of ${figure(noise)}.`,
      "More trials of this space gain little: conclude, or ask another question.",
    ],
  },
  "adaptive-search": {
    name: "adaptive search",
    words: () => [
      "The search chose its points by earlier results, so that importance and coverage are biased.",
      "Learn what matters from a quasi-random search.",
    ],
  },
  "fixed-rate": {
    name: "learning rate is fixed",
    words: ({ parameter }) => [
      `${parameter} is scientific, and no learning rate is tuned beside it.`,
      "Add the learning rate as a nuisance parameter.",
    ],
  },
  overfits: {
    name: "overfits",
    words: ({ trial, gap, step }) => [
      `${nameOf(trial)} was best at step ${numberWords(step)} and ended ${figure(gap)} worse.`,
      "Tune a regulariser: dropout, weight decay or augmentation.",
    ],
  },
  "overfit-share": {
    name: "many trials overfit",
    words: ({ share, of, isSlower }) => [
      `${percent(share)} of ${countWords(of, "trial")} overfit${isSlower ? "; those that don't have lower learning rates" : ""}.`,
      "Add regularisation: else the choice favours what learns slowly.",
    ],
  },
  noisy: {
    name: "noisy at the end",
    words: ({ trial, spread, gap }) => [
      `${nameOf(trial)} varies by ${figure(spread)} from step to step late on, the two best differ by ${figure(gap)}.`,
      "Take a larger batch, more validation data, a decaying rate or averaged weights.",
    ],
  },
  improving: {
    name: "still improving",
    words: ({ trial, gain }) => [
      `${nameOf(trial)} would gain about ${figure(gain)} with a quarter more steps.`,
      "Train longer, or decay the learning rate sooner.",
    ],
  },
  flat: {
    name: "saturated early",
    words: ({ trial, since }) => [
      `${nameOf(trial)} gained nothing after ${percent(since)} of its steps.`,
      "Train for fewer steps, and try more configurations.",
    ],
  },
  "train-rose": {
    name: "training loss rose",
    words: ({ trial, from, to }) => [
      `The training loss of ${nameOf(trial).toLowerCase()} rose from step ${numberWords(from)} to ${numberWords(to)}.`,
      "Look for a bug in the pipeline, the schedule or the loss.",
    ],
  },
  periodic: {
    name: "periodic with the epoch",
    words: ({ trial }) => [
      `The objective of ${nameOf(trial).toLowerCase()} comes back with each epoch.`,
      "Shuffle the training samples anew for each epoch, and look for overlap.",
    ],
  },
  diverged: {
    name: "diverged",
    words: ({ trial }) => [
      `${nameOf(trial)} has points that are NaN or infinite.`,
      "See what its loss did before, and lower the rate or clip gradients.",
    ],
  },
  "runs-too-long": {
    name: "runs are far too long",
    words: ({ of }) => [
      `All of ${countWords(of, "trial")} were best within the first tenth of their steps.`,
      "Train for fewer steps.",
    ],
  },
  "runs-too-short": {
    name: "runs are too short",
    words: ({ share, of }) => [
      `${percent(share)} of ${countWords(of, "trial")} were best in the last quarter of their steps.`,
      "Train longer, and tune the decay of the learning rate again.",
    ],
  },
  "rate-at-edge": {
    name: "best rate beside failure",
    words: ({ rate, fails }) => [
      `The best learning rate, ${figure(rate)}, lies right below ${figure(fails)}, from where on all trials fail.`,
      "Treat it as unstable: confirm at 5 to 10 times the rate, then try warmup and clipping.",
    ],
  },
  "rate-unstable": {
    name: "unstable above the best rate",
    words: ({ trial, rate }) => [
      `At a learning rate of ${figure(rate)} the loss of ${nameOf(trial).toLowerCase()} rose by more than a fifth after falling.`,
      "A remedy against instability will help: try warmup first.",
    ],
  },
  "early-unstable": {
    name: "unstable at the start",
    words: ({ trial, ratio }) => [
      `The loss of ${nameOf(trial).toLowerCase()} rose to ${decimalWords(ratio, 1)} times its first value within a tenth of the run.`,
      "Try warmup.",
    ],
  },
  clipped: {
    name: "most updates are clipped",
    words: ({ trial, share }) => [
      `${nameOf(trial)} clipped ${percent(share)} of its updates.`,
      "Lower the learning rate: clipping is for outliers.",
    ],
  },
  "warmup-long": {
    name: "long warmup",
    words: ({ share }) => [
      `Warmup takes ${percent(share)} of the steps.`,
      share > 0.1 ? "Keep it within a tenth: train longer." : "Train longer, so that it takes a twentieth.",
    ],
  },
  "batch-not-retuned": {
    name: "batch size compared without re-tuning",
    words: ({ fixed }) => [
      `Batch sizes are held against each other by the objective with ${fixed.length > 0 ? listWords(fixed) : "the learning rate"} fixed.`,
      "Tune the learning rate and regularisation for each batch size, or compare them by time alone.",
    ],
  },
  "slow-scaling": {
    name: "throughput doesn't scale",
    words: ({ from, to, efficiency }) => [
      `From batch ${numberWords(from)} to ${numberWords(to)} throughput reached ${percent(efficiency)} of twice.`,
      "Look for a bottleneck: input, or the exchange between devices.",
    ],
  },
  "batch-saturated": {
    name: "no gain from larger batches",
    words: ({ at }) => [
      `From batch ${numberWords(at)} on throughput grows by less than a tenth.`,
      "Leave larger batches aside.",
    ],
  },
  accumulation: {
    name: "gradients are accumulated",
    words: ({ steps }) => [
      `Gradients of ${countWords(steps, "step")} are added up before an update, which gains no throughput.`,
      "Take the batch that fits the memory.",
    ],
  },
  "input-bound": {
    name: "waits for input",
    words: ({ share }) => [
      `${percent(share)} of a step is spent waiting for data.`,
      "Fetch ahead, drop what isn't used, keep the data near.",
    ],
  },
  "probe-stale": {
    name: "probe out of date",
    words: ({ study, changed }) => [
      `The batch size was settled in study ${numberWords(study)}; since then ${listWords(changed)} changed.`,
      "Measure the throughput again.",
    ],
  },
  "budgets-differ": {
    name: "step budgets differ",
    words: ({ least, most }) => [
      `Trials were trained for ${numberWords(least)} to ${numberWords(most)} steps: a ranking would favour the longer ones.`,
      "Rank them at equal steps, and keep the steps out of the search.",
    ],
  },
  "budget-kinds-mixed": {
    name: "budgets of two kinds",
    words: ({ kinds }) => [
      `Batch sizes are compared at budgets of ${listWords(kinds)}.`,
      "Give all trials one kind of budget: steps, or epochs.",
    ],
  },
  "one-seed": {
    name: "one seed",
    words: () => [
      "No configuration was run with a second seed: how much a result owes to chance isn't known.",
      "Queue further seeds of the best trials.",
    ],
  },
  "lucky-winner": {
    name: "winner within noise",
    words: ({ difference, noise }) => [
      `The best is ${figure(difference)} ahead of the next, within the noise of ${figure(noise)} of a seed.`,
      "Run the best few again with three to five seeds before one is adopted.",
    ],
  },
  "predictions-missing": {
    name: "no predictions",
    words: ({ trial }) => [
      `No evaluation on validation holds the predictions of ${nameOf(trial).toLowerCase()}.`,
      "Evaluate it on validation: every paired test needs them, and looks there are free.",
    ],
  },
  "extra-without-gain": {
    name: "extra without gain",
    words: ({ extra, study }) => [
      `${extra} came in with study ${numberWords(study)}, without a gain that is told from noise.`,
      "Try the base without it.",
    ],
  },
  "look-while-tuning": {
    name: "trials after a look",
    words: ({ looks, trials }) => [
      `${countWords(trials, "trial")} began after the first of ${countWords(looks, "look")} at the test split.`,
      "What was tuned since may have learnt from the test: say so where the number is shown.",
    ],
  },
};
