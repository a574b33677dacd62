/** English: reviews, threads, notifications and rules on runs. A table that lacks a kind of `lib/wire` doesn't compile. */
import type { AnchorKind, SubjectKind } from "../../wire/reviews/anchors.ts";
import type { AlertEventKind, NotificationKind } from "../../wire/reviews/inbox.ts";
import type { ReviewKind, ReviewState } from "../../wire/reviews/reviews.ts";
import type { StudyDecision } from "../../wire/studies/studies.ts";

export const reviewStates: Record<ReviewState, string> = {
  waiting: "waiting",
  "changes-requested": "changes asked for",
  approved: "approved",
  closed: "withdrawn",
};

export const reviewKinds: Record<ReviewKind, string> = { study: "a study", runs: "runs", claim: "a claim" };

export const subjects: Record<SubjectKind, string> = {
  run: "run",
  evaluation: "evaluation",
  study: "study",
  claim: "claim",
  review: "review",
};

/** What stands before the name of a place. */
export const places: Record<Exclude<AnchorKind, "whole">, string> = {
  config: "config",
  point: "point of",
  range: "range of",
  class: "class",
  sample: "sample",
  panel: "section",
  ruling: "ruling",
};
export const whole = "as a whole";
export const atStep = (step: string): string => `at step ${step}`;
export const fromTo = (from: string, to: string): string => `steps ${from} to ${to}`;

/** Of a run, after its name. */
export const ruleEvents: Record<AlertEventKind, string> = {
  finished: "finished",
  failed: "failed",
  diverged: "diverged",
  silent: "fell silent",
  metric: "passed a threshold",
};

/** The same for who chooses one. */
export const ruleEventNames: Record<AlertEventKind, string> = {
  finished: "finishes",
  failed: "fails",
  diverged: "diverges",
  silent: "falls silent for a minute",
  metric: "passes a threshold of a metric",
};

export const passed = (metric: string, side: "above" | "below", threshold: string): string =>
  `has ${metric} ${side} ${threshold}`;

/** What somebody did, after their name. */
export const notifications: Record<Exclude<NotificationKind, "rule">, string> = {
  asked: "asks for your review",
  approved: "approved",
  "changes-requested": "asks for changes",
  mentioned: "mentioned you",
  replied: "wrote",
};

export const studyDecisions: Record<StudyDecision, string> = {
  adopt: "Adopted",
  "adopt-with-note": "Adopted, with a note",
  reject: "Rejected",
};
export const notSet = "not set";
export const history = "what was decided, and why";
export const besideStudies = "Beside studies";
export const noHistory = "Nothing was decided yet.";
export const study = (number: number): string => `Study ${number}`;
export const follows = (number: number): string => `Follows from study ${number}.`;
export const hypothesis = "Hypothesis, written before the first trial";
export const laterNote = "Note, written after trials had begun";
export const claimed = (number: number): string => `Claim ${number}`;
export const reviewed = (number: number): string => `Review ${number}`;
export const chosen = "Chosen";
export const approvedBy = (names: string[], review: number, day: string): string =>
  `Approved by ${names.join(", ")} in review ${review}, ${day}.`;
