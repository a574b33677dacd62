/** English: what stands beside a report's number. */
import { countWords } from "../numbers.ts";

/** Of test less validation. */
export const gaps = {
  better: (difference: string) =>
    `Test is better than validation: ${difference}. The samples differ, or validation is harder.`,
  worse: (difference: string) => `Test is worse than validation: ${difference}. Choices on validation flatter it.`,
  alike: (difference: string) => `Test and validation can't be told apart: ${difference}.`,
};

export const againstChampion = {
  better: (difference: string) => `Better than the champion: ${difference}.`,
  worse: (difference: string) => `Worse than the champion: ${difference}.`,
  alike: (difference: string) => `It can't be told from the champion: ${difference}.`,
};

type SeedFigures = { seeds: number; mean: string; sd: string; ends: string };

export const seedVariance = ({ seeds, mean, sd, ends }: SeedFigures): string =>
  `${countWords(seeds, "seed")} of this recipe: ${mean} in the mean (${ends}, Student's t), ${sd} apart as a standard deviation. Another seed would land about so far away.`;

/** `share`: written already. */
export const outperformed = ({ share, ours, theirs, isClear }: OutperformedFigures): string =>
  `A new seed of this recipe would beat one of the champion’s recipe in ${share} of pairs (${ours} × ${theirs} seeds)${isClear ? "" : "; from 75 % on it counts as the better recipe"}.`;

type OutperformedFigures = { share: string; ours: number; theirs: number; isClear: boolean };

type LuckFigures = { candidates: number; best: string; corrected: string; ends: string; optimism: string };

export const selections = {
  corrected: ({ candidates, best, corrected, ends, optimism }: LuckFigures): string =>
    `Best of ${countWords(candidates, "candidate")} on validation: ${best}; less its luck ${corrected} (${ends}, by resampling the choice). Were all equally good, luck alone would give the best ${optimism}.`,
  plain: (candidates: number): string =>
    `${countWords(candidates, "candidate was", "candidates were")} looked at on validation. The best of them is flattered: its luck is measured where answers are classes, and few enough to be resampled.`,
};

/** When not to believe a number. */
export const limits = {
  validation: "It was measured on validation, on which choices were made: it flatters whatever was chosen there.",
  adaptive: (looks: number): string =>
    `Training went on after ${countWords(looks, "look")} at this test split: what was seen may have steered it.`,
  wide: "The interval is wider than 0.1: few samples stand behind the number.",
  oneRun: "One run was evaluated on these samples: how much another seed would change isn't known.",
  rare: (classes: number, below: number): string =>
    `${countWords(classes, "class has", "classes have")} fewer than ${below} samples: nothing certain can be said of them.`,
  never: (classes: number): string => `${countWords(classes, "class is", "classes are")} never predicted.`,
  suspected: (labels: number): string => `${countWords(labels, "label")} may be wrong: they stand under errors.`,
  untried: "The client didn't say how it predicted: inference mode and repeatability are unknown.",
  trainingMode: "It was predicted in training mode.",
};
