/** English: what the tuning playbook says of a plan. Each says what was seen, why it matters and what to do. */
import type { GateItem, PlanWarningKind, PlanWarningOf, WarningGravity } from "../../wire/studies/warnings.ts";
import { countWords, listWords, significantWords } from "../numbers.ts";

export const gateItems: Record<GateItem, string> = {
  metric: "a metric",
  direction: "which way it is better",
  split: "the split that it is measured on",
  manifest: "a manifest, which says which samples those are",
};

export const gravities: Record<WarningGravity, string> = {
  stop: "can’t be opened so",
  block: "needs a reason",
  warning: "think again",
  note: "good to know",
};

const are = (names: readonly string[]): string => (names.length === 1 ? "is" : "are");

export const planWarnings: {
  [Kind in PlanWarningKind]: { title: string; detail: (seen: PlanWarningOf<Kind>) => string };
} = {
  gate: {
    title: "The question can’t be answered yet",
    detail: ({ missing }) =>
      `It lacks ${listWords(missing.map((item) => gateItems[item]))}. Tuning begins once it is settled what is measured, and on which samples.`,
  },
  "nothing-searched": {
    title: "Nothing is searched",
    detail: () => "Each trial would be the base itself. Add the parameter that the question is about.",
  },
  "many-optimizer-settings": {
    title: "Many settings of the optimizer for few trials",
    detail: ({ parameters, trials }) =>
      `${listWords(parameters)} in ${countWords(trials, "trial")}: too few to find a good point of so many axes. Begin with the learning rate, fix the others at their usual values, and free them in a later study.`,
  },
  "batch-for-validation": {
    title: "Batch size compared without re-tuning",
    detail: ({ parameter, metric }) =>
      `${parameter} varies, validation/${metric} is the objective and the learning rate stays as it is. Each batch size has its own best learning rate, so the comparison shows which size the fixed rate suits. Search the learning rate too, or choose the batch size by throughput.`,
  },
  "rate-fixed": {
    title: "The learning rate is fixed",
    detail: ({ scientific, uncovered }) =>
      uncovered.length > 0
        ? `No learning rate is searched under ${listWords(uncovered)}. Give each of them a learning rate of its own; else those that have one win for that alone.`
        : `${listWords(scientific)} ${are(scientific)} compared at one learning rate, which suits one of their values best. Search the learning rate as a nuisance parameter.`,
  },
  "decay-fixed": {
    title: "The weight decay is fixed",
    detail: ({ scientific }) =>
      `${listWords(scientific)} changes the size of the model, and a larger one usually wants another weight decay. Search it as a nuisance parameter, or write down that the result holds for this decay alone.`,
  },
  "many-scientific": {
    title: "More than one question",
    detail: ({ parameters }) =>
      `${listWords(parameters)} are all scientific, and the search doesn’t try each with each. Ask one question a study, or search a grid over them.`,
  },
  "few-a-value": {
    title: "Few trials for each value",
    detail: ({ trials, values, perValue }) =>
      `${countWords(trials, "trial")} for ${countWords(values, "value")} of what is asked about: ${significantWords(perValue, 2)} each. The best of so few is mostly luck. Ask about fewer values, or give more trials.`,
  },
  "few-an-axis": {
    title: "The space is thinly filled",
    detail: ({ trials, dimensions, perAxis }) =>
      `${countWords(trials, "trial")} over ${countWords(dimensions, "axis", "axes")} come to ${significantWords(perAxis, 2)} different values of each. Fix what matters least, narrow its range, or give more trials.`,
  },
  "length-searched": {
    title: "How long to train is searched",
    detail: ({ parameter }) =>
      `${parameter} differs between trials, and who trains longer is better for that alone. Train all as long, keep checkpoints, and choose the length in a study of its own.`,
  },
  "adam-settings": {
    title: "More of Adam’s settings than the trials carry",
    detail: ({ beyond, allowed, trials }) =>
      `${listWords(beyond)} ${are(beyond)} searched with ${countWords(trials, "trial")}. With so many, tune ${listWords(["the learning rate", ...allowed])}; beta1 is worth it from 10 trials, epsilon from 25, beta2 from about 50.`,
  },
  "grid-of-many": {
    title: "A grid over many axes",
    detail: ({ dimensions, points, trials }) =>
      `A grid over ${countWords(dimensions, "axis", "axes")} spends its trials on repeated values of each${points === null ? "" : `: it has ${countWords(points, "point")} for ${countWords(trials, "trial")}`}. Quasi-random search tries another value of every axis at each trial.`,
  },
  "random-while-exploring": {
    title: "The search isn’t quasi-random",
    detail: ({ method }) =>
      method !== "random"
        ? "An adaptive search crowds where it has won: it finds a good point, but says little of which parameters matter. To explore, take quasi-random search; to exploit, change the mode."
        : "Random points leave holes and crowds. Quasi-random search covers the space more evenly with as many trials.",
  },
  "batch-of-parent": {
    title: "Another batch size than the study before",
    detail: ({ from, to, isMore, retune }) =>
      `It goes from ${from} to ${to}, and what was tuned there was tuned for ${from}. ${
        retune.length === 0
          ? "All that hangs on it is searched anew."
          : `Tune again: ${listWords(retune)}${isMore ? ". A larger batch may want more regularisation" : ""}.`
      }`,
  },
  accumulation: {
    title: "Gradients are accumulated",
    detail: ({ key, steps }) =>
      `${key}${steps === null ? "" : ` is ${steps}`}: it acts as a larger batch and brings no throughput. Use it only where the batch that you want doesn’t fit into memory.`,
  },
};
