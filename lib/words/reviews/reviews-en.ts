/** English: reviews, threads, notifications and rules on runs. A table that lacks a kind of `lib/wire` doesn't compile. */
import type { AnchorKind, SubjectKind } from "../../wire/reviews/anchors.ts";
import type { AlertEventKind, NotificationKind } from "../../wire/reviews/inbox.ts";
import type { ReviewKind, ReviewState } from "../../wire/reviews/reviews.ts";

export const reviewStates: Record<ReviewState, string> = {
  waiting: "waiting",
  "changes-requested": "changes asked for",
  approved: "approved",
  closed: "withdrawn",
};

export const reviewKinds: Record<ReviewKind, string> = { study: "study", runs: "runs", claim: "claim" };

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
