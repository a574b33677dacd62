/** Reviews, places of threads and rules on runs for people. Pure. */

import { seriesWords } from "../../wire/points/series-name.ts";
import { type Anchor, parseAnchor, type SubjectKind } from "../../wire/reviews/anchors.ts";
import type { AlertRule, NotificationKind } from "../../wire/reviews/inbox.ts";
import type { ReviewKind, ReviewState } from "../../wire/reviews/reviews.ts";
import { countWords, numberWords, valueWords } from "../numbers.ts";
import * as sentences from "./reviews-en.ts";

export const reviewStateWords = (state: ReviewState): string => sentences.reviewStates[state];
/** What a review is of: `a study`, `3 runs`. */
export const reviewedWords = (kind: ReviewKind, count: number): string =>
  kind === "runs" ? countWords(count, "run") : sentences.reviewKinds[kind];
export const subjectWords = (kind: SubjectKind): string => sentences.subjects[kind];
export const notificationWords = (kind: Exclude<NotificationKind, "rule">): string => sentences.notifications[kind];

/** `config optimizer.learningRate`, `range of validation/loss, steps 1,200 to 1,400`; of the subject itself `as a whole`. */
export function anchorWords(text: string): string {
  const anchor = parseAnchor(text);
  return anchor === null ? text : placeWords(anchor);
}

function placeWords(anchor: Anchor): string {
  switch (anchor.kind) {
    case "whole":
      return sentences.whole;
    case "config":
    case "sample":
      return `${sentences.places[anchor.kind]} ${anchor.key}`;
    case "class":
    case "panel":
      return `${sentences.places[anchor.kind]} ${anchor.name}`;
    case "ruling":
      return `${sentences.places.ruling} ${anchor.id}`;
    case "point":
      return `${sentences.places.point} ${seriesWords(anchor.series)}, ${sentences.atStep(numberWords(anchor.step))}`;
    case "range": {
      const steps = sentences.fromTo(numberWords(anchor.from), numberWords(anchor.to));
      return `${sentences.places.range} ${seriesWords(anchor.series)}, ${steps}`;
    }
  }
}

/** What a rule tells of a run, after the run's name: `failed`, `has train/loss above 100`. */
export const alertWords = ({ event, metric }: Pick<AlertRule, "event" | "metric">): string =>
  metric === null
    ? sentences.ruleEvents[event]
    : sentences.passed(seriesWords(metric), metric.side, valueWords(metric.threshold));

/** What a rule may tell of, as pairs of event and words. */
export const alertEventWords = (): [string, string][] => Object.entries(sentences.ruleEventNames);
