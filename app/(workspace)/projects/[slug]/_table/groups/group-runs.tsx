"use client";
/** The runs of an opened group, below it: a page of them, and more when they are asked for. */
import Link from "next/link";
import { useEffect, useState } from "react";
import { PendingMark } from "@/app/_ui/domain/pending.tsx";
import { StatusBadge } from "@/app/_ui/domain/status-badge.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { runHref } from "@/app/paths.ts";
import { wholeText } from "@/lib/runs/long-text.ts";
import type { Group } from "@/lib/table/groups.ts";
import type { RunsPage } from "@/lib/table/rows.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { RowMenu } from "../rows/run-row.tsx";
import { readMoreAction } from "../state/runs-actions.ts";
import { formatOf, type TableColumn } from "../state/runs-columns.ts";
import { unreachable } from "../state/use-rows.ts";
import type { TableSelection } from "../state/use-selection.ts";

const PAGE = 50;
/** The server gives no more at once; for more runs the table, filtered to the group, is the better place. */
const SHOWN_MAX = 500;

type GroupRunsProps = {
  id: string;
  project: { id: string; slug: string };
  /** It is another object whenever something changed. */
  group: Group;
  columns: TableColumn[];
  selection: TableSelection;
  can: { update: boolean; remove: boolean };
  /** The filter that finds the runs of the group, and the order of the table. */
  query: { filter: string; sort: string; archived: boolean };
  /** The table with the group's runs alone. */
  href: string;
};

export function GroupRuns({ id, project, group, columns, selection, can, query, href }: GroupRunsProps) {
  const [size, setSize] = useState(PAGE);
  const { page, problem, reread } = useGroupRows(project.id, group, columns, query, size);
  const rows = page?.rows ?? [];
  const formats = columns.map((column) => formatOf(column, rows));
  const left = group.count - rows.length;
  return (
    <>
      {rows.map((row, index) => (
        <tr
          key={row.id}
          id={index === 0 ? id : undefined}
          className="group"
          data-run={row.id}
          aria-selected={selection.has(row.id)}
        >
          <td className="sticky left-0 z-10 max-w-56 bg-bg group-hover:bg-hover md:max-w-110">
            <span className="flex items-center gap-2 pl-7">
              <input
                type="checkbox"
                checked={selection.has(row.id)}
                aria-label={`Select ${row.name}`}
                aria-keyshortcuts="x"
                onChange={() => selection.toggle(row, false)}
              />
              <Link
                href={runHref(project.slug, row.id)}
                prefetch={false}
                data-cursor
                title={row.name}
                className="flex min-w-0 items-center gap-2 hover:underline"
              >
                <span className="truncate">{row.name}</span>
                <PendingMark className="shrink-0" />
              </Link>
              {row.seed !== null && <span className="text-xs text-muted">seed {row.seed}</span>}
              <RowMenu slug={project.slug} row={row} can={can} />
            </span>
          </td>
          <td className="[&>span]:align-middle">
            <StatusBadge status={row.status} reason={row.failureReason} />
          </td>
          {columns.map(({ name }, at) => (
            <td key={name} className="number border-l" title={wholeText(row.values[name] ?? null)}>
              {formats[at]!(row.values[name] ?? null)}
            </td>
          ))}
        </tr>
      ))}
      {(problem !== null || page === null || page.next !== null) && (
        <tr>
          <td colSpan={columns.length + 2} className="text-sm text-muted">
            <span className="flex items-center gap-3 pl-7">
              {problem !== null ? (
                <>
                  <span role="alert" className="text-danger">
                    The runs couldn't be read: {problem}
                  </span>
                  <Button onClick={reread}>Try again</Button>
                </>
              ) : page === null ? (
                "Reading the runs…"
              ) : size < SHOWN_MAX ? (
                <button type="button" className="text-accent underline" onClick={() => setSize(size + PAGE)}>
                  {left > PAGE ? `Show ${PAGE} more of ${numberWords(left)}` : `Show ${left} more`}
                </button>
              ) : (
                <Link href={href} prefetch={false} className="text-accent underline">
                  All {numberWords(group.count)} in the table
                </Link>
              )}
            </span>
          </td>
        </tr>
      )}
    </>
  );
}

/** Reads the first `size` runs, again whenever `group` is another object; the runs that it read last stay until then. */
function useGroupRows(
  project: string,
  group: Group,
  columns: TableColumn[],
  { filter, sort, archived }: GroupRunsProps["query"],
  size: number,
) {
  const [page, setPage] = useState<RunsPage | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const names = JSON.stringify(columns.map(({ name }) => name));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another group says that something changed, another attempt that it is wanted
  useEffect(() => {
    let over = false;
    const query = { columns: JSON.parse(names) as string[], filter, sort, archived, size };
    void readMoreAction(project, query)
      .catch(unreachable)
      .then((read) => {
        if (over) return;
        setProblem(read.ok ? null : read.error);
        if (read.ok) setPage(read.value);
      });
    return () => {
      over = true;
    };
  }, [project, group, names, filter, sort, archived, size, attempt]);
  return { page, problem, reread: () => setAttempt(attempt + 1) };
}
