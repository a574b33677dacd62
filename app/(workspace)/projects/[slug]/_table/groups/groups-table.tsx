"use client";
/** Runs in groups: how many, and the mean of each metric over all of them with its 95 % interval. A group opens in place. */
import { Download } from "lucide-react";
import Link from "next/link";
import { useTransition } from "react";
import { DirectionArrow } from "@/app/_ui/domain/primary-metric.tsx";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { download, fileName } from "@/app/_ui/parts/download.ts";
import { projectSettingsHref } from "@/app/paths.ts";
import type { Groups } from "@/lib/table/groups.ts";
import { shownName } from "@/lib/table/language/column-name.ts";
import { columnFormat } from "@/lib/words/numbers.ts";
import { orderOf, type Sorting, SortLink } from "../rows/sort-link.tsx";
import { groupsCsvAction } from "../state/runs-actions.ts";
import { keyLabel, type TableColumn } from "../state/runs-columns.ts";
import { COUNT_ORDER, type RunsView } from "../state/runs-view.ts";
import { unreachable } from "../state/use-rows.ts";
import type { TableSelection } from "../state/use-selection.ts";
import { GroupRow } from "./group-row.tsx";

type GroupsTableProps = {
  project: { id: string; slug: string; replicateIgnores: string[] };
  view: RunsView;
  groups: Groups;
  /** The columns of the view; of them the summaries of metrics are shown. */
  columns: TableColumn[];
  show: (change: Partial<RunsView>) => void;
  selection: TableSelection;
  can: { update: boolean; remove: boolean };
  usesManifests: boolean;
};

export function GroupsTable(props: GroupsTableProps) {
  const { project, view, groups: answer, columns: all, show, selection, can, usesManifests } = props;
  const { groups, isCut } = answer;
  const isReplicates = view.by.includes("replicates");
  const columns = all.filter(({ kind }) => kind === "metric");
  const formats = columns.map(({ name }) =>
    columnFormat(groups.flatMap(({ summaries }) => (summaries[name]?.n ? [summaries[name].mean] : []))),
  );
  return (
    <div className="relative max-h-[calc(100dvh-96px)] min-w-0 flex-1 overflow-auto md:max-h-[calc(100dvh-148px)]">
      <div className="sticky left-0 flex flex-wrap items-center gap-x-4 px-4 pb-1 text-sm text-muted md:px-6">
        {isReplicates && <WhatReplicatesAre project={project} />}
        <CsvButton project={project} view={view} columns={columns} />
      </div>
      <table className="table bleed" data-testid="groups">
        <GroupsHead
          sorting={{ slug: project.slug, view, show, hasSecond: true, usual: `-${COUNT_ORDER}` }}
          named={isReplicates ? [replicatesColumn] : view.by.map(keyColumn)}
          columns={columns}
        />
        <tbody>
          {groups.map((group) => (
            <GroupRow
              key={JSON.stringify(group.key)}
              project={project}
              view={view}
              group={group}
              columns={columns}
              formats={formats}
              selection={selection}
              isReplicates={isReplicates}
              can={can}
              usesManifests={usesManifests}
            />
          ))}
        </tbody>
      </table>
      {isCut && (
        <p className="px-4 py-2 text-sm text-muted md:px-6">
          These are the {groups.length} largest groups; there are more. A filter narrows them down.
        </p>
      )}
    </div>
  );
}

type HeadColumn = Pick<TableColumn, "name" | "label" | "bestIsLow">;

/** Replicates have the name of the newest of their runs. */
const replicatesColumn: HeadColumn = { name: "name", label: "Replicates", bestIsLow: true };
const countColumn: HeadColumn = { name: COUNT_ORDER, label: "Runs", bestIsLow: false };

const keyColumn = (name: string): HeadColumn => ({
  name,
  label: name.startsWith("config.") ? keyLabel(name.slice("config.".length)) : name,
  bestIsLow: true,
});

type GroupsHeadProps = {
  sorting: Sorting;
  /** The columns that make the groups. */
  named: HeadColumn[];
  columns: TableColumn[];
};

const GroupsHead = ({ sorting, named, columns }: GroupsHeadProps) => (
  <thead className="sticky top-0 z-20 bg-bg">
    <tr className="[&>*]:h-6 [&>*]:border-b-0">
      <td className="sticky left-0 z-10 bg-bg" />
      <td />
      {columns.map(({ name, group, direction }) => (
        <th key={name} scope="col" className="number border-l border-line font-normal" title={shownName(name)}>
          <span className="inline-flex items-center gap-1">
            {group}
            {direction && <DirectionArrow direction={direction} />}
          </span>
        </th>
      ))}
    </tr>
    <tr>
      <th
        scope="col"
        className="sticky left-0 z-10 bg-bg"
        aria-sort={named.map(({ name }) => orderOf(sorting, name)?.direction).find(Boolean)}
      >
        <span className="flex gap-3">
          {named.map((column) => (
            <SortLink key={column.name} sorting={sorting} column={column} />
          ))}
        </span>
      </th>
      <th scope="col" className="number" aria-sort={orderOf(sorting, COUNT_ORDER)?.direction}>
        <SortLink sorting={sorting} column={countColumn} />
      </th>
      {columns.map(({ name, label, bestIsLow }) => (
        <th key={name} scope="col" className="number border-l" aria-sort={orderOf(sorting, name)?.direction}>
          <SortLink sorting={sorting} column={{ name, label: `${label}, mean ± 95 %`, bestIsLow }} />
        </th>
      ))}
    </tr>
  </thead>
);

/** Saves all groups with all that is known of their metrics, texts of any length among them. */
function CsvButton({ project, view, columns }: Pick<GroupsTableProps, "project" | "view" | "columns">) {
  const toast = useToast();
  const [isSaving, startSaving] = useTransition();
  const save = () =>
    startSaving(async () => {
      const query = {
        by: view.by,
        summaries: columns.map(({ name }) => name),
        order: [view.sort, view.thenBy],
        filter: view.q,
        archived: view.archived,
      };
      const made = await groupsCsvAction(project.id, query).catch(unreachable);
      if (made.ok) download(`${fileName(project.slug)}-groups.csv`, made.value);
      else toast({ title: `The groups couldn't be saved: ${made.error}`, tone: "danger" });
    });
  return (
    <Button
      look="ghost"
      className="ml-auto"
      onClick={save}
      disabled={isSaving}
      title="These groups, with mean, deviation and interval of each metric"
    >
      <Download aria-hidden />
      CSV of the groups
    </Button>
  );
}

function WhatReplicatesAre({ project: { slug, replicateIgnores: paths } }: Pick<GroupsTableProps, "project">) {
  return (
    <p>
      Runs with one config and one manifest, the seed aside
      {paths.length > 0 && (
        <>
          , and <span className="font-mono text-xs">{paths.join(", ")}</span>
        </>
      )}
      . Each seed counts once.{" "}
      <Link href={projectSettingsHref(slug, "replicates")} prefetch={false} className="text-accent underline">
        What counts
      </Link>
    </p>
  );
}
