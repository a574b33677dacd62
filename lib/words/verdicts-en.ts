/** English: verdicts. Lists and tables show them, which need no other sentence in the browser. */
import type { Verdict } from "../wire/data/checks.ts";
import type { ManifestVerdict } from "../wire/data/manifests.ts";
import { countWords } from "./numbers.ts";

export const verdicts: Record<Verdict, string> = {
  pass: "pass",
  "not-applicable": "not applicable",
  "cannot-tell": "cannot tell",
  warn: "warn",
  block: "block",
};

/** How many checks came to a verdict, the gravest first: of one and of several. */
export const verdictCounts: Record<Verdict, [one: string, other: string]> = {
  block: ["blocks", "block"],
  warn: ["warns", "warn"],
  pass: ["passed", "passed"],
  "cannot-tell": ["can't tell", "can't tell"],
  "not-applicable": ["doesn't apply", "don't apply"],
};

/** What a manifest's verdict comes to, as a headline. */
export const headlines: Record<ManifestVerdict, string> = {
  block: "Blocked: a number measured on this split would mislead.",
  warn: "Look at one thing before you trust a number.",
  "cannot-tell": "Nothing was found, but not everything could be looked at.",
  pass: "Nothing was found that would mislead.",
};

/** What a verdict means, in half a sentence. */
export const verdictMeanings: Record<Verdict, string> = {
  pass: "Nothing was found",
  "not-applicable": "Nothing of the kind is there to be compared: it weighs nothing",
  "cannot-tell": "What should be compared couldn't be",
  warn: "Look at it before trusting a number",
  block: "Numbers on this split would mislead",
};

/** Of a manifest without a verdict, of one that a member allowed, and of runs on a blocked one. */
export const standings = {
  checking: "checking",
  failed: "checks failed",
  unchecked: "not checked yet",
  overridden: "overridden",
  blocked: "blocked",
  blockedOverridden: "blocked, overridden",
};

/** What a repaired manifest keeps together. */
export const keptTogether = (pairs: number): string =>
  `Samples that share a content or a group${pairs > 0 ? `, and ${countWords(pairs, "pair")} of near duplicates,` : ""} are kept together.`;
