"use client";
/** Runs in groups: how many, and the mean of each metric over all of them with its 95 % interval. A group opens in place. */
import { ChevronRight, Download } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useId, useState, useTransition } from "react";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { download, fileName } from "@/app/_ui/parts/download.ts";
import { runColor } from "@/app/_ui/parts/run-color.ts";
import { projectSettingsHref } from "@/app/paths.ts";
import { shownText, wholeText } from "@/lib/runs/long-text.ts";
import { type Filter, joinChips, parseFilter, printFilter } from "@/lib/table/filter-language.ts";
import type { Group, GroupSummary, Groups } from "@/lib/table/groups.ts";
import { columnFormat, numberWords } from "@/lib/words/numbers.ts";
import { groupsCsvAction } from "../state/runs-actions.ts";
import { keyLabel, type TableColumn } from "../state/runs-columns.ts";
import { type RunsView, viewHref } from "../state/runs-view.ts";
import { unreachable } from "../state/use-rows.ts";
import type { TableSelection } from "../state/use-selection.ts";
import { GroupRuns } from "./group-runs.tsx";

type GroupsTableProps = {
  project: { id: string; slug: string; replicateIgnores: string[] };
  view: RunsView;
  groups: Groups;
  /** Those of the view; the ones that are summaries of metrics are shown. */
  columns: TableColumn[];
  selection: TableSelection;
};

