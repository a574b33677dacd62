/** Runs in groups: how many, and the mean of each metric over all of them with its 95 % interval. */
import Link from "next/link";
import type { ReactNode } from "react";
import { columnFormat } from "@/app/_ui/quantity.ts";
import { runColor } from "@/app/_ui/run-color.ts";
import { type Filter, joinChips, parseFilter, printFilter } from "@/lib/table/filter-language.ts";
import type { Group, GroupSummary, Groups } from "@/lib/table/groups.ts";
import type { Column } from "./runs-columns.ts";
import { type RunsView, viewHref } from "./runs-view.ts";

type GroupsTableProps = {
  slug: string;
  view: RunsView;
  groups: Groups /** The metrics of the view. */;
  columns: Column[];
};

export function GroupsTable({ slug, view, groups: { groups, isCut }, columns }: GroupsTableProps) {
  const isReplicates = view.by.includes("replicates");
  const formats = columns.map(({ name }) =>
    columnFormat(groups.flatMap(({ summaries }) => (summaries[name]?.n ? [summaries[name].mean] : []))),
  );
  return (
    <div className="relative min-w-0 overflow-x-auto">
      <table className="table bleed" data-testid="groups">
        <thead>
          <tr>
            <th scope="col">
              {isReplicates ? "Replicates" : view.by.map((name) => name.replace(/^config\./, "")).join(", ")}
            </th>
            <th scope="col" className="number">
              Runs
            </th>
            {columns.map(({ name, group, label }) => (
              <th key={name} scope="col" className="number border-l" title={name}>
                <span className="block font-normal text-muted">{group}</span>
                {label}, mean ± 95 %
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={JSON.stringify([group.key, group.members[0]?.id])}>
              <td className="max-w-100">
                {isReplicates ? <Members slug={slug} group={group} /> : <Key slug={slug} view={view} group={group} />}
                {isReplicates && group.codeDiffers && <CodeDiffers />}
                <Manifests group={group} />
              </td>
              <td className="number">{group.count === 1 ? "n = 1" : group.count.toLocaleString("en")}</td>
              {columns.map(({ name }, at) => (
                <td key={name} className="number border-l" title={summaryTitle(group.summaries[name])}>
                  <Summary summary={group.summaries[name]} count={group.count} format={formats[at]!} />
                </td>
              ))}
            </tr>
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
          {nonFinite > 0 && `, ${nonFinite} not finite`}
        </span>
      )}
    </>
  );
}

function summaryTitle(summary: GroupSummary | undefined): string | undefined {
  if (!summary) return undefined;
  const { n, mean, sd, low, high } = summary;
  if (sd === null) return n === 1 ? `${mean}; one run has no deviation` : undefined;
  return `mean ${mean}, standard deviation ${sd}, 95 % interval ${low} to ${high} (Student's t), n = ${n}`;
}

function Key({ slug, view, group }: { slug: string; view: RunsView; group: Group }) {
  const words = Object.entries(group.key).map(([, value]) => (value === null ? "none" : String(value)));
  const href = viewHref(slug, { ...view, by: [], q: within(view.q, group.key) });
  return (
    <Link href={href} prefetch={false} className="font-medium hover:underline">
      {words.join(", ")}
    </Link>
  );
}

/** The filter that finds the runs of a group. */
function within(q: string, key: Group["key"]): string {
  const parts = Object.entries(key).map(([column, value]): Filter => {
    if (value === null) return { kind: "null", column, negated: false };
    const type = typeof value === "number" ? ("number" as const) : ("text" as const);
    return { kind: "compare", column, op: "=", value: { type, value } as never };
  });
  return printFilter(joinChips([...(q ? [parseFilter(q)] : []), ...parts]));
}

function Members({ slug, group: { members, count } }: { slug: string; group: Group }) {
  return (
    <span className="flex flex-wrap gap-x-3">
      {members.map(({ id, name, seed }) => (
        <Link
          key={id}
          href={`/projects/${encodeURIComponent(slug)}/runs/${id}`}
          prefetch={false}
          className="inline-flex items-center gap-1.5 hover:underline"
        >
          <span aria-hidden className="size-2 rounded-full" style={{ background: runColor(id) }} />
          {name}
          {seed !== null && <span className="text-xs text-muted">seed {seed}</span>}
        </Link>
      ))}
      {count > members.length && (
        <span className="text-muted">and {(count - members.length).toLocaleString("en")} more</span>
      )}
    </span>
  );
}

const CodeDiffers = () => <Doubt title="Config and manifest agree, and the captured code doesn't">code differs</Doubt>;

/** What stands against taking the group's numbers together. */
function Manifests({ group: { count, manifests, uncited, blocked } }: { group: Group }) {
  return (
    <>
      {uncited > 0 && (
        <Doubt title="They name no split manifest: nothing says which samples they were trained and validated on">
          {uncited === count ? "uncited" : `${uncited.toLocaleString("en")} uncited`}
        </Doubt>
      )}
      {blocked > 0 && (
        <Doubt title="The checks of their split manifest block it">
          {blocked === count ? "manifest blocked" : `${blocked.toLocaleString("en")} on a blocked manifest`}
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
  <span className="ml-2 rounded-sm bg-warning-soft px-1.5 text-xs whitespace-nowrap text-warning" title={title}>
    {children}
  </span>
);
