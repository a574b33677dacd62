"use client";
/** A project's runs: the bar above, the table, and the charts beside it, on phones behind it. The address holds the view. */
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import {
  type CSSProperties,
  useDeferredValue,
  useEffect,
  useMemo,
  useOptimistic,
  useRef,
  useState,
  useTransition,
} from "react";
import type { FilterFault } from "@/app/_ui/domain/filter-input.tsx";
import { SightContext } from "@/app/_ui/domain/sight.tsx";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { useLater } from "@/app/_ui/parts/later.ts";
import { newPointedStore, PointedContext } from "@/app/_ui/parts/pointed.ts";
import type { Groups } from "@/lib/table/groups.ts";
import type { RunsColumns } from "@/lib/table/known-columns.ts";
import type { Taken } from "@/lib/table/language/filter-language.ts";
import type { RunRow, RunsPage } from "@/lib/table/rows.ts";
import type { SavedView } from "@/lib/table/views.ts";
import { parseSeriesKey } from "@/lib/wire/points/series-name.ts";
import { RunsBar } from "./bar/runs-bar.tsx";
import { ChartsPane } from "./charts-pane.tsx";
import { NarrowTabs, useNarrowPart } from "./narrow-tabs.tsx";
import { RunsTable } from "./rows/runs-table.tsx";
import { useColumnSearch } from "./state/column-search.ts";
import { comparedHref } from "./state/compared.ts";
import { useRowKeys } from "./state/row-keys.ts";
import { describeColumn } from "./state/runs-columns.ts";
import { type RunsView, type ShownColumn, viewHref } from "./state/runs-view.ts";
import type { GivenSight, NarrowPart } from "./state/sight-address.ts";
import { groupsInSight, runsInSight } from "./state/sight-items.ts";
import { useRows } from "./state/use-rows.ts";
import { useSelection } from "./state/use-selection.ts";
import { useTableSight } from "./state/use-sight.ts";

// few readers open it, so its script loads only when it is shown
const GroupsTable = dynamic(() => import("./groups/groups-table.tsx").then((module) => module.GroupsTable));
const loadSelectionBar = () => import("./bar/selection-bar.tsx").then((module) => module.SelectionBar);
// of tables with few rows or none
const NextSteps = dynamic(() => import("./next-steps.tsx").then((module) => module.NextSteps));
const AllArchived = dynamic(() => import("./rows/no-match.tsx").then((module) => module.AllArchived));
const NoMatch = dynamic(() => import("./rows/no-match.tsx").then((module) => module.NoMatch));
// without a `loading` of its own the whole table would wait for it
const SelectionBar = dynamic(loadSelectionBar, { loading: () => null });
const prepareSelectionBar = () => void loadSelectionBar().catch(() => {});

/** A longer table fills the window. */
const SHORT_TABLE = 12;

/** What the server read for the view. */
type TableData = {
  /** The columns of the view, or those that are shown where it names none. */
  shown: ShownColumn[];
  known: RunsColumns;
  first: RunsPage;
  /** Where the filter finds no run: some of all runs. */
  others: RunRow[];
  /** What the address selects: all that match, or these. */
  selected: { all: boolean; rows: RunRow[] };
  /** What the address says of the curves, and the runs that it brings in. */
  brought: { given: GivenSight; rows: RunRow[]; part: NarrowPart };
  matching: { count: number; isMore: boolean };
  views: SavedView[];
  /** Whether the project has manifests: else no run is blamed for citing none. */
  usesManifests: boolean;
  /** They are shown in place of the rows where the view asks for groups. */
  groups: Groups | null;
  /** What names of the view's filter were taken for. */
  taken: Taken[];
  /** The filter that was asked for, where the server couldn't follow it: the view has none. */
  fault: FilterFault | null;
};

type RunsWorkspaceProps = {
  project: { id: string; slug: string; name: string; runCount: number; replicateIgnores: string[] };
  /** `split/metric` of the project's primary metric, or null. */
  primary: string | null;
  view: RunsView;
  table: TableData;
  can: { update: boolean; remove: boolean };
};

