/** English: what each doubt saw, by which rule it is one, and what to do now. */
import type { ChosenAs, DoubtKind, DoubtOf, Untold } from "../../wire/doubts.ts";
import { countWords, listWords, numberWords, valueWords } from "../numbers.ts";

export type DoubtSentence<Kind extends DoubtKind> = {
  title: string;
  /** What is looked for, as a clean history says it. */
  clean: string;
  seen: (doubt: DoubtOf<Kind>) => string;
  /** Why that is a reason to doubt. */
  rule: string;
  /** Where the rule is from. */
  source: { name: string; url: string };
  act: (doubt: DoubtOf<Kind>) => string;
};

const PLAYBOOK = "https://github.com/google-research/tuning_playbook";
const playbook = (section: string, anchor: string) => ({
  name: `Deep Learning Tuning Playbook, “${section}”`,
  url: `${PLAYBOOK}#${anchor}`,
});

/** A check is no more exact than three digits. */
const figure = (value: number): string => valueWords(Number(value.toPrecision(3)));
/** A result, and what becomes of it. */
const result = (value: number): string => valueWords(Number(value.toPrecision(5)));

const chosenAs = {
  claim: (word: string) => `claim ${word}`,
  study: (word: string) => `study ${word}`,
  model: (word: string) => `model “${word}”`,
  tag: (word: string) => `tag “${word}”`,
};
export const chosenWords = ({ as, word }: ChosenAs): string => chosenAs[as](word);

const ofBest = { best: "the best", claim: "claimed as the best", study: "what a study adopted" };

