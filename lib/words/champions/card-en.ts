/** English: what a champion's card says. */
import type { CardLimit, LeakageAnswer, LeakageKind } from "../../wire/champion-card.ts";

export const leakageTitles: Record<LeakageKind, string> = {
  "test-set": "L1.1 A test set apart",
  preprocessing: "L1.2 Preprocessing fitted on train alone",
  "feature-selection": "L1.3 Features selected on train alone",
  duplicates: "L1.4 No duplicates across splits",
  "illegitimate-features": "L2 No feature that isn't there when it predicts",
  time: "L3.1 Nothing from the future in train",
  groups: "L3.2 Train and test independent",
  sampling: "L3.3 Test drawn like what it stands for",
};

export const leakageAnswers: Record<LeakageAnswer, string> = {
  pass: "pass",
  "cannot-tell": "cannot tell",
  warn: "warn",
  block: "block",
  "not-applicable": "not applicable: nothing of the kind is there",
  "not-recorded": "not recorded: ask the author",
};

export const cardLimits: Record<CardLimit, string> = {
  "no-test": "It was never evaluated on the test split: its numbers are of validation, by which it was chosen.",
  "one-seed": "The claim is of one fitted model, not of its recipe: other seeds may give other results.",
  "best-of-several": "It is the best of several candidates, so that its number is flattered by luck.",
  "rule-afterwards": "The rule was written after a candidate's number had been seen.",
  unproven: "The paired comparison doesn't show that it is better than the champion before.",
  unsigned: "Nobody but the claimant has signed the claim off.",
  overridden: "The checks block its split manifest, and a member overrode the block.",
  "many-looks": "The test split was looked at more often than its budget allows.",
  "changed-code": "The code had changes that no commit holds; the run has them as a diff.",
  "no-code": "No commit of its code is known.",
  "hidden-numbers": "Numbers that the reader may not see are left out.",
};

export const cardTitles = {
  claim: "Claim",
  metrics: "Metrics",
  looks: "Looks at the test split",
  leakage: "Leakage",
  limits: "Limits",
  manifest: "Split manifest",
  config: "Config",
  lineage: "Lineage",
  load: "Load the weights",
};
