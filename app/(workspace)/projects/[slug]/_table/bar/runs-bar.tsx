"use client";
/** The bar above the runs: filter, count, columns, groups, views, charts, CSV and export. */
import { ChartLine, Download, SlidersHorizontal } from "lucide-react";
import Link from "next/link";
import { useId, useMemo, useState } from "react";
import { FilterChips } from "@/app/_ui/domain/filter-chips.tsx";
import { type FilterFault, FilterInput } from "@/app/_ui/domain/filter-input.tsx";
import { ViewsMenu } from "@/app/_ui/domain/views/views-menu.tsx";
import { Button, buttonClass } from "@/app/_ui/parts/button.tsx";
import { exportApi, manifestsHref, runsCsvApi } from "@/app/paths.ts";
import type { RunsColumns } from "@/lib/table/known-columns.ts";
import type { Taken } from "@/lib/table/language/filter-language.ts";
import { filterColumns, filterNames } from "@/lib/table/language/filter-names.ts";
import type { SavedView } from "@/lib/table/views.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import type { ColumnSearch } from "../state/column-search.ts";
import { keyLabel } from "../state/runs-columns.ts";
import { orderInGroups, type RunsView, type ShownColumn, viewQuery } from "../state/runs-view.ts";
import { ColumnsMenu } from "./columns-menu.tsx";

type RunsBarProps = {
  project: { id: string; slug: string; name: string; runCount: number };
  /** `split/metric` of the project's primary metric, or null. */
  primary: string | null;
  view: RunsView;
  shown: ShownColumn[];
  columns: ColumnSearch;
  table: {
    matching: { count: number; isMore: boolean };
    views: SavedView[];
    usesManifests: boolean;
    /** What names of the address's filter were taken for, and the filter of an address that can't be followed. */
    taken: Taken[];
    fault: FilterFault | null;
  };
  show: (change: Partial<RunsView>) => void;
  /** Whether another view is on its way. */
  pending: boolean;
  canShare: boolean;
};

export function RunsBar({ project, primary, view, shown, columns, table, show, pending, canShare }: RunsBarProps) {
  const { known, search } = columns;
  const { matching, views, usesManifests, fault } = table;
  const names = useMemo(() => filterNames(filterColumns(known, primary), known.isCut), [known, primary]);
  const [taken, setTaken] = useState(table.taken);
  const onFilter = (q: string, readAs: Taken[]) => {
    setTaken(readAs);
    show({ q });
  };
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="grid gap-2 px-4 py-2 md:px-6" aria-busy={pending}>
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1 md:gap-y-2">
        <div className="flex w-full items-start gap-2 md:contents">
          <FilterInput value={view.q} names={names} fault={fault} onWord={search} onChange={onFilter} />
          <MoreButton isOpen={isOpen} controls={id} onClick={() => setOpen(!isOpen)} />
        </div>
        <span
          className={`flex items-center text-sm text-muted md:h-8 ${pending ? "opacity-50" : ""}`}
          role="status"
          data-testid="run-count"
        >
          {countWords(matching, project.runCount, view.q !== "")}
        </span>
        {!usesManifests && <NoManifest slug={project.slug} />}
        <div
          id={id}
          className={`flex flex-wrap items-center gap-2 max-md:w-full md:ml-auto ${isOpen ? "" : "max-md:hidden"}`}
        >
          <label className="flex h-8 items-center gap-1.5 text-sm text-muted">
            <input
              type="checkbox"
              checked={view.archived}
              onChange={(event) => show({ archived: event.target.checked })}
            />
            archived
          </label>
          <GroupSelect known={known} view={view} show={show} />
          <ColumnsMenu columns={columns} shown={shown} onChange={(next) => show({ columns: next })} />
          <ViewsMenu project={project} page="runs" query={viewQuery(view)} views={views} canShare={canShare} />
          <Button
            aria-pressed={view.charts}
            onClick={() => show({ charts: !view.charts })}
            className={view.charts ? "bg-hover max-lg:hidden" : ""}
          >
            <ChartLine aria-hidden />
            Charts
          </Button>
          <a
            className={buttonClass()}
            href={csvHref(project.slug, view, shown)}
            download
            title="Every run that matches, with the columns shown"
          >
            <Download aria-hidden />
            CSV
          </a>
          <a
            className={buttonClass()}
            href={exportHref(project.slug, view)}
            download
            title="Every run that matches with its config, summaries and every point, as lines of JSON, without quarantined numbers. The command holdout export writes Parquet and MLflow's file store, too"
          >
            <Download aria-hidden />
            Export
          </a>
        </div>
      </div>
      <FilterChips value={view.q} names={names} taken={taken} onChange={(q) => onFilter(q, [])} />
    </div>
  );
}

