/** Where the columns of the runs table stand, and how wide they are. Pure. */
import type { CSSProperties } from "react";
import type { TableColumn } from "../state/runs-columns.ts";

/** Whether the values of the column with this name are times or durations. */
export const isTime = (name: string): boolean => ["created", "started", "ended", "duration"].includes(name);
/** In pixels, of a pinned column that nobody gave a width: the one beside it stands where it ends. */
const PINNED_WIDTH = 112;

/** Classes of a cell in the column of names, whose width is `--name` of the table around it. */
export const NAME_CELL = "sticky z-10 bg-bg w-(--name) min-w-(--name) max-w-(--name)";

/** Pinned columns stand first, each where the ones before it end. */
export function cellStyle(columns: TableColumn[], at: number): CSSProperties | undefined {
  const { width: chosen, pinned } = columns[at]!;
  const width = chosen ?? (pinned ? PINNED_WIDTH : null);
  if (width === null) return undefined;
  const before = columns.slice(0, at).reduce((sum, column) => sum + (column.width ?? PINNED_WIDTH), 0);
  return { width, minWidth: width, maxWidth: width, ...(pinned ? { left: `calc(var(--pinned) + ${before}px)` } : {}) };
}

/** Whether the column at `index` is of another group than the one before it. */
export const beginsGroup = (columns: TableColumn[], index: number) =>
  columns[index]?.group !== columns[index - 1]?.group;

type ColumnGroup = { group: string; span: number; key: string; direction: TableColumn["direction"] };

/** Neighbours of one group under one heading, which says which way is better; `key` is the name of the first. */
export function groupsOf(columns: TableColumn[]): ColumnGroup[] {
  const groups: ColumnGroup[] = [];
  for (const [index, { group, name, direction }] of columns.entries())
    if (beginsGroup(columns, index)) groups.push({ group, span: 1, key: name, direction });
    else groups.at(-1)!.span++;
  return groups;
}

/** The columns with one put before another. */
export function moved<T extends { name: string }>(columns: T[], name: string, before: string): T[] {
  const column = columns.find((one) => one.name === name);
  if (!column || name === before) return columns;
  return columns.flatMap((one) => (one.name === name ? [] : one.name === before ? [column, one] : [one]));
}
