import type { Direction, Split, WireFloat } from "@/lib/wire/base/words.ts";
import { language } from "@/lib/words/language.ts";

export type CardSeries = {
  split: Split | null;
  metric: string;
  direction: Direction | null;
  unit: string;
  /** How many points the server knew of when it made the page; of a page of one run alone. */
  count?: number;
  /** The last value that it knew then. */
  last?: WireFloat;
};

/** One metric with all its splits: a chart. */
export type ChartCard = {
  metric: string;
  /** The part of the name before its first `/` or `.`; empty: it has no such part. */
  section: string;
  direction: Direction | null;
  unit: string;
  /** At least one, in the order train, validation, test, none. */
  series: CardSeries[];
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
      metric,
      section: sectionOf(metric),
      direction: members[0]!.direction,
      unit: members[0]!.unit,
      series: members.toSorted((a, b) => splitOrder.indexOf(a.split) - splitOrder.indexOf(b.split)),
    }))
    .sort((a, b) => rank(a) - rank(b) || natural.compare(a.section, b.section) || natural.compare(a.metric, b.metric));
}

/** Puts the pinned cards first, and keeps the order otherwise. */
export const pinnedFirst = (cards: ChartCard[], pinned: readonly string[]): ChartCard[] => [
  ...cards.filter(({ metric }) => pinned.includes(metric)),
  ...cards.filter(({ metric }) => !pinned.includes(metric)),
];

/** The cards whose name holds each of the words, in any case. */
export function cardsNamed(cards: ChartCard[], wanted: string): ChartCard[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  return cards.filter(({ metric }) => words.every((word) => metric.toLowerCase().includes(word)));
}

const sectionOf = (metric: string): string => /^([^/.]+)[/.]/.exec(metric)?.[1] ?? "";
