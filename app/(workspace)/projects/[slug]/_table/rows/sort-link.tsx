"use client";
/** The label of a column, which sorts by it, with one arrow where the table is sorted so. */
import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import { shownName } from "@/lib/table/language/column-name.ts";
import type { TableColumn } from "../state/runs-columns.ts";
import { type RunsView, sortedBy, viewHref } from "../state/runs-view.ts";

export type Sorting = {
  slug: string;
  view: RunsView;
  show: (change: Partial<RunsView>) => void;
  /** Whether a second column may break the ties of the first. */
  hasSecond: boolean;
  /** The order while none is asked for, as `view.sort` names one. */
  usual: string;
};

/** Where a column stands in the order; null: nowhere. `place`: 1 or 2. */
type ColumnOrder = { direction: "ascending" | "descending"; place: 1 | 2 } | null;

export function orderOf({ view, hasSecond, usual }: Sorting, name: string): ColumnOrder {
  const keys = [view.sort || usual, hasSecond ? view.thenBy : ""];
  for (const [at, key] of keys.entries()) {
    const place = at === 0 ? 1 : 2;
    if (key === name) return { direction: "ascending", place };
    if (key === `-${name}`) return { direction: "descending", place };
  }
  return null;
}

/** Columns that no order goes by. */
const unsorted = ["tags", "notes", "replicates"];

type SortLinkProps = { sorting: Sorting; column: Pick<TableColumn, "name" | "label" | "bestIsLow"> };

export function SortLink({ sorting, column }: SortLinkProps) {
  const { slug, view, show, hasSecond } = sorting;
  const { name, label, bestIsLow } = column;
  if (unsorted.includes(name)) return <span className="truncate">{label}</span>;
  const order = orderOf(sorting, name);
  const Icon = order?.direction === "ascending" ? ArrowUp : ArrowDown;
  const isSecond = hasSecond && view.sort !== "" && order?.place !== 1;
  const change = sortedBy(view, name, bestIsLow, false);
  return (
    <Link
      href={viewHref(slug, { ...view, ...change })}
      prefetch={false}
      // the browser would open a window
      onClick={(event) => {
        if (!event.shiftKey || !hasSecond) return;
        event.preventDefault();
        show(sortedBy(view, name, bestIsLow, isSecond));
      }}
      onNavigate={(event) => {
        event.preventDefault();
        show(change);
      }}
      title={hasSecond ? `${shownName(name)}; with Shift: after the column that is sorted by` : shownName(name)}
      className={`inline-flex max-w-full items-center gap-1 hover:text-text ${order ? "text-text" : ""}`}
      scroll={false}
    >
      <span className="truncate">{label}</span>
      {order && <Icon aria-hidden className="size-3 shrink-0 text-accent" strokeWidth={3} />}
      {order && hasSecond && view.thenBy !== "" && <span className="text-accent">{order.place}</span>}
    </Link>
  );
}
