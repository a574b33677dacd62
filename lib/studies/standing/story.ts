/** A conclusion sentence by sentence, each with the evidence that it names. Pure. */
import type { StudyComparison } from "./comparisons.ts";

export type StorySentence = {
  text: string;
  /** Comparisons that it cites (`C1`) and that there are. */
  comparisons: string[];
  /** Names of comparisons that there aren't. */
  unknown: string[];
  /** Numbers of trials that it names. */
  trials: number[];
};

const CITED = /\bC(\d+)\b/g;
const TRIAL = /\btrial (\d+)\b/gi;

/** A sentence ends with a full stop, an exclamation or a question mark before a space, or with its line. */
export function storyOf(text: string, comparisons: readonly Pick<StudyComparison, "name">[]): StorySentence[] {
  const known = new Set(comparisons.map(({ name }) => name));
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "")
    .map((sentence) => {
      const cited = [...new Set([...sentence.matchAll(CITED)].map(([name]) => name))];
      return {
        text: sentence,
        comparisons: cited.filter((name) => known.has(name)),
        unknown: cited.filter((name) => !known.has(name)),
        trials: [...new Set([...sentence.matchAll(TRIAL)].map(([, number]) => Number(number)))],
      };
    });
}