export function RunsWorkspace({ project, primary, can, ...given }: RunsWorkspaceProps) {
  const { view, table } = useFollowed(project.slug, given);
  const { shown, first, selected, matching, usesManifests, groups, brought } = table;
  const { rows, ...reading } = useRows(project.id, view, shown, first);
  const selection = useSelection(view, rows, selected);
  const search = useColumnSearch(project.id, table.known);
  const { known } = search;
  const { wished, pending, show } = useWishedView(project.slug, view);
  const laidOut = wished.columns ?? shown;
  const columns = useMemo(() => laidOut.map((column) => describeColumn(column, known)), [laidOut, known]);
  const hasSelected = selection.rows.length > 0;
  const place = useRef<HTMLDivElement>(null);
  useLater(prepareSelectionBar);
  const compare = useCompare(comparedHref(project.slug, view, rows, selection));
  useRowKeys(place, { onEscape: () => selection.set([]), onCompare: compare });
  const last = useLastRows(rows, table.others);
  const { seen, sight, drawn } = useSeen({ view, wished, table, selection, last });
  const [pointed] = useState(newPointedStore);
  const [part, setPart] = useNarrowPart(brought.part);
  const isShort = rows.length <= SHORT_TABLE && !reading.hasMore && view.q === "";
  const tableOf = (some: RunRow[], read: typeof reading | null) => (
    <RunsTable
      slug={project.slug}
      view={wished}
      columns={columns}
      rows={some}
      reading={read}
      show={show}
      selection={selection}
      can={can}
      usesManifests={usesManifests}
    />
  );
  return (
    <>
      <RunsBar
        project={project}
        primary={primary}
        view={wished}
        shown={laidOut}
        columns={search}
        table={table}
        show={show}
        pending={pending}
        canShare={can.update}
      />
      {hasSelected && (
        <SelectionBar
          project={project}
          view={view}
          rows={rows}
          selection={selection}
          tags={known.tags}
          matching={matching}
          can={can}
        />
      )}
      <SightContext value={sight}>
        <PointedContext value={pointed}>
          {wished.charts && <NarrowTabs shown={part} onShow={setPart} />}
          <div ref={place} className="flex min-w-0" style={{ "--charts": `${wished.chartsShare}%` } as CSSProperties}>
            <div className={`flex min-w-0 flex-1 ${wished.charts && part === "charts" ? "max-lg:hidden" : ""}`}>
              {rows.length === 0 ? (
                view.q === "" ? (
                  <AllArchived project={project} view={view} />
                ) : (
                  <NoMatch project={project} view={view}>
                    {tableOf(last, null)}
                  </NoMatch>
                )
              ) : groups ? (
                <GroupsTable
                  project={project}
                  // who sorts by one column and at once by another means both
                  view={{ ...view, sort: wished.sort, thenBy: wished.thenBy }}
                  groups={groups}
                  columns={columns}
                  show={show}
                  selection={selection}
                  can={can}
                  usesManifests={usesManifests}
                />
              ) : (
                <div className="min-w-0 flex-1">
                  {tableOf(rows, reading)}
                  {isShort && (
                    <NextSteps
                      slug={project.slug}
                      runs={rows.length}
                      usesManifests={usesManifests}
                      hasPrimary={primary !== null}
                      canUpdate={can.update}
                    />
                  )}
                </div>
              )}
            </div>
            {wished.charts && (
              <ChartsPane
                project={project}
                drawn={drawn}
                known={known}
                primaryMetric={primary === null ? null : parseSeriesKey(primary).metric}
                isGrouped={groups !== null}
                note={seen.note}
                isInFront={part === "charts"}
                view={wished}
                show={show}
              />
            )}
          </div>
        </PointedContext>
      </SightContext>
    </>
  );
}

/** The view as controls show it: at once what was asked for, while the server's answer is on its way. */
function useWishedView(slug: string, view: RunsView) {
  const router = useRouter();
  const [wished, wish] = useOptimistic(view);
  const [pending, startTransition] = useTransition();
  const show = (change: Partial<RunsView>) =>
    startTransition(() => {
      const next = { ...wished, ...change };
      wish(next);
      router.replace(viewHref(slug, next), { scroll: false });
    });
  return { wished, pending, show };
}

type Seen = {
  view: RunsView;
  wished: RunsView;
  table: TableData;
  selection: ReturnType<typeof useSelection>;
  last: RunRow[];
};

/** What of the table has curves and marks, which follow once boxes and rows have answered. */
function useSeen({ view, wished, table: { groups, brought }, selection, last }: Seen) {
  const inSight = useMemo(
    () => (groups ? groupsInSight(groups, view.by) : runsInSight(last, selection, brought.rows)),
    [groups, view.by, last, selection, brought.rows],
  );
  const seen = useDeferredValue(inSight);
  return { seen, ...useTableSight(seen.first, seen.others, brought.given, wished.charts) };
}

/** Goes to the selected runs side by side; without any to the group's of the row, else it says what to do. */
function useCompare(href: string | null): (pressRow: (() => unknown) | null) => void {
  const router = useRouter();
  const toast = useToast();
  return (pressRow) => {
    if (href !== null) router.push(href);
    else if (pressRow) pressRow();
    else toast({ title: "Select the runs to compare with x, then press c." });
  };
}

type GivenView = Pick<RunsWorkspaceProps, "view" | "table">;

/**
 * The last view that the server could follow. A filter that it can't stays in the field with what is wrong, and the
 * address goes back to that view.
 */
function useFollowed(slug: string, given: GivenView): GivenView {
  const router = useRouter();
  const [followed, setFollowed] = useState(given);
  const [fault, setFault] = useState(given.table.fault);
  if (given.table !== followed.table && !given.table.fault) {
    if (followed.view.q !== given.view.q) setFault(null);
    setFollowed(given);
  }
  const refused = given.table !== followed.table ? given.table.fault : null;
  if (refused && (refused.text !== fault?.text || refused.message !== fault.message)) setFault(refused);
  const back = viewHref(slug, followed.view);
  useEffect(() => {
    if (refused) router.replace(back, { scroll: false });
  }, [refused, back, router]);
  return useMemo(() => ({ view: followed.view, table: { ...followed.table, fault } }), [followed, fault]);
}

/** The rows that stood in the table last, or else `others`. */
function useLastRows(rows: RunRow[], others: RunRow[]): RunRow[] {
  const last = useRef(others);
  if (rows.length > 0) last.current = rows;
  return last.current;
}