export const doubts: { [Kind in DoubtKind]: DoubtSentence<Kind> } = {
  "picked-by-test": {
    title: "Picked by a test number",
    clean: "No chosen run has test numbers that could have chosen it.",
    seen: ({ state, count, series }) => {
      const names = listWords(series);
      if (state === "found")
        return `${countWords(count, "chosen run is", "chosen runs are")} the best by ${names}, and not by the primary metric.`;
      const some = `${countWords(count, "run was", "runs were")} chosen, and ${count === 1 ? "has" : "have"} ${names} logged beside other runs.`;
      return state === "withheld"
        ? `${some} Whether that number chose ${count === 1 ? "it" : "them"} is told to members who may see test numbers.`
        : `${some} Nobody has looked yet whether that number chose ${count === 1 ? "it" : "them"}.`;
    },
    rule: "A number that chose the model is no test of it any more: it flatters the choice by the luck of these samples.",
    source: {
      name: "Blum & Hardt 2015, “The Ladder: a reliable leaderboard”",
      url: "https://arxiv.org/abs/1502.04585",
    },
    act: ({ state, canLook }) =>
      state === "found"
        ? "Don't quote the test number of these runs. Choose again by validation, and measure the choice once on fresh test data."
        : state === "unread" && canLook
          ? "Look where it matters: it is a look at the test split, and stands in the ledger."
          : "Ask a member who may open the test split, or choose again by validation.",
  },
  "watched-test": {
    title: "A test number is watched",
    clean: "No config names a test number as what is watched.",
    seen: ({ count, key, series }) =>
      `In ${countWords(count, "run")} the config says ${key} = ${series}: the program stops, keeps or chooses by the test split.`,
    rule: "Early stopping and the choice of a checkpoint are choices: made by the test split, they train on it.",
    source: {
      name: "Kapoor & Narayanan 2022, “Leakage and the reproducibility crisis”, L1",
      url: "https://arxiv.org/abs/2207.07048",
    },
    act: ({ key }) =>
      `Let ${key} name a validation metric, train again, and don't quote the test numbers of these runs.`,
  },
  "test-logged": {
    title: "Test numbers logged while training",
    clean: "No run logged a test number.",
    seen: ({ count, series, points, everyEpoch, looks }) => {
      const some = everyEpoch === count ? "" : `${numberWords(everyEpoch)} of them `;
      const often = everyEpoch === 0 ? "once each" : `${some}again and again while training`;
      const counted = `the ledger counts ${countWords(looks, "look")}, one a series and run`;
      return `${countWords(count, "run")} logged ${listWords(series)}, ${often}: ${countWords(points, "test number")} that somebody could see; ${counted}.`;
    },
    rule: "Each number of a test split that is seen while tuning leaks a little of its labels into the next decision.",
    source: {
      name: "Dwork et al. 2015, “Generalization in adaptive data analysis and holdout reuse”",
      url: "https://arxiv.org/abs/1506.02629",
    },
    act: () =>
      "Take the test metric out of the training loop, and count these looks where a number of that split is quoted; for a claim, take fresh test data.",
  },
  "one-seed": {
    title: "The best has one seed",
    clean: "Each best run has a second seed of its recipe.",
    seen: ({ as, metric, value, lead, tellsFrom, verdict }) => {
      const run = `It is ${ofBest[as]} with ${metric} ${result(value)}, of one seed.`;
      if (lead === null) return `${run} No other recipe was measured on the same data.`;
      if (verdict === "behind") return `${run} Another recipe is ${figure(-lead)} better.`;
      const ahead = `It leads the next recipe by ${figure(lead)}`;
      if (verdict === "unknown") return `${run} ${ahead}; no recipe has enough seeds to say how much of that is noise.`;
      return verdict === "within-noise"
        ? `${run} ${ahead}, within the ${figure(tellsFrom ?? 0)} by which two single runs differ for their seeds alone.`
        : `${run} ${ahead}, beyond the ${figure(tellsFrom ?? 0)} by which two single runs differ for their seeds alone.`;
    },
    rule: "A result of one seed is one draw: a lead within the spread of replicates says nothing of the recipes.",
    source: {
      name: "Bouthillier et al. 2021, “Accounting for variance in machine learning benchmarks”",
      url: "https://arxiv.org/abs/2103.03098",
    },
    act: () => "Run its recipe and the next one again with two to four fresh seeds, and compare the means.",
  },
  "best-of-many": {
    title: "Best of many",
    clean: "No best is quoted with the luck of its choice.",
    seen: ({ candidates, metric, value, luck, corrected, by }) => {
      const best = `Best of ${countWords(candidates, "run")}: ${metric} ${result(value)}`;
      if (luck === null || corrected === null)
        return `${best}. How much of that is luck isn't known: no recipe has enough seeds.`;
      return by === "samples"
        ? `${best} → ${result(corrected)} with the luck of the choice taken off, which is at most ${figure(luck)}.`
        : `${best} → ${result(corrected)} with the luck of the choice taken off, about ${figure(luck)}.`;
    },
    rule: "The winner of N noisy results is flattered by s²/√(s² + τ²) times the mean of the largest of N normal draws.",
    source: { name: "Dodge et al. 2019, “Show your work”", url: "https://arxiv.org/abs/1909.03004" },
    act: ({ luck }) =>
      luck === null
        ? "Run the best recipe with two fresh seeds or more, and quote their mean."
        : "Quote the corrected value, or run the recipe with two fresh seeds or more and quote their mean.",
  },
  "other-data": {
    title: "Compared across different data",
    clean: "Runs that are ranked together stand on the same data.",
    seen: ({ studies, count, data }) => {
      const where =
        studies.length > 0
          ? `${studies.length === 1 ? "Study" : "Studies"} ${listWords(studies.map(numberWords))} hold ${countWords(count, "run")} against one another`
          : `The first ${numberWords(count)} of the project's ranking`;
      const parts = data.map(({ name, runs }) => `${countWords(runs, "run")} on ${name}`);
      return `${where}${studies.length > 0 ? ", which stand on different data" : " stand on different data"}: ${listWords(parts)}.`;
    },
    rule: "Two numbers of different samples differ for the samples too: no difference between them is one of the models.",
    source: {
      name: "Kapoor & Narayanan 2022, “Leakage and the reproducibility crisis”, L3",
      url: "https://arxiv.org/abs/2207.07048",
    },
    act: ({ studies }) =>
      studies.length > 0
        ? "Conclude from the trials of one manifest alone, or run the others again on it."
        : "Compare within one manifest: filter the table by it, and archive the runs of the others.",
  },
  "batch-not-retuned": {
    title: "Batch sizes compared without re-tuning",
    clean: "No batch sizes are held against each other with their settings shared.",
    seen: ({ count, key, sizes, fixed }) => {
      const same = fixed.length > 0 ? `with the same ${listWords(fixed.slice(0, 5))}` : "with nothing tuned beside it";
      return `${countWords(count, "run")} differ in ${key} (${listWords(sizes.map(numberWords))}) ${same}.`;
    },
    rule: "The best learning rate and regularisation differ for each batch size: at shared ones the comparison is of how well they fit.",
    source: playbook(
      "Why shouldn't the batch size be tuned to directly improve validation set performance?",
      "why-shouldnt-the-batch-size-be-tuned-to-directly-improve-validation-set-performance",
    ),
    act: () =>
      "Choose the batch size by throughput, or tune the learning rate and regularisation for each before comparing.",
  },
  "still-falling": {
    title: "Curves that still fell",
    clean: "The best runs had settled when they ended.",
    seen: ({ count, metric, gain }) =>
      `${metric} of ${countWords(count, "of the best runs was", "of the best runs were")} still getting better at the end; the first of them would gain about ${figure(gain)} with a quarter more steps.`,
    rule: "A ranking of runs that hadn't settled is one of how fast they learn.",
    source: playbook("Examining the training curves", "examining-the-training-curves"),
    act: () => "Train the best few longer, with the schedule stretched alike, before one is called the best.",
  },
  dirty: {
    title: "Uncommitted changes",
    clean: "Each run's code is a commit.",
    seen: ({ count, lost }) => {
      const began = `${countWords(count, "run")} began with uncommitted changes`;
      if (lost === 0) return `${began}; the changes are kept with ${count === 1 ? "it" : "them"}.`;
      const gone = lost === count ? "" : ` of ${numberWords(lost)}`;
      return `${began}; their content${gone} isn't kept in whole, so that nobody can run that code again.`;
    },
    rule: "What can't be run again can't be checked: a result's code is its commit and its changes.",
    source: playbook("Setting up experiment tracking", "setting-up-experiment-tracking"),
    act: ({ lost }) =>
      lost > 0
        ? "Commit before a run begins; run again what is quoted."
        : "Commit before a run begins, so that a name stands for its code.",
  },
  "no-seed": {
    title: "Missing seeds",
    clean: "Each run says its seed.",
    seen: ({ count, of }) => {
      const some = `Of ${countWords(of, "run")} ${numberWords(count)} ${count === 1 ? "says" : "say"}`;
      const which = count < of ? some : of === 1 ? "The one run says" : `All ${countWords(of, "run")} say`;
      return `${which} no seed, neither by itself nor in its config.`;
    },
    rule: "Without its seed a run can't be made again, and a second seed can't be told from the same one.",
    source: {
      name: "Pineau et al. 2020, “Improving reproducibility in machine learning research”",
      url: "https://arxiv.org/abs/2003.12206",
    },
    act: () => "Draw the seed in the program, use it for everything random, and log it.",
  },
};

