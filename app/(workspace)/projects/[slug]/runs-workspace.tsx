"use client";
/** A project's runs: the bar above, the table, and the charts beside it. The address holds the view. */
import { SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type ReactNode, useCallback, useEffect, useMemo, useOptimistic, useRef, useState, useTransition } from "react";
import { Empty } from "@/app/_ui/empty.tsx";
import type { RunRow, RunsColumns, RunsPage } from "@/lib/table/rows.ts";
import type { SavedView } from "@/lib/table/views.ts";
import { readMoreAction } from "./runs-actions.ts";
import { RunsBar } from "./runs-bar.tsx";
import { type Column, describeColumn } from "./runs-columns.ts";
import { RunsTable } from "./runs-table.tsx";
import { type RunsView, type ShownColumn, viewHref } from "./runs-view.ts";
import { useSelection } from "./selection.ts";
import { SelectionBar } from "./selection-bar.tsx";

// their scripts come when they are asked for
const RunsCharts = dynamic(() => import("./runs-charts.tsx").then((module) => module.RunsCharts), { ssr: false });

export type WorkspaceProps = {
  project: { id: string; slug: string; name: string; runCount: number };
  /** `split/metric` of the project's primary metric, or null. */
  primary: string | null;
  view: RunsView;
  /** Those of the view, or the ones that are shown without a wish. */
  shown: ShownColumn[];
  known: RunsColumns;
  first: RunsPage;
  matching: { count: number; isMore: boolean };
  views: SavedView[];
  can: { update: boolean; remove: boolean };
  /** The groups, where the view asks for some: in place of the rows. */
  groups: ReactNode;
};

export function RunsWorkspace({
  project,
  primary,
  view,
  shown,
  known,
  first,
  matching,
  views,
  can,
  groups,
}: WorkspaceProps) {
  const router = useRouter();
  const { rows, hasMore, readMore } = useRows(project.id, view, shown, first);
  const order = useMemo(() => rows.map(({ id }) => id), [rows]);
  const selection = useSelection(order);
  // controls show at once what was asked for, while the server's answer is on its way
  const [wished, wish] = useOptimistic(view);
  const [pending, startTransition] = useTransition();
  const laidOut = wished.columns ?? shown;
  const columns = useMemo(() => laidOut.map((column) => describeColumn(column, known)), [laidOut, known]);
  const show = (change: Partial<RunsView>) =>
    startTransition(() => {
      const next = { ...wished, ...change };
      wish(next);
      router.replace(viewHref(project.slug, next), { scroll: false });
    });
  const onColumns = (next: Column[]) =>
    show({ columns: next.map(({ name, width, pinned }) => ({ name, width, pinned })) });
  return (
    <>
      <RunsBar
        view={wished}
        shown={laidOut}
        {...{ project, known, matching, views, show, pending, canShare: can.update }}
      />
      {selection.count > 0 && <SelectionBar {...{ project, view, rows, selection, matching, can }} />}
      <div className="flex min-w-0 max-lg:flex-col">
        {groups ? (
          <div className="min-w-0 flex-1">{groups}</div>
        ) : rows.length > 0 ? (
          <RunsTable
            slug={project.slug}
            {...{ view, columns, rows, hasMore, onColumns, selection }}
            onMore={readMore}
            canRename={can.update}
            canDelete={can.remove}
          />
        ) : (
          <Empty icon={SearchX} title="No run matches">
            <p>
              None of the {project.runCount.toLocaleString("en")} runs meets this filter.{" "}
              <Link
                className="text-accent underline"
                href={viewHref(project.slug, { ...view, q: "" })}
                prefetch={false}
              >
                Show all
              </Link>
            </p>
          </Empty>
        )}
        {wished.charts && <RunsCharts {...{ project, rows, known, primary }} selected={selection.ids} />}
      </div>
    </>
  );
}

/** The first page as the server gave it, and those that were read since; a change of the view begins anew. */
function useRows(project: string, view: RunsView, shown: ShownColumn[], first: RunsPage) {
  const key = JSON.stringify([view.q, view.sort, view.archived, shown.map(({ name }) => name)]);
  const [more, setMore] = useState<{ key: string; rows: RunRow[]; next: string | null }>({
    key,
    rows: [],
    next: first.next,
  });
  const reading = useRef(false);
  const current = more.key === key ? more : { key, rows: [], next: first.next };
  const hasOwn = current.rows.length > 0;
  const after = hasOwn ? current.next : first.next;
  const readMore = useCallback(async () => {
    if (reading.current || after === null) return;
    reading.current = true;
    const columns = shown.map(({ name }) => name);
    const query = { columns, sort: view.sort, filter: view.q, archived: view.archived, after, size: 200 };
    const read = await readMoreAction(project, query);
    reading.current = false;
    if (!read.ok) return;
    setMore((before) => ({
      key,
      rows: [...(before.key === key ? before.rows : []), ...read.value.rows],
      next: read.value.next,
    }));
  }, [project, key, after, shown, view.sort, view.q, view.archived]);
  // while runs come in at the top, those that were on the first page move to the ones below
  const rows = useMemo(() => {
    const top = new Set(first.rows.map(({ id }) => id));
    return [...first.rows, ...current.rows.filter(({ id }) => !top.has(id))];
  }, [first.rows, current.rows]);
  const kept = useRef<RunRow[]>(first.rows);
  useEffect(() => {
    if (hasOwn) {
      const there = new Set(rows.map(({ id }) => id));
      const pushed = kept.current.filter(({ id }) => !there.has(id));
      if (pushed.length > 0) setMore((before) => ({ ...before, rows: [...pushed, ...before.rows] }));
    }
    kept.current = first.rows;
  }, [first.rows, rows, hasOwn]);
  return { rows, hasMore: after !== null, readMore };
}
