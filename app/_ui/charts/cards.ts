import type { Direction, Split, WireFloat } from "@/lib/wire/base/words.ts";
import { language } from "@/lib/words/language.ts";

export type CardSeries = {
  split: Split | null;
  metric: string;
  direction: Direction | null;
  unit: string;
  /** What the server knew of it when it made the page, of one run. */
  count?: number;
  last?: WireFloat;
};

/** One metric with all its splits: a chart. */
export type ChartCard = {
  metric: string;
  /** What stands before the first `/` or `.` of the name; empty: it stands in none. */
  section: string;
  direction: Direction | null;
  unit: string;
  /** At least one; train, validation, test, none. */
  series: CardSeries[];
};

const splitOrder = ["train", "validation", "test", null];
/** `class_2` comes before `class_10`. */
const natural = new Intl.Collator(language, { numeric: true });

/** The primary metric first; then what stands in no section, with a split before without; then by section and name. */
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

/** Those that are pinned come first, each part in its order. */
export const pinnedFirst = (cards: ChartCard[], pinned: readonly string[]): ChartCard[] => [
  ...cards.filter(({ metric }) => pinned.includes(metric)),
  ...cards.filter(({ metric }) => !pinned.includes(metric)),
];

/** Those whose name holds each of the words, in any case. */
export function cardsNamed(cards: ChartCard[], wanted: string): ChartCard[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  return cards.filter(({ metric }) => words.every((word) => metric.toLowerCase().includes(word)));
}

const sectionOf = (metric: string): string => /^([^/.]+)[/.]/.exec(metric)?.[1] ?? "";
