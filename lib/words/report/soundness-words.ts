/** What speaks for and against how a report was measured, for people. Pure. */
import type { Soundness } from "../../wire/evaluations/evaluations.ts";
import type { SoundnessData } from "../../wire/evaluations/soundness.ts";
import * as sentences from "./sentences.ts";

export type SoundnessRow = { name: string; standing: "good" | "bad" | "unknown"; detail: string };

type SoundnessFacts = {
  /** What the client tried; null: it didn't say. */
  said: Soundness | null;
  /** What the predictions say; null: the report has none of it. */
  found: SoundnessData | null;
  classes: string[];
  /** Of the split on which preprocessing should have been fitted. */
  trainDigest: string;
};

/** Of float32 answers to the same sample, more is another computation. */
const SAME = 1e-4;

export function soundnessRows({ said, found, classes, trainDigest }: SoundnessFacts): SoundnessRow[] {
  const { names, told } = sentences.soundness;
  const row = (name: keyof typeof names, isGood: boolean | null, detail: string): SoundnessRow => ({
    name: names[name],
    standing: isGood === null ? "unknown" : isGood ? "good" : "bad",
    detail,
  });
  const difference = (name: "repeat" | "batchSize", value: number | null | undefined) =>
    row(name, value == null ? null : value <= SAME, value == null ? told.unsaid : told.difference(value));
  const fitted = said?.preprocessingFittedOn ?? null;
  const mode = said?.inferenceMode ?? null;
  return [
    ...(found ? [row("complete", true, told.complete(found.predictions))] : []),
    ...(found ? [row("answers", found.distinct > 1, told.distinct(found.distinct))] : []),
    row("mode", mode, mode === null ? told.unsaid : mode ? told.inference : told.training),
    difference("repeat", said?.repeatDifference),
    difference("batchSize", said?.batchSizeDifference),
    row(
      "preprocessing",
      fitted === null ? null : fitted === trainDigest,
      fitted === null ? told.unsaid : fitted === trainDigest ? told.fittedOnTrain : told.fittedElsewhere(fitted),
    ),
    ...(found?.probabilities
      ? [
          row("certain", found.probabilities.impossible === 0, told.certain(found.probabilities)),
          row("ties", found.probabilities.ties === 0, told.ties(found.probabilities.ties)),
        ]
      : []),
    ...(found?.withoutSample?.length
      ? [row("withoutSample", false, told.classes(found.withoutSample.map((at) => classes[at] ?? String(at))))]
      : []),
    ...(found?.neverPredicted?.length
      ? [row("neverPredicted", false, told.classes(found.neverPredicted.map((at) => classes[at] ?? String(at))))]
      : []),
  ];
}
