import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { currentMember } from "@/app/_session.ts";
import { ChampionsContext } from "@/app/_ui/domain/champion/champion-mark.tsx";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { ProjectHeader } from "@/app/_ui/shell/project-header.tsx";
import type { MemberActor } from "@/lib/access/actor.ts";
import { can } from "@/lib/access/permissions.ts";
import { listChampions } from "@/lib/champions/champion-page.ts";
import { hasManifests } from "@/lib/manifests/manifests.ts";
import { origin } from "@/lib/origin.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { groupRuns } from "@/lib/table/groups.ts";
import { listColumns, listTellingKeys } from "@/lib/table/known-columns.ts";
import { countRuns, readRunRows, readRunsPage } from "@/lib/table/rows.ts";
import { listViews } from "@/lib/table/views.ts";
import { seriesKey } from "@/lib/wire/points/series-name.ts";
import { Arrivals } from "./_table/arrivals.tsx";
import { ChampionLine } from "./_table/champion-line.tsx";
import { FirstRun } from "./_table/first-run.tsx";
import { RunsWorkspace } from "./_table/runs-workspace.tsx";
import { followFilter } from "./_table/state/follow-filter.ts";
import { defaultColumns } from "./_table/state/runs-columns.ts";
import { orderInGroups, type RunsView, readSelected, readView } from "./_table/state/runs-view.ts";
import { type GivenSight, type NarrowPart, readNarrowPart, readSight } from "./_table/state/sight-address.ts";
import { usableView } from "./_table/state/usable-view.ts";

type Props = {
  params: Promise<{ slug: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/** Read once for title and page. */
const findProject = cache(async (slug: string) => getProject(await currentMember(), decodeURIComponent(slug)));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const project = await findProject((await params).slug);
  return { title: project?.name ?? "Not found" };
}

export default async function ProjectPage({ params, searchParams }: Props) {
  const member = await currentMember();
  const project = await findProject((await params).slug);
  if (!project) notFound();
  const query = await searchParams;
  const { view, leftOut } = usableView(readView(query), project.id);
  const primary = project.primaryMetric
    ? seriesKey({ split: project.primarySplit, metric: project.primaryMetric })
    : null;
  const filter = { project: project.id };
  const { id, name, runCount, replicateIgnores } = project;
  if (project.runCount === 0)
    return (
      <>
        <ProjectHeader project={project} actions={<LivePage filter={filter} />} />
        <Arrivals member={member} project={project} />
        <FirstRun
          origin={origin()}
          slug={project.slug}
          canMakeToken={can(member, "tokens.manage", project.id)}
          canTrain={can(member, "runs.log", project.id)}
        />
      </>
    );
  const asked = { selects: readSelected(query), sight: readSight(query), part: readNarrowPart(query) };
  const [champions, followed] = await Promise.all([
    listChampions(member, project),
    followFilter(member, { id, primary }, view.q, (q) => readTable(member, project.id, { ...view, q }, asked, primary)),
  ]);
  const { q, taken, fault } = followed;
  return (
    <>
      <ProjectHeader project={project} actions={<LivePage filter={filter} />} />
      {leftOut.length > 0 && <LeftOutParts parts={leftOut} />}
      <ChampionLine slug={project.slug} champions={champions} />
      <ChampionsContext value={champions.map(({ run }) => run)}>
        <RunsWorkspace
          project={{ id, slug: project.slug, name, runCount, replicateIgnores }}
          primary={primary}
          view={{ ...view, q }}
          table={{ ...followed.table, taken, fault }}
          can={{ update: can(member, "runs.update", project.id), remove: can(member, "runs.delete", project.id) }}
        />
      </ChampionsContext>
    </>
  );
}

/** So many rows fill any window; the others come while somebody scrolls. */
const FIRST_ROWS = 60;

/** What the address says of single runs, and which part a narrow screen shows. */
type AskedRuns = { selects: { all: boolean; ids: string[] }; sight: GivenSight; part: NarrowPart };

async function readTable(
  member: MemberActor,
  project: string,
  view: RunsView,
  { selects, sight, part }: AskedRuns,
  primary: string | null,
) {
  const filter = { filter: view.q, archived: view.archived };
  const query = { ...filter, sort: orderInGroups(view) };
  const [[telling, known], matching, views, usesManifests] = await Promise.all([
    readColumns(member, project, view),
    countRuns(member, project, query),
    listViews(member, project),
    hasManifests(member, project),
  ]);
  const shown = view.columns ?? defaultColumns(known, telling, primary);
  const columns = shown.map(({ name }) => name);
  const isGrouped = view.by.length > 0;
  const groupQuery = { ...filter, by: view.by, summaries: columns.filter(isSummary), order: [view.sort, view.thenBy] };
  const byId = { columns, archived: true };
  const [first, selected, shownRows, groups] = await Promise.all([
    readRunsPage(member, project, { ...query, columns, size: FIRST_ROWS }),
    selects.ids.length > 0 ? readRunRows(member, project, { ...byId, ids: selects.ids }) : [],
    sight.shown.length > 0 ? readRunRows(member, project, { ...byId, ids: sight.shown }) : [],
    isGrouped ? groupRuns(member, project, groupQuery) : null,
  ]);
  const isEmpty = first.rows.length === 0 && view.q !== "";
  const others = isEmpty ? await readRunsPage(member, project, { columns, size: FIRST_ROWS }) : null;
  return {
    known,
    matching,
    views,
    usesManifests,
    shown,
    first,
    others: others?.rows ?? [],
    selected: { all: selects.all, rows: selected },
    groups,
    brought: { given: sight, rows: shownRows, part },
  };
}

/** The config keys whose values differ, where the view names no columns, and all columns that are known. */
async function readColumns(member: MemberActor, project: string, { columns }: RunsView) {
  const telling = columns ? [] : await listTellingKeys(member, project);
  const named = columns?.map(({ name }) => name) ?? telling.map((key) => `config.${key}`);
  return [telling, await listColumns(member, project, named)] as const;
}

const isSummary = (name: string): boolean => !name.startsWith("config.") && name.includes("/");

/** Says which parts of the address are left out of the table. */
const LeftOutParts = ({ parts }: { parts: string[] }) => (
  <p role="status" className="px-4 pt-2 text-sm text-warning md:px-6">
    This address asks for what can't be shown; left out: <span className="break-all">{parts.join(", ")}</span>.
  </p>
);