/** On a narrow screen what is no filter stands behind this button. */
const MoreButton = ({ isOpen, controls, onClick }: { isOpen: boolean; controls: string; onClick: () => void }) => (
  <Button
    icon
    className="md:hidden"
    aria-label="More of the table"
    aria-expanded={isOpen}
    aria-controls={controls}
    onClick={onClick}
  >
    <SlidersHorizontal aria-hidden />
  </Button>
);

/** Said once where the project has no manifest, in place of a mark at every run. */
const NoManifest = ({ slug }: { slug: string }) => (
  <Link
    href={manifestsHref(slug)}
    prefetch={false}
    className="flex items-center text-sm text-muted md:h-8 underline decoration-line-strong underline-offset-2 hover:text-text"
    title="Nothing says which samples these runs are trained, validated and tested on. A split manifest does, and is checked for leaks: make one."
  >
    no split manifest yet
  </Link>
);

function countWords({ count, isMore }: { count: number; isMore: boolean }, total: number, isFiltered: boolean): string {
  const words = `${isMore ? "more than " : ""}${numberWords(count)}`;
  const runs = count === 1 && !isMore ? "run" : "runs";
  return isFiltered ? `${words} of ${numberWords(total)} runs` : `${words} ${runs}`;
}

function csvHref(slug: string, view: RunsView, shown: ShownColumn[]): string {
  const query = new URLSearchParams();
  for (const name of ["name", "status", ...shown.map((column) => column.name)]) query.append("column", name);
  const sort = orderInGroups(view);
  if (sort) query.set("sort", sort);
  if (view.q) query.set("filter", view.q);
  if (view.archived) query.set("archived", "1");
  return runsCsvApi(slug, query);
}

/** Whoever clicks doesn't mean to learn a test number. */
function exportHref(slug: string, view: RunsView): string {
  const query = new URLSearchParams({ quarantined: "0" });
  if (view.q) query.set("filter", view.q);
  if (view.archived) query.set("archived", "1");
  return exportApi(slug, query);
}

type GroupSelectProps = { known: RunsColumns; view: RunsView; show: (change: Partial<RunsView>) => void };

function GroupSelect({ known, view, show }: GroupSelectProps) {
  const [by] = view.by;
  const listed = known.config.map(({ key }) => key);
  // an address may name a key that is not in the list
  const keys = by?.startsWith("config.") ? [...new Set([by.slice("config.".length), ...listed])].sort() : listed;
  return (
    <label className="flex h-8 items-center gap-1.5 text-sm text-muted">
      Group by
      <select
        value={by ?? ""}
        onChange={(event) => show({ by: event.target.value ? [event.target.value] : [] })}
        className="h-8 max-w-36 rounded-md border border-line-strong bg-raised px-2 text-sm text-text"
      >
        <option value="">nothing</option>
        <option value="replicates">replicates</option>
        <option value="status">status</option>
        <option value="manifest">manifest</option>
        {keys.map((key) => (
          <option key={key} value={`config.${key}`}>
            {keyLabel(key)}
          </option>
        ))}
        {known.isCut && <option disabled>other keys, once they are found under Columns</option>}
      </select>
    </label>
  );
}
