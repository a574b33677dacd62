/**
 * Where in a subject a thread hangs, and the one text form of that: a kind, and after a colon its name as it is. Names are
 * never escaped: a kind has no colon, and a step behind the last `@` has digits alone. Without zod: pages use it.
 */
import { parseSeriesKey, type SeriesName, seriesKey } from "../points/series-name.ts";

export type Anchor =
  /** The subject itself. */
  | { kind: "whole" }
  /** A key of a config, with dots. */
  | { kind: "config"; key: string }
  /** A step of a curve. */
  | { kind: "point"; series: SeriesName; step: number }
  /** Steps of a curve, both ends among them; `from` is at most `to`. */
  | { kind: "range"; series: SeriesName; from: number; to: number }
  | { kind: "class"; name: string }
  | { kind: "sample"; key: string }
  /** A section of a report or of a study's page. */
  | { kind: "panel"; name: string }
  /** An answer of the referee, by its id. */
  | { kind: "ruling"; id: string };
export type AnchorKind = Anchor["kind"];

export const subjectKinds = ["run", "evaluation", "study", "claim", "review"] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** What a thread is about; as text `run:ID`. */
export type Subject = { kind: SubjectKind; id: string };
export const subjectText = ({ kind, id }: Subject): string => `${kind}:${id}`;
/** The subject that such a text names. */
export function parseSubject(text: string): Subject {
  const colon = text.indexOf(":");
  return { kind: text.slice(0, colon) as SubjectKind, id: text.slice(colon + 1) };
}

/** Which places each subject has. */
export const anchorsOf: Record<SubjectKind, readonly AnchorKind[]> = {
  run: ["whole", "config", "point", "range"],
  evaluation: ["whole", "class", "sample", "panel"],
  study: ["whole", "config", "panel", "ruling"],
  claim: ["whole"],
  review: ["whole"],
};

export const ANCHOR_MAX = 2000;

/** The text form, which `parseAnchor` reads back. */
export function anchorText(anchor: Anchor): string {
  switch (anchor.kind) {
    case "whole":
      return "whole";
    case "config":
    case "sample":
      return `${anchor.kind}:${anchor.key}`;
    case "class":
    case "panel":
      return `${anchor.kind}:${anchor.name}`;
    case "ruling":
      return `ruling:${anchor.id}`;
    case "point":
      return `point:${seriesKey(anchor.series)}@${anchor.step}`;
    case "range":
      return `range:${seriesKey(anchor.series)}@${anchor.from}-${anchor.to}`;
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const seriesForm = /^(train|validation|test|-)\/[\s\S]+$/;
/** Greedy: a metric's name may hold an `@` too. */
const pointForm = /^([\s\S]+)@(0|[1-9]\d{0,15})$/;
const rangeForm = /^([\s\S]+)@(0|[1-9]\d{0,15})-(0|[1-9]\d{0,15})$/;

/** The place that a text names, or null where it names none. Never throws. */
export function parseAnchor(text: string): Anchor | null {
  if (text === "whole") return { kind: "whole" };
  const colon = text.indexOf(":");
  const [kind, name] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)];
  if (name === "" || text.length > ANCHOR_MAX) return null;
  if (kind === "config" || kind === "sample") return { kind, key: name };
  if (kind === "class" || kind === "panel") return { kind, name };
  if (kind === "ruling") return uuid.test(name) ? { kind, id: name } : null;
  if (kind === "point") {
    const [, key = "", step] = pointForm.exec(name) ?? [];
    return seriesForm.test(key) && isStep(step) ? { kind, series: parseSeriesKey(key), step: Number(step) } : null;
  }
  if (kind !== "range") return null;
  const [, key = "", from, to] = rangeForm.exec(name) ?? [];
  if (!seriesForm.test(key) || !isStep(from) || !isStep(to) || Number(from) > Number(to)) return null;
  return { kind, series: parseSeriesKey(key), from: Number(from), to: Number(to) };
}

const isStep = (text: string | undefined): boolean => text !== undefined && Number(text) <= Number.MAX_SAFE_INTEGER;

/** The series that an anchor is on; null: on none. */
export const seriesOfAnchor = (anchor: Anchor): SeriesName | null =>
  anchor.kind === "point" || anchor.kind === "range" ? anchor.series : null;
