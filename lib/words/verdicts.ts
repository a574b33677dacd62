/** Verdicts of checks and manifests for people. Pure. */
import type { Verdict } from "../wire/data/checks.ts";
import type { Manifest, ManifestVerdict } from "../wire/data/manifests.ts";
import { countWords } from "./numbers.ts";
import * as sentences from "./verdicts-en.ts";

export const verdictWords = (verdict: Verdict): string => sentences.verdicts[verdict];

/** What a verdict means, in half a sentence. */
export const verdictMeaning = (verdict: Verdict): string => sentences.verdictMeanings[verdict];

/** `1 blocks, 7 passed, 1 can't tell, 2 don't apply`: how many checks came to each verdict. */
export const tallyWords = (checks: readonly { verdict: Verdict }[]): string =>
  (Object.keys(sentences.verdictCounts) as Verdict[])
    .map((verdict) => ({ verdict, count: checks.filter((check) => check.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => countWords(count, ...sentences.verdictCounts[verdict]))
    .join(", ");

/** What a manifest's verdict comes to, as a headline. */
export const headlineWords = (verdict: ManifestVerdict): string => sentences.headlines[verdict];

/** Of a manifest whose checks are under way. */
export const checkingWords = sentences.standings.checking;

/** Of a manifest whose checks ended with an error. */
export const checksFailedWords = sentences.standings.failed;

/** Of a blocked manifest that a member allowed. */
export const overriddenWords = sentences.standings.overridden;

/** A manifest's verdict in a list of manifests, and that a member allowed it all the same. */
export function manifestWords({ verdict, override }: Pick<Manifest, "verdict" | "override">): string {
  if (verdict === null) return sentences.standings.unchecked;
  return override ? `${verdictWords(verdict)}, ${overriddenWords}` : verdictWords(verdict);
}

/** What a run wears of its manifest. */
export function standingWords({ verdict, override }: Pick<Manifest, "verdict" | "override">): string {
  if (verdict === null) return sentences.standings.unchecked;
  if (verdict !== "block") return verdictWords(verdict);
  return override ? sentences.standings.blockedOverridden : sentences.standings.blocked;
}

/** What a repaired manifest keeps together; null: it is no repair. An earlier one has it among its notes. */
export const repairWords = ({ joinedPairs, notes }: Pick<Manifest, "joinedPairs" | "notes">): string | null =>
  joinedPairs === undefined || notes.startsWith("Samples that share") ? null : sentences.keptTogether(joinedPairs);
