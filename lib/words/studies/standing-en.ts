/** English: where a study stands, what to do next, and what the tuning playbook says of it in our own words. */
import type { CheckName } from "../../wire/studies/answers.ts";

/** By the rule's id: why it is so, and what comes of it. */
export const playbook: Record<string, string> = {
  P6: "A batch size sets how fast and how dearly a model trains. With its learning rate and regularisation tuned again each size reaches about the same validation score, so a difference at one fixed rate is that rate’s.",
  P8: "Twice the batch should give nearly twice the throughput until the hardware is full. Where it doesn’t, something else is the bottleneck, such as the input pipeline.",
  P10: "Accumulated gradients act as a larger batch and take as long as its parts: they bring no throughput.",
  P11: "Which batch sizes fit, and how fast they are, hangs on the model and the optimizer. Measure again when either changes.",
  P13: "An epoch is another number of steps at another batch size. Compare sizes by one kind of budget.",
  P20: "Tuning goes round by round: a goal, trials, what was learnt, and a decision whether a new best configuration is adopted. It is adopted on strong evidence alone.",
  P21: "Most rounds are there to learn about the problem. Getting the last bit out of it is for the end.",
  P24: "What matters for fairness alone is tuned with each value of what is asked about. Left fixed, it suits one of them, and the comparison is of that.",
  P26: "Each value of what is asked about needs as many trials as the others; an adaptive search starves those that began badly.",
  P28: "The baseline gets as much tuning as what is held against it. Else the winner won by effort.",
  P29: "The best point near the end of a range says that a better one may lie beyond. Widen the range there before reading anything else.",
  P30: "What a space holds is told by the points in its good region. With one or two of them the best is a lucky find.",
  P31: "Some points may fail. Where a large part does, the space is too wide, its scale is wrong, or there is a bug.",
  P34: "Validation that turns for the worse while training goes on is overfitting that bears on the comparison. Regularise, and tune the strength with everything else.",
  P35: "Where many trials overfit, picking the best hides it, and favours low learning rates that merely learnt less.",
  P36: "Where a metric jumps from one evaluation to the next, the winner is a lucky step. A larger batch, more validation samples, a decaying learning rate or averaged weights calm it.",
  P37: "Runs that still improve at their end were cut short: who learns fastest wins, not who gets furthest.",
  P39: "A training loss that rises is mostly a bug in the pipeline or a learning rate that is too high.",
  P42: "Results vary with the seed, with the search and with the samples. Only a spread that was measured can be held against a difference.",
  P43: "Before a configuration is adopted, train it and what it replaces again with other seeds, and compare the spreads.",
  P44: "A gain has to outweigh what it adds. What brings nothing measurable can go.",
  P45: "The test split is opened at the end. Trials that begin after a look may have been led by it.",
  P48: "How long trials are trained isn’t tuned with them: longer ones win for their length.",
  P49: "Where runs are best far before or right at their end, they are too long or too short for what is asked.",
  P59: "A validation curve that comes back with the epoch hints at samples that aren’t shuffled.",
  P73: "To explore, cover the space evenly: quasi-random points do that with any number of axes, a grid with one or two.",
  P76: "The best of few trials varies much from one search to the next. More trials narrow it, down to the noise of the seeds.",
  P77: "Where learning rates just above the best make the loss rise, training is at the edge of instability, and mending that lets a higher rate win.",
  P78: "Early instability hides between evaluations. A short run at twice the best rate, evaluated at every step, shows it.",
  P80: "A best learning rate right beside those that fail is held down by instability, not by the problem.",
  P81: "Warm-up is as short as keeps training stable, and is added to the steps, so that it takes nothing from the rest.",
  P82: "Clipping tames rare large gradients. Where most steps are clipped, lower the learning rate instead.",
  P56: "A device that waits for data is paid for nothing. Prefetch, and leave out what isn’t used.",
};

export const nextActs: Record<string, { title: string; detail: string }> = {
  open: { title: "Open the study", detail: "Its plan stands. Once it is open, workers claim its trials." },
  train: {
    title: "Let the trials run",
    detail: "The budget isn’t spent. Read the panels when there are points in the good region.",
  },
  "more-seeds": {
    title: "Train the best again with other seeds",
    detail: "Nothing speaks against the search, and the best has one seed: nobody knows how much of its lead is luck.",
  },
  conclude: {
    title: "Conclude the study",
    detail: "No flag is open. Write what was learnt, and whether it is adopted.",
  },
  follow: {
    title: "Make the study that follows",
    detail: "It is concluded. What it chose is the base of the next round.",
  },
};

export const proposalActs: Record<string, string> = {
  follow: "Make the study that follows",
  wider: "Make the study with a wider range",
  refine: "Make the study that refines",
  longer: "Make the study that trains longer",
  "more-trials": "Make the study with more trials",
  "more-seeds": "Make the study with more seeds",
  "tune-rate": "Make the study that tunes the learning rate",
};

export const stageStates: Record<string, string> = {
  none: "nothing yet",
  planned: "planned",
  open: "open",
  settled: "settled",
  kept: "looked into, base kept",
};

export const unsupported: Record<string, string> = {
  "nothing-before": "there is no earlier choice that it is held against",
  "other-objective": "the study before has another objective or manifest",
  "one-seed": "one of the two sides has one seed",
  "not-better": "the interval of the difference holds 0",
  "no-result": "what was chosen has no result",
};

export const comparisonVerdicts: Record<string, string> = {
  better: "better",
  worse: "worse",
  "not-distinguishable": "not distinguishable",
  "practically-equal": "practically equal",
  "one-seed": "one seed: unknown",
};

/** What is asked before a study is concluded. */
export const checks: Record<CheckName, { question: string; rule: string }> = {
  stability: { question: "Is training unstable at learning rates just above the best?", rule: "P77, P80" },
  early: { question: "Does the loss jump in the first steps?", rule: "P78" },
  gradients: { question: "Are gradients large, or clipped at most steps?", rule: "P82" },
  overfitting: { question: "Does validation turn for the worse, or jump, in the best trials?", rule: "P34, P36" },
  length: { question: "Do the best trials still improve at their end?", rule: "P37" },
};
