/** What stands below each other in the table: heads of sections and groups, rows, and what is told of a row. Pure. */
import { isAlike, ratioTo } from "@/lib/compare/aligned-row.ts";
import type { GridRow, MetricCells, SectionName, ValueRow } from "./grid-data.ts";

export const sectionTitles: Record<SectionName, string> = {
  identity: "Identity",
  config: "Config",
  metrics: "Metrics",
  evaluations: "Evaluations",
  data: "Data",
  code: "Code",
  environment: "Environment",
};
const sections = Object.keys(sectionTitles) as SectionName[];
/** Sections in which rows that say nothing are left out: of numbers people want to see what all have. */
const telling: readonly SectionName[] = ["identity", "config", "data", "code", "environment"];

export type GridItem =
  | { kind: "section"; section: SectionName; height: number; rows: number; alike: number; isOpen: boolean }
  | { kind: "group"; section: SectionName; height: number; label: string }
  | { kind: "row"; section: SectionName; height: number; row: GridRow; isOpen: boolean }
  | { kind: "detail"; section: SectionName; height: number; row: GridRow };

/** In pixels, and nothing makes them higher: what comes later moves nothing. */
const HEIGHT = { section: 32, group: 26, value: 32, figures: 50 } as const;
export const DETAIL = { line: 24, room: 20, max: 340, text: 132 } as const;
export const heightOf = (row: GridRow): number => (row.kind === "value" ? HEIGHT.value : HEIGHT.figures);

export type ItemsAsked = {
  rows: readonly GridRow[];
  /** Places of the runs in sight. */
  shown: readonly number[];
  /** Keys of rows that are shown though all are alike. */
  telling?: ReadonlySet<string>;
  pinned: readonly string[];
  closed: readonly string[];
  /** Keys of rows whose detail is open. */
  opened: readonly string[];
  find: string;
  all: boolean;
};

const wordsOf = (find: string): string[] => find.toLowerCase().split(/\s+/).filter(Boolean);
const isFound = (row: GridRow, words: string[]): boolean => {
  const name = `${row.prefix === "" || row.kind === "metric" ? "" : `${row.prefix}.`}${row.label}`.toLowerCase();
  return words.every((word) => name.includes(word));
};

/** Whether all runs in sight have the same in it; of one run alone nothing can be said. */
export const isAlikeIn = (row: GridRow, shown: readonly number[]): boolean =>
  row.kind === "value" && shown.length > 1 && isAlike({ at: shown.map((run) => row.at[run]!) });

export function itemsOf({ rows, shown, telling: kept, pinned, closed, opened, find, all }: ItemsAsked): GridItem[] {
  const words = wordsOf(find);
  return sections.flatMap((section): GridItem[] => {
    const own = rows.filter((row) => row.section === section && !pinned.includes(row.id) && isFound(row, words));
    if (own.length === 0) return [];
    const alike = telling.includes(section) ? own.filter((row) => isAlikeIn(row, shown) && !kept?.has(row.id)) : [];
    const left = all ? own : own.filter((row) => !alike.includes(row));
    const isOpen = !closed.includes(section);
    const head: GridItem = {
      kind: "section",
      section,
      height: HEIGHT.section,
      rows: own.length,
      alike: alike.length,
      isOpen,
    };
    return isOpen ? [head, ...grouped(left, section, opened, shown.length)] : [head];
  });
}

function grouped(rows: GridRow[], section: SectionName, opened: readonly string[], runs: number): GridItem[] {
  return rows.flatMap((row, at): GridItem[] => {
    const isOpen = opened.includes(row.id);
    const isFirst = row.prefix !== "" && row.prefix !== rows[at - 1]?.prefix;
    return [
      ...(isFirst ? [{ kind: "group", section, height: HEIGHT.group, label: row.prefix } as const] : []),
      { kind: "row", section, height: heightOf(row), row, isOpen },
      ...(isOpen ? [{ kind: "detail", section, height: detailHeight(row, runs), row } as const] : []),
    ];
  });
}

export const detailHeight = (row: GridRow, runs: number): number =>
  row.kind === "value" ? DETAIL.text : Math.min(DETAIL.max, DETAIL.room + DETAIL.line * (runs + 1));

/** Where each item begins, and at last where all end. */
export function offsetsOf(items: readonly { height: number }[]): number[] {
  const offsets = [0];
  for (const { height } of items) offsets.push(offsets.at(-1)! + height);
  return offsets;
}

/** Of a row of values the runs in sight that have another one than the baseline. */
export const differingIn = (row: ValueRow, shown: readonly number[], baseline: number): number[] =>
  shown.filter((run) => row.at[run] !== row.at[baseline]);

/** Of a metric the runs that are better or worse than the baseline. */
export const toldIn = ({ differences }: MetricCells, shown: readonly number[]): number[] =>
  shown.filter((run) => differences[run]?.[0] === "better" || differences[run]?.[0] === "worse");

export const valueAt = (row: ValueRow, run: number) => (row.at[run]! < 0 ? undefined : row.choices[row.at[run]!]);
export const ratioAt = (row: ValueRow, run: number, baseline: number): number | null =>
  row.show === "config" ? ratioTo(valueAt(row, run), valueAt(row, baseline)) : null;
