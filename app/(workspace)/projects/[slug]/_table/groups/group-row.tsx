"use client";
import { ChevronRight, Scale } from "lucide-react";
import Link from "next/link";
import { useId, useState } from "react";
import { SightEye, SightMark, usePointing } from "@/app/_ui/domain/sight.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { wholeText } from "@/lib/runs/long-text.ts";
import type { Group, GroupSummary } from "@/lib/table/groups.ts";
import { parseFilter } from "@/lib/table/language/filter-language.ts";
import { joinChips, printFilter } from "@/lib/table/language/filter-print.ts";
import type { Filter } from "@/lib/table/language/filter-tree.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { filteredHref } from "../state/compared.ts";
import type { TableColumn } from "../state/runs-columns.ts";
import { orderInGroups, type RunsView, viewHref } from "../state/runs-view.ts";
import { groupName } from "../state/sight-address.ts";
import { groupWords } from "../state/sight-items.ts";
import type { TableSelection } from "../state/use-selection.ts";
import { CodeDiffers, ManifestDoubts, SeedAgain } from "./group-doubts.tsx";
import { GroupRuns } from "./group-runs.tsx";

type GroupRowProps = {
  project: { id: string; slug: string };
  view: RunsView;
  group: Group;
  /** The metrics whose summaries are shown. */
  columns: TableColumn[];
  selection: TableSelection;
  /** How the numbers of each column are written. */
  formats: ((value: number) => string)[];
  isReplicates: boolean;
  can: { update: boolean; remove: boolean };
  usesManifests: boolean;
};

/** A group, and its runs below it once it is opened. */
export function GroupRow(props: GroupRowProps) {
  const { project, view, group, columns, formats, selection, isReplicates, can, usesManifests } = props;
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const q = groupFilter(view.q, group.key);
  const href = viewHref(project.slug, { ...view, by: [], sort: orderInGroups(view), thenBy: "", q });
  const words = groupWords(group, view.by);
  const title = groupWords(group, view.by, wholeText);
  const name = groupName(group.key);
  const pointing = usePointing(name);
  return (
    <>
      <tr className="group" {...pointing}>
        <td className="sticky left-0 z-10 max-w-56 bg-bg group-hover:bg-hover group-data-pointed:bg-hover md:max-w-110">
          <span className="flex items-center gap-2">
            <button
              type="button"
              data-cursor
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
            <span className="flex shrink-0 items-center gap-0.5">
              <SightEye id={name} name={words} />
              <SightMark id={name} />
            </span>
            <Link href={href} prefetch={false} title={title} className="truncate font-medium hover:underline">
              {words}
            </Link>
            {isReplicates && <Seeds group={group} />}
            {group.repeated > 0 && <SeedAgain group={group} />}
            {isReplicates && group.codeDiffers && <CodeDiffers />}
            {usesManifests && <ManifestDoubts group={group} />}
            {group.count > 1 && <CompareGroup href={filteredHref(project.slug, view, q)} words={words} />}
          </span>
        </td>
        <td className="number">{group.count === 1 ? "n = 1" : numberWords(group.count)}</td>
        {columns.map(({ name }, at) => (
          <td key={name} className="number border-l" title={summaryTitle(group.summaries[name])}>
            <SummaryCell summary={group.summaries[name]} count={group.count} format={formats[at]!} />
          </td>
        ))}
      </tr>
      {isOpen && (
        <GroupRuns
          id={id}
          project={project}
          group={group}
          columns={columns}
          selection={selection}
          can={can}
          href={href}
          query={{ filter: q, sort: orderInGroups(view), archived: view.archived }}
        />
      )}
    </>
  );
}

/** In sight where the pointer or the focus is, and always on a touch screen. */
const CompareGroup = ({ href, words }: { href: string; words: string }) => (
  <Link
    href={href}
    prefetch={false}
    aria-keyshortcuts="c"
    aria-label={`Compare the runs of ${words}`}
    title="Its runs side by side (c)"
    className={`${buttonClass("ghost", true)} -my-1 ml-auto h-7 w-7 opacity-0 group-focus-within:opacity-100
      group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100`}
  >
    <Scale aria-hidden />
  </Link>
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

type SummaryCellProps = { summary: GroupSummary | undefined; count: number; format: (value: number) => string };

function SummaryCell({ summary, count, format }: SummaryCellProps) {
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
function groupFilter(q: string, key: Group["key"]): string {
  const parts = Object.entries(key).map(([column, value]): Filter => {
    if (value === null) return { kind: "null", column, negated: false };
    if (typeof value === "object") return { kind: "digest", column, sha256: value.sha256 };
    const type = typeof value === "number" ? ("number" as const) : ("text" as const);
    return { kind: "compare", column, op: "=", value: { type, value } as never };
  });
  return printFilter(joinChips([...(q ? [parseFilter(q)] : []), ...parts]));
}
