"use client";
import { SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type CSSProperties, useMemo, useOptimistic, useTransition } from "react";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import type { Groups } from "@/lib/table/groups.ts";
import type { RunsColumns } from "@/lib/table/known-columns.ts";
import type { RunRow, RunsPage } from "@/lib/table/rows.ts";
import type { SavedView } from "@/lib/table/views.ts";
/** A project's runs: the bar above, the table, and the charts beside it. The address holds the view. */
import { parseSeriesKey } from "@/lib/wire/series-name.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { useColumnSearch } from "./column-search.ts";
import { useRows } from "./rows.ts";
import { RunsBar } from "./runs-bar.tsx";
import { describeColumn } from "./runs-columns.ts";
import { RunsTable } from "./runs-table.tsx";
import { type RunsView, type ShownColumn, viewHref } from "./runs-view.ts";
import { useSelection } from "./selection.ts";
import { SelectionBar } from "./selection-bar.tsx";
import { SplitHandle } from "./split-handle.tsx";

// their scripts come when they are asked for
const GroupsTable = dynamic(() => import("./groups-table.tsx").then((module) => module.GroupsTable));
const RunsCharts = dynamic(() => import("./runs-charts.tsx").then((module) => module.RunsCharts), { ssr: false });

export type WorkspaceProps = {
  project: { id: string; slug: string; name: string; runCount: number; replicateIgnores: string[] };
  /** `split/metric` of the project's primary metric, or null. */
  primary: string | null;
  view: RunsView;
  /** Those of the view, or the ones that are shown without a wish. */
  shown: ShownColumn[];
  known: RunsColumns;
  first: RunsPage;
  /** What the address selects: all that match, or these. */
  selected: { all: boolean; rows: RunRow[] };
  matching: { count: number; isMore: boolean };
  views: SavedView[];
  can: { update: boolean; remove: boolean };
  /** The groups, where the view asks for some: in place of the rows. */
  groups: Groups | null;
};

export function RunsWorkspace({
  project,
  primary,
  view,
  shown,
  known: listed,
  first,
  selected,
  matching,
  views,
  can,
  groups,
}: WorkspaceProps) {
  const router = useRouter();
  const { rows, ...reading } = useRows(project.id, view, shown, first);
  const selection = useSelection(view, rows, selected);
  const search = useColumnSearch(project.id, listed);
  const { known } = search;
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
  return (
    <>
      <RunsBar
        view={wished}
        shown={laidOut}
        columns={search}
        {...{ project, matching, views, show, pending, canShare: can.update }}
      />
      {selection.rows.length > 0 && <SelectionBar {...{ project, view, rows, selection, matching, can }} />}
      <div className="flex min-w-0 max-lg:flex-col" style={{ "--charts": `${wished.chartsShare}%` } as CSSProperties}>
        {groups ? (
          <GroupsTable {...{ project, view, groups, columns, selection }} />
        ) : rows.length > 0 ? (
          <RunsTable
            slug={project.slug}
            view={wished}
            {...{ columns, rows, reading, show, selection }}
            canRename={can.update}
            canDelete={can.remove}
          />
        ) : (
          <NoRows project={project} view={view} />
        )}
        {wished.charts && (
          <>
            <SplitHandle share={wished.chartsShare} onShare={(chartsShare) => show({ chartsShare })} />
            <RunsCharts
              {...{ project, rows, known, selection }}
              primaryMetric={primary === null ? null : parseSeriesKey(primary).metric}
            />
          </>
        )}
      </div>
    </>
  );
}

/** A filter that no run meets, or a project whose runs are all archived. */
function NoRows({ project: { slug, runCount }, view }: Pick<WorkspaceProps, "project" | "view">) {
  const isFiltered = view.q !== "";
  const runs = runCount === 1 ? "The one run" : `All ${numberWords(runCount)} runs`;
  return (
    <div className="min-w-0 flex-1">
      <Empty icon={SearchX} title="No run matches">
        <p>
          {isFiltered
            ? `None of the ${numberWords(runCount)} runs meets this filter.`
            : `${runs} ${runCount === 1 ? "is" : "are"} archived.`}{" "}
          <Link
            className="text-accent underline"
            href={viewHref(slug, isFiltered ? { ...view, q: "" } : { ...view, archived: true })}
            prefetch={false}
          >
            {isFiltered ? "Show all" : "Show archived ones"}
          </Link>
        </p>
      </Empty>
    </div>
  );
}
