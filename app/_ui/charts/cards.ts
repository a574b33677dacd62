import type { Direction, Split, WireFloat } from "@/lib/wire/base/words.ts";
import type { PointSeries } from "@/lib/wire/points/points.ts";
import { language } from "@/lib/words/language.ts";
import type { NamedExpression } from "./expressions/evaluate.ts";
import { metricsIn, seriesFor } from "./expressions/tree.ts";
import type { Facet } from "./grouping/arrange.ts";

export type CardSeries = {
  split: Split | null;
  metric: string;
  direction: Direction | null;
  unit: string;
  /** How many points the server knew of when it made the page; of a page of one run alone. */
  count?: number;
  /** The last value that it knew then, and the ends of the finite ones with their steps. */
  last?: WireFloat;
  min?: number | null;
  minStep?: number | null;
  max?: number | null;
  maxStep?: number | null;
};

export type BestPoint = { value: number; step: number };

/** One metric with all its splits, or an expression of metrics: a chart. */
export type ChartCard = {
  /** Tells it from the other cards of a page. */
  key: string;
  /** Its name, or the text of the expression. */
  metric: string;
  /** The part of the name before its first `/` or `.`; empty: it has no such part. */
  section: string;
  direction: Direction | null;
  unit: string;
  /** At least one, in the order train, validation, test, none; of an expression those that it takes. */
  series: CardSeries[];
  /** Whose curves it has, where each metric has several charts; null: everybody's. */
  facet: Facet | null;
  expression: NamedExpression | null;
};

const splitOrder = ["train", "validation", "test", null];
/** `class_2` comes before `class_10`. */
const natural = new Intl.Collator(language, { numeric: true });

/** The primary metric first, then metrics without a section (those with a split first), then the others by section and name. */
export function cardsOf(series: readonly CardSeries[], primaryMetric: string | null): ChartCard[] {
  const byMetric = new Map<string, CardSeries[]>();
  for (const one of series) byMetric.set(one.metric, [...(byMetric.get(one.metric) ?? []), one]);
  const rank = ({ metric, section, series }: ChartCard) =>
    metric === primaryMetric ? 0 : section !== "" ? 3 : series.some(({ split }) => split !== null) ? 1 : 2;
  return [...byMetric]
    .map(([metric, members]) => ({
      key: metric,
      metric,
      section: sectionOf(metric),
      direction: members[0]!.direction,
      unit: members[0]!.unit,
      series: members.toSorted((a, b) => splitOrder.indexOf(a.split) - splitOrder.indexOf(b.split)),
      facet: null,
      expression: null,
    }))
    .sort((a, b) => rank(a) - rank(b) || natural.compare(a.section, b.section) || natural.compare(a.metric, b.metric));
}

/** A chart for an expression, with the series that it takes. */
export const expressionCard = (expression: NamedExpression, series: readonly CardSeries[]): ChartCard => ({
  key: `= ${expression.text}`,
  metric: expression.text,
  section: EXPRESSIONS,
  direction: null,
  unit: "",
  series: series.filter((one) => metricsIn(expression.tree).some((node) => seriesFor(node, [one]).length > 0)),
  facet: null,
  expression,
});

/** In place of each card one for each facet, in a section of the metric. */
export const cardsByFacet = (cards: ChartCard[], facets: Facet[]): ChartCard[] =>
  cards.flatMap((card) =>
    facets.map((facet) => ({ ...card, key: `${card.key} · ${facet.words}`, section: card.metric, facet })),
  );

/** The same for each of its splits; an expression stays whole. */
export const cardsBySplit = (cards: ChartCard[]): ChartCard[] =>
  cards.flatMap((card) =>
    card.expression || card.series.length === 1
      ? [card]
      : card.series.map((one) => {
          const words = one.split ?? "no split";
          const key = `${card.key} · ${words}`;
          return { ...card, key, section: card.metric, series: [one], facet: { words, owners: null } };
        }),
  );

/** Charts that stand under one heading, and are closed together. */
export type ChartSection = {
  /** Names it in the address. */
  key: string;
  title: string;
  /** At least one. */
  cards: ChartCard[];
};

/** No section of a metric's name can have a slash. */
const PINNED = "/pinned";
const EXPRESSIONS = "/expressions";
const titles = new Map([
  [PINNED, "Pinned"],
  [EXPRESSIONS, "Expressions"],
  ["", "Metrics"],
]);

/** The pinned cards, then the others by section; the sections and their cards in the order of the cards. */
export function sectionsOf(cards: readonly ChartCard[], pinned: readonly string[]): ChartSection[] {
  const keyOf = ({ metric, section }: ChartCard) => (pinned.includes(metric) ? PINNED : section);
  const byKey = new Map<string, ChartCard[]>();
  for (const card of cards) byKey.set(keyOf(card), [...(byKey.get(keyOf(card)) ?? []), card]);
  return [...byKey]
    .sort(([a], [b]) => Number(b === PINNED) - Number(a === PINNED))
    .map(([key, members]) => ({ key, title: titles.get(key) ?? key, cards: members }));
}

/** The best value that the server knew of, and the first step that has it; null where no direction is declared. */
export function bestKnown({ direction, min, minStep, max, maxStep }: CardSeries): BestPoint | null {
  const [value, step] = direction === "min" ? [min, minStep] : direction === "max" ? [max, maxStep] : [null, null];
  return value == null || step == null ? null : { value, step };
}

/** The same of points: an envelope has the extremes among them. */
export function bestOf(
  { steps, values }: Pick<PointSeries, "steps" | "values">,
  direction: Direction | null,
): BestPoint | null {
  if (direction !== "min" && direction !== "max") return null;
  let best: BestPoint | null = null;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isFinite(value)) continue;
    if (best === null || (direction === "min" ? value < best.value : value > best.value))
      best = { value, step: steps[index]! };
  }
  return best;
}

/** The cards whose name holds each of the words, in any case. */
export function cardsNamed(cards: ChartCard[], wanted: string): ChartCard[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  return cards.filter(({ metric }) => words.every((word) => metric.toLowerCase().includes(word)));
}

const sectionOf = (metric: string): string => /^([^/.]+)[/.]/.exec(metric)?.[1] ?? "";
