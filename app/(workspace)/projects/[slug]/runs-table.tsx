import { ArrowDown, ArrowUp, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { DirectionArrow } from "@/app/_ui/primary-metric.tsx";
import { durationWords } from "@/app/_ui/quantity.ts";
import { runColor } from "@/app/_ui/run-color.ts";
import { RunMenu } from "@/app/_ui/run-menu.tsx";
import { StatusBadge } from "@/app/_ui/status-badge.tsx";
import { Time } from "@/app/_ui/time.tsx";
import type { RunTableRow, RunsTable as Table } from "@/lib/runs/table.ts";
import { type Column, runsColumns } from "./runs-columns.ts";
import { nextSort, type RunsView, viewHref } from "./runs-view.ts";

type RunsTableProps = {
  slug: string;
  /** `split/metric` of the project's primary metric, or null. */
  primary: string | null;
  view: RunsView;
  table: Table;
  canRename: boolean;
  canDelete: boolean;
};

/** A run a row; the name stays in sight while the rest scrolls sideways. */
export function RunsTable({ slug, primary, view, table, canRename, canDelete }: RunsTableProps) {
  const columns = runsColumns(table, primary);
  const head = { slug, view };
  return (
    <div className="relative max-h-[calc(100dvh-48px)] overflow-auto md:max-h-[calc(100dvh-132px)]">
      <table className="table bleed" data-testid="runs">
        <thead className="sticky top-0 z-20 bg-bg">
          <tr className="[&>*]:h-6 [&>*]:border-b-0">
            <td className="sticky left-0 z-10 bg-bg" />
            <td />
            {groupsOf(columns).map(({ group, span, key }) => (
              <th key={key} colSpan={span} scope="colgroup" className="border-l border-line pl-3 font-normal">
                {group}
              </th>
            ))}
            <td colSpan={3} className="border-l border-line" />
          </tr>
          <tr>
            <SortHead {...head} column="name" label="Name" bestIsLow className="sticky left-0 z-10 bg-bg" />
            <SortHead {...head} column="status" label="Status" bestIsLow />
            {columns.map((column, index) => (
              <SortHead
                key={column.key}
                {...head}
                column={column.key}
                label={column.label}
                bestIsLow={column.bestIsLow}
                direction={column.direction}
                className={`${column.numeric ? "number" : ""} ${beginsGroup(columns, index) ? "border-l" : ""}`}
              />
            ))}
            <SortHead {...head} column="duration" label="Duration" bestIsLow className="number border-l" />
            <SortHead {...head} column="created" label="Created" bestIsLow={false} className="number" />
            <th>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <Row key={row.id} slug={slug} row={row} columns={columns} canRename={canRename} canDelete={canDelete} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type RowProps = { slug: string; row: RunTableRow; columns: Column[]; canRename: boolean; canDelete: boolean };

function Row({ slug, row, columns, canRename, canDelete }: RowProps) {
  return (
    <tr className="group" data-run={row.id}>
      <td className="sticky left-0 z-10 max-w-36 bg-bg group-hover:bg-hover md:max-w-60">
        <Link
          href={`/projects/${encodeURIComponent(slug)}/runs/${row.id}`}
          className="flex items-center gap-2 font-medium hover:underline"
          title={row.name}
        >
          <span aria-hidden className="size-2 shrink-0 rounded-full" style={{ background: runColor(row.id) }} />
          <span className="truncate">{row.name}</span>
          {row.pointsLost > 0 && <PointsLost count={row.pointsLost} />}
        </Link>
      </td>
      <td className="[&>span]:align-middle">
        <StatusBadge status={row.status} reason={row.failureReason} />
      </td>
      {columns.map((column, index) => {
        const { text, full } = column.cellOf(row);
        return (
          <td
            key={column.key}
            title={full === null ? undefined : String(full)}
            className={`max-w-60 truncate ${column.numeric ? "number" : ""} ${beginsGroup(columns, index) ? "border-l" : ""}
              ${column.label === "best" ? "font-medium" : ""}`}
          >
            {text}
          </td>
        );
      })}
      <td className="number border-l text-muted">{row.durationMs === null ? "" : durationWords(row.durationMs)}</td>
      <td className="number text-muted">
        <Time at={row.createdAt} />
      </td>
      <td className="w-8">
        <RunMenu run={{ id: row.id, name: row.name }} canRename={canRename} canDelete={canDelete} />
      </td>
    </tr>
  );
}

function PointsLost({ count }: { count: number }) {
  const words = `${count.toLocaleString("en")} ${count === 1 ? "point" : "points"} lost`;
  return (
    <span title={words} className="shrink-0 text-warning">
      <TriangleAlert aria-hidden className="size-3.5" />
      <span className="sr-only">{words}</span>
    </span>
  );
}

const beginsGroup = (columns: Column[], index: number) => columns[index]?.group !== columns[index - 1]?.group;

function groupsOf(columns: Column[]): { group: string; span: number; key: string }[] {
  const groups: { group: string; span: number; key: string }[] = [];
  for (const [index, { group, key }] of columns.entries())
    if (beginsGroup(columns, index)) groups.push({ group, span: 1, key });
    else groups.at(-1)!.span++;
  return groups;
}

type SortHeadProps = {
  slug: string;
  view: RunsView;
  column: string;
  label: string;
  bestIsLow: boolean;
  direction?: Column["direction"];
  className?: string;
};

function SortHead({ slug, view, column, label, bestIsLow, direction = null, className = "" }: SortHeadProps) {
  const shown = view.sort || "-created";
  const order = shown === column ? "ascending" : shown === `-${column}` ? "descending" : undefined;
  const Icon = order === "ascending" ? ArrowUp : ArrowDown;
  return (
    <th aria-sort={order} className={className} scope="col">
      <Link
        href={viewHref(slug, { ...view, sort: nextSort(view.sort, column, bestIsLow), page: 1 })}
        className={`inline-flex items-center gap-1 hover:text-text ${order ? "text-text" : ""}`}
        scroll={false}
      >
        {label}
        {(direction === "min" || direction === "max") && <DirectionArrow direction={direction} />}
        {order && <Icon aria-hidden className="size-3 text-accent" strokeWidth={3} />}
      </Link>
    </th>
  );
}