export const untold: Record<Untold["reason"], (count: number) => string> = {
  "no-primary-metric": () => "The project has no primary metric, so nothing says which run is the best.",
  "no-result": (count) => `None of ${countWords(count, "run")} is finished with a value of the primary metric.`,
  "no-data-named": (count) =>
    `${countWords(count, "measured run")} name no manifest and no data: whether they may be compared isn't known.`,
  "no-curve": (count) =>
    `${countWords(count, "of the best runs has", "of the best runs have")} too few points to say whether they had settled.`,
  "no-direction": (count) =>
    `The test numbers of ${countWords(count, "chosen run")} have no declared direction: nothing says which is better.`,
  "no-code": (count) => `Nothing was captured of the code of ${countWords(count, "run")}.`,
};

export const doubtTones = { danger: "grave", warning: "doubtful", note: "to know" } as const;
export const heading = "How far this past can be believed";
export const nothing = "There is no run yet.";
export const quiet = (looked: string) => `Nothing to doubt in ${looked}.`;
export const found = (count: string, looked: string) => `${count} in ${looked}.`;
export const more = (count: string) => `and ${count} more`;
export const whyLabel = "Why";
export const nowLabel = "Now";
export const runsLabel = "Runs";
export const untoldHeading = "What can't be told";
export const quietHeading = "Looked for, and not found";