export function GroupsTable({ project, view, groups: { groups, isCut }, columns: all, selection }: GroupsTableProps) {
  const isReplicates = view.by.includes("replicates");
  const columns = all.filter(({ kind }) => kind === "metric");
  const formats = columns.map(({ name }) =>
    columnFormat(groups.flatMap(({ summaries }) => (summaries[name]?.n ? [summaries[name].mean] : []))),
  );
  const toast = useToast();
  const [isSaving, startSaving] = useTransition();
  const save = () =>
    startSaving(async () => {
      const query = {
        by: view.by,
        summaries: columns.map(({ name }) => name),
        filter: view.q,
        archived: view.archived,
      };
      const made = await groupsCsvAction(project.id, query).catch(unreachable);
      if (made.ok) download(`${fileName(project.slug)}-groups.csv`, made.value);
      else toast({ title: `The groups couldn't be saved: ${made.error}`, tone: "danger" });
    });
  return (
    <div className="relative max-h-[calc(100dvh-96px)] min-w-0 flex-1 overflow-auto md:max-h-[calc(100dvh-148px)]">
      <div className="sticky left-0 flex flex-wrap items-center gap-x-4 px-4 pb-1 text-sm text-muted md:px-6">
        {isReplicates && <WhatReplicatesAre project={project} />}
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
      </div>
      <table className="table bleed" data-testid="groups">
        <thead className="sticky top-0 z-20 bg-bg">
          <tr className="[&>*]:h-6 [&>*]:border-b-0">
            <td className="sticky left-0 z-10 bg-bg" />
            <td />
            {columns.map(({ name, group }) => (
              <th key={name} scope="col" className="number border-l border-line font-normal" title={name}>
                {group}
              </th>
            ))}
          </tr>
          <tr>
            <th scope="col" className="sticky left-0 z-10 bg-bg">
              {isReplicates ? "Replicates" : view.by.map(byLabel).join(", ")}
            </th>
            <th scope="col" className="number">
              Runs
            </th>
            {columns.map(({ name, label }) => (
              <th key={name} scope="col" className="number border-l" title={name}>
                {label}, mean ± 95 %
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <GroupRows
              key={JSON.stringify(group.key)}
              {...{ project, view, group, columns, formats, selection, isReplicates }}
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

type GroupRowsProps = Pick<GroupsTableProps, "project" | "view" | "columns" | "selection"> & {
  group: Group;
  formats: ((value: number) => string)[];
  isReplicates: boolean;
};

function GroupRows({ project, view, group, columns, formats, selection, isReplicates }: GroupRowsProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const q = within(view.q, group.key);
  const href = viewHref(project.slug, { ...view, by: [], q });
  const words = isReplicates ? group.members[0]!.name : keyWords(group.key, shownText);
  const title = isReplicates ? words : keyWords(group.key, wholeText);
  return (
    <>
      <tr className="group">
        <td className="sticky left-0 z-10 max-w-56 bg-bg group-hover:bg-hover md:max-w-110">
          <span className="flex items-center gap-2">
            <button
              type="button"
              aria-expanded={isOpen}
              aria-controls={isOpen ? id : undefined}
              aria-label={`Runs of ${words}`}
              onClick={() => setOpen(!isOpen)}
              onKeyDown={({ key }) => {
                if (key === "ArrowRight") setOpen(true);
                if (key === "ArrowLeft") setOpen(false);
              }}
              className="-ml-1 flex size-6 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
            >
              <ChevronRight aria-hidden className={`size-4 transition-transform ${isOpen ? "rotate-90" : ""}`} />
            </button>
            {isReplicates && <Dots members={group.members} />}
            <Link href={href} prefetch={false} title={title} className="truncate font-medium hover:underline">
              {words}
            </Link>
            {isReplicates && <Seeds group={group} />}
            {group.repeated > 0 && <SeedAgain group={group} />}
            {isReplicates && group.codeDiffers && <CodeDiffers />}
            <Manifests group={group} />
          </span>
        </td>
        <td className="number">{group.count === 1 ? "n = 1" : numberWords(group.count)}</td>
        {columns.map(({ name }, at) => (
          <td key={name} className="number border-l" title={summaryTitle(group.summaries[name])}>
            <Summary summary={group.summaries[name]} count={group.count} format={formats[at]!} />
          </td>
        ))}
      </tr>
      {isOpen && (
        <GroupRuns
          {...{ id, project, group, columns, selection, href }}
          query={{ filter: q, sort: view.sort, archived: view.archived }}
        />
      )}
    </>
  );
}

const byLabel = (name: string): string => (name.startsWith("config.") ? keyLabel(name.slice("config.".length)) : name);

const keyWords = (key: Group["key"], textOf: typeof shownText): string =>
  Object.values(key)
    .map((value) => (value === null ? "none" : value === "" ? '""' : textOf(value)))
    .join(", ");

const DOTS = 5;

/** Colours of the newest runs. */
const Dots = ({ members }: Pick<Group, "members">) => (
  <span aria-hidden className="flex shrink-0 gap-0.5 max-md:hidden">
    {members.slice(0, DOTS).map(({ id }) => (
      <span key={id} className="size-2 rounded-full" style={{ background: runColor(id) }} />
    ))}
  </span>
);

function Seeds({ group: { members, count } }: { group: Group }) {
  const runsOf = new Map<number, number>();
  for (const { seed } of members) if (seed !== null) runsOf.set(seed, (runsOf.get(seed) ?? 0) + 1);
  if (runsOf.size === 0) return null;
  const seeds = [...runsOf].sort(([a], [b]) => a - b).map(([seed, runs]) => (runs > 1 ? `${seed} × ${runs}` : seed));
  const words = `${seeds.length === 1 ? "seed" : "seeds"} ${seeds.join(", ")}${count > members.length ? ", …" : ""}`;
  return (
    <span className="truncate text-xs text-muted max-md:hidden" title={words}>
      {words}
    </span>
  );
}

type SummaryProps = { summary: GroupSummary | undefined; count: number; format: (value: number) => string };

function Summary({ summary, count, format }: SummaryProps) {
  if (!summary) return null;
  const { n, mean, low, high, nonFinite } = summary;
  return (
    <>
      {n > 0 && format(mean)}
      {low !== null && high !== null && <span className="text-muted"> ± {format((high - low) / 2)}</span>}
      {(n < count || nonFinite > 0) && (
        <span className="ml-1 text-xs text-muted">
          n = {n}
          {n + nonFinite < count && ` of ${numberWords(count)} runs`}
          {nonFinite > 0 && `, ${nonFinite} not finite`}
        </span>
      )}
    </>
  );
}

function summaryTitle(summary: GroupSummary | undefined): string | undefined {
  if (!summary) return undefined;
  const { n, mean, sd, low, high } = summary;
  if (sd === null) return n === 1 ? `${mean}; one value has no deviation` : undefined;
  return `mean ${mean}, standard deviation ${sd}, 95 % interval ${low} to ${high} (Student's t), n = ${n}`;
}

/** The filter that finds the runs of a group. */
function within(q: string, key: Group["key"]): string {
  const parts = Object.entries(key).map(([column, value]): Filter => {
    if (value === null) return { kind: "null", column, negated: false };
    if (typeof value === "object") return { kind: "digest", column, sha256: value.sha256 };
    const type = typeof value === "number" ? ("number" as const) : ("text" as const);
    return { kind: "compare", column, op: "=", value: { type, value } as never };
  });
  return printFilter(joinChips([...(q ? [parseFilter(q)] : []), ...parts]));
}

const SeedAgain = ({ group: { repeated } }: { group: Group }) => (
  <Doubt title="Runs of one config, manifest and seed count once, with their mean: to repeat a seed is no further replicate">
    {repeated === 1 ? "1 repeats a seed" : `${numberWords(repeated)} repeat a seed`}
  </Doubt>
);

const CodeDiffers = () => (
  <Doubt title="Config and manifest agree, and the captured code doesn't: means over them mix versions of the code">
    code differs
  </Doubt>
);

/** What stands against taking the group's numbers together. */
function Manifests({ group }: { group: Group }) {
  const { count, manifests, uncited, unchecked, overridden } = group;
  const blocked = group.blocked - overridden;
  const words = (runs: number, all: string, some: string) => (runs === count ? all : `${numberWords(runs)} ${some}`);
  return (
    <>
      {uncited > 0 && (
        <Doubt title="They name no split manifest: nothing says which samples they were trained and validated on">
          {words(uncited, "uncited", "uncited")}
        </Doubt>
      )}
      {unchecked > 0 && (
        <Doubt title="The checks of their split manifest aren't done: nothing speaks for their numbers yet">
          {words(unchecked, "not checked yet", "not checked yet")}
        </Doubt>
      )}
      {blocked > 0 && (
        <Doubt title="The checks of their split manifest block it">
          {words(blocked, "manifest blocked", "on a blocked manifest")}
        </Doubt>
      )}
      {overridden > 0 && (
        <Doubt title="The checks of their split manifest block it, and a member wrote why it is used all the same">
          {words(overridden, "blocked, overridden", "on a blocked, overridden manifest")}
        </Doubt>
      )}
      {manifests > 1 && (
        <Doubt title="Their runs were validated on different samples: means over them mix the two">
          {manifests} manifests
        </Doubt>
      )}
    </>
  );
}

const Doubt = ({ title, children }: { title: string; children: ReactNode }) => (
  <span className="shrink-0 rounded-sm bg-warning-soft px-1.5 text-xs whitespace-nowrap text-warning" title={title}>
    {children}
  </span>
);
