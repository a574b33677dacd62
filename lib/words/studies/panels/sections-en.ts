/** English: what the panels of a study are called, what each asks, and what would fill it. */
import type { MissingKind } from "../../../wire/studies/flags.ts";
import type { StudySection } from "../../../wire/studies/sections.ts";

export const sections: Record<StudySection, { title: string; question: string; fill: string }> = {
  standing: {
    title: "Where we stand",
    question: "What is best now, and what is to be done next?",
    fill: "A trial that ends with a value fills this.",
  },
  stages: {
    title: "Stage map",
    question: "How far along batch size, learning rate, optimizer and model are we, and what is stale?",
    fill: "A study of one of the four stages fills this.",
  },
  rounds: {
    title: "Rounds and launches",
    question: "What was asked, learnt and adopted?",
    fill: "A concluded study fills this.",
  },
  "best-so-far": {
    title: "Best so far",
    question: "How did the best score grow with trials and compute?",
    fill: "A trial that ends with a value fills this.",
  },
  trials: {
    title: "Trials",
    question: "What was run?",
    fill: "A trial fills this: open the study and start a worker, or queue one by hand.",
  },
  roles: {
    title: "Roles and caveats",
    question: "For which settings do the conclusions hold?",
    fill: "A parameter of the search space fills this.",
  },
  axes: {
    title: "Axis plots",
    question: "Is the search space wide enough, and where is the good region?",
    fill: "A parameter and trials that ended fill this.",
  },
  isolation: {
    title: "Isolation plots",
    question: "Does the scientific parameter matter once the nuisance ones are tuned?",
    fill: "A scientific parameter and trials that ended fill this.",
  },
  coverage: {
    title: "Coverage",
    question: "Was the space searched evenly?",
    fill: "Trials of two parameters or more fill this.",
  },
  enough: {
    title: "Enough trials?",
    question: "Would more search help?",
    fill: "Five trials that ended fill this.",
  },
  curves: {
    title: "Curves of the contenders",
    question: "Is anything wrong inside the best runs?",
    fill: "Trials that log the objective as they train fill this.",
  },
  "best-step": {
    title: "Best step",
    question: "Are runs too long or too short?",
    fill: "Trials that log the objective as they train fill this.",
  },
  stability: {
    title: "Stability",
    question: "Does an instability keep the learning rate down?",
    fill: "A learning rate that varies, or logged gradient norms, fill this.",
  },
  throughput: {
    title: "Throughput and batch",
    question: "Is the hardware used, and is the batch size settled?",
    fill: "Trials of two batch sizes fill this.",
  },
  variance: {
    title: "Sources of variance",
    question: "Which differences can be trusted?",
    fill: "Two seeds of one configuration fill this.",
  },
  comparisons: {
    title: "Comparisons",
    question: "Which pairs were compared, and how did it come out?",
    fill: "A comparison of two configurations fills this.",
  },
  transfer: {
    title: "Transfer",
    question: "Which backbone, what is frozen, and what was carried over between rounds?",
    fill: "A backbone that trials begin from, or an earlier study, fills this.",
  },
  complexity: {
    title: "Complexity ledger",
    question: "Were things added that don't pay?",
    fill: "An extra of the base, or of an adopted trial, fills this.",
  },
  looks: {
    title: "Test looks",
    question: "Did tuning peek at the test split?",
    fill: "A manifest with a test split fills this.",
  },
  story: {
    title: "Story",
    question: "What is the account, and what backs each sentence?",
    fill: "A conclusion fills this.",
  },
};

export const missing: Record<MissingKind, string> = {
  "no-trial": "No trial yet. Open the study and start a worker, or queue a trial by hand.",
  "no-result": "No trial has ended with a value yet. The first that does fills this.",
  "no-parameter": "The study searches nothing. A parameter of its search space fills this.",
  "no-scientific": "No parameter is scientific. Give one that role, and its values are held against each other here.",
  "no-range": "One parameter alone, or none, is searched with numbers or choices. Two fill this.",
  "few-results": "Fewer than five trials have ended with a value. Five fill this.",
  "no-curve": "No trial has logged the objective at three steps or more. Trials that log it as they train fill this.",
  "no-rate": "No learning rate varies and no run logged gradient_norm. Either fills this.",
  "no-throughput":
    "No two batch sizes have a throughput. A study of the batch size fills this, best with images_per_second logged.",
  "no-seed": "No configuration has two seeds. Queue further seeds of the best trial to fill this.",
  "no-transfer":
    "These trials begin from nothing, and no study came before. A backbone or an earlier study fills this.",
  "no-lineage": "The base has no extra, and no study came before. An extra that is added or adopted fills this.",
  "no-manifest": "The study names no split manifest, so that no test split belongs to it. Choosing one fills this.",
  "no-look": "Nobody has looked at the test split of this study's manifest. The first look appears here.",
};
