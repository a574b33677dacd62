/** Two texts side by side, word by word. Pure. */
import { diffWordsWithSpace } from "diff";

/** A stretch of words: of both, of the baseline alone, or of the other alone. */
export type DiffPart = { text: string; of: "both" | "baseline" | "run" };

/** Texts that differ in more places than this are shown whole: finding what they share would take seconds. */
const EDITS_MAX = 800;

/** The words of both in their order. Texts that have hardly a word in common are given whole, one after the other. */
export function diffTexts(baseline: string, run: string): DiffPart[] {
  const changes = diffWordsWithSpace(baseline, run, { maxEditLength: EDITS_MAX });
  if (!changes)
    return [
      { text: baseline, of: "baseline" },
      { text: run, of: "run" },
    ];
  return changes.map(({ value, added, removed }) => ({
    text: value,
    of: added ? "run" : removed ? "baseline" : "both",
  }));
}
