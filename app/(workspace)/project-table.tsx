/** The projects as rows: how good each is, whether it gets better, and what runs. */
import Link from "next/link";
import { DirectionArrow } from "@/app/_ui/domain/primary-metric.tsx";
import { Sparkline } from "@/app/_ui/parts/sparkline.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { projectHref } from "@/app/paths.ts";
import type { ProjectOverview } from "@/lib/projects/overview.ts";
import { countWords, listWords, numberWords, significantWords } from "@/lib/words/numbers.ts";

export function ProjectTable({ projects }: { projects: ProjectOverview[] }) {
  return (
    <div className="relative overflow-x-auto">
      <table className="table bleed">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Best</th>
            <th scope="col" className="max-md:hidden">
              Last runs
            </th>
            <th scope="col" className="number max-sm:hidden">
              Runs
            </th>
            <th scope="col">Running</th>
            <th scope="col" className="number max-sm:hidden">
              Last activity
            </th>
          </tr>
        </thead>
        <tbody>
          {projects.map((project) => (
            <ProjectRow key={project.id} project={project} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ProjectRow({ project }: { project: ProjectOverview }) {
  const { trend, primaryMetric, primarySplit, primaryDirection, runCount } = project;
  return (
    <tr className="relative">
      <td className="w-full max-w-0 min-w-36">
        {/* the link covers its row */}
        <Link
          prefetch={false}
          href={projectHref(project.slug)}
          className="block truncate font-medium after:absolute after:inset-0"
          title={project.name}
        >
          {project.name}
        </Link>
      </td>
      <td>
        <BestValue project={project} />
      </td>
      <td className="max-md:hidden">
        <Sparkline
          values={trend}
          direction={primaryDirection}
          label={`${primarySplit} ${primaryMetric} of the last ${countWords(trend.length, "run")}`}
        />
      </td>
      <td className="number max-sm:hidden">{numberWords(runCount)}</td>
      <td>
        <Running project={project} />
      </td>
      <td className="number text-muted max-sm:hidden">
        {project.activeAt ? <Time at={project.activeAt} /> : "no run yet"}
      </td>
    </tr>
  );
}

const DIGITS = 4;

/** The best value of the primary metric; on a phone without what it is of. */
function BestValue({ project: { best, primaryMetric, primarySplit, primaryDirection } }: { project: ProjectOverview }) {
  if (!primaryMetric) return <span className="text-muted">no primary metric</span>;
  const metric = `${primarySplit} ${primaryMetric}`;
  return (
    <span className="flex items-center gap-1.5" title={best ? `${metric} of ${best.name}: ${best.value}` : metric}>
      {best ? (
        <span className="font-medium tabular-nums">{significantWords(best.value, DIGITS)}</span>
      ) : (
        <span className="text-muted">none yet</span>
      )}
      <span className="flex items-center gap-1 text-muted max-md:sr-only">
        <span className="max-w-48 truncate">{metric}</span>
        <DirectionArrow direction={primaryDirection} />
      </span>
    </span>
  );
}

/** How many run, and who started them. */
function Running({ project: { runningCount, running } }: { project: ProjectOverview }) {
  if (runningCount === 0) return <span className="text-muted">none</span>;
  const more = runningCount - running.runs.length;
  const names = running.runs.map(({ name }) => name);
  const all = listWords(more > 0 ? [...names, `${numberWords(more)} more`] : names);
  return (
    <span className="flex max-w-72 items-center gap-1.5" title={`${all}, by ${listWords(running.by)}`}>
      <span className="shrink-0 text-running">{numberWords(runningCount)} running</span>
      <span className="truncate text-muted max-md:sr-only">
        by {listWords(running.by)}: {names[0]}
      </span>
    </span>
  );
}
