import { GitPullRequest } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound, redirect } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { PartTabs } from "@/app/_ui/domain/part-tabs.tsx";
import { ViewsMenu } from "@/app/_ui/domain/views/views-menu.tsx";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { compareHref, newReviewHref, projectHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import type { ComparedFacts } from "@/lib/compare/comparison.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { findView, listViews } from "@/lib/table/views.ts";
import { COMPARED_RUNS_MAX } from "@/lib/wire/compared.ts";
import { REVIEWED_RUNS_MAX } from "@/lib/wire/reviews/reviews.ts";
import { COLUMN_RUNS_MAX } from "@/lib/wire/run-columns.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { CompareActs } from "./_tabs/compare-acts.tsx";
import { askedQuery, compareQuery, one, readCompareState, type SearchParams } from "./_tabs/compare-address.ts";
import { tabNamed, tabs } from "./_tabs/tabs.ts";
import { AddRun } from "./add-run.tsx";
import { CompareMenu } from "./compare-menu.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { LeftOutRuns } from "./left-out.tsx";
import { Notices } from "./notices.tsx";
import { NoRun, OneRun } from "./offers.tsx";
import { readChosen } from "./read-chosen.ts";

export const metadata: Metadata = { title: "Compare runs" };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<SearchParams> };

export default async function ComparePage({ params, searchParams }: Props) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const query = await searchParams;
  const stored = one(query.view);
  const view = stored === "" ? null : await findView(member, project.id, { page: "compare", id: stored });
  if (view) redirect(compareHref(project.slug, view.query));
  const given = readCompareState(query);
  const [{ facts, leftOut, problem, filter }, views] = await Promise.all([
    readChosen(member, project, given),
    listViews(member, project.id, "compare"),
  ]);
  const state = filter ? { ...given, q: filter.q } : given;
  const { name: tab, Tab } = tabNamed(state.tab);
  const runs = facts?.runs ?? [];
  const ids = runs.map(({ id }) => id);
  const matching = runs.length + (facts?.beyond ?? 0);
  return (
    <div className="comparison">
      <PageHeader
        title={titleOf(runs.length, matching, tab)}
        above={[{ label: project.name, href: projectHref(project.slug) }]}
        actions={
          <span className="flex flex-wrap items-center gap-2 print:hidden">
            <LivePage filter={{ project: project.id }} pauseMs={1000} />
            {runs.length > 1 && <AddRun project={project.id} ids={ids} />}
            <ViewsMenu
              project={project}
              page="compare"
              query={addressOf(query)}
              views={views}
              canShare={can(member, "views.share", project.id)}
            />
            {runs.length > 1 && runs.length <= REVIEWED_RUNS_MAX && can(member, "reviews.write", project.id) && (
              <Link
                href={newReviewHref(project.slug, new URLSearchParams(runs.map(({ id }) => ["run", id])))}
                prefetch={false}
                className={`${buttonClass()} print:hidden`}
              >
                <GitPullRequest aria-hidden />
                <span className="max-md:sr-only">Ask for a review</span>
              </Link>
            )}
            {facts && runs.length > 1 && (
              <CompareMenu project={project} asked={askedQuery(state, facts.baseline).toString()} />
            )}
          </span>
        }
      />
      {filter && <FilterBar value={filter.q} fault={filter.fault} known={filter.known} primary={filter.primary} />}
      <LeftOutRuns
        slug={project.slug}
        leftOut={leftOut}
        beyond={(tab === EXPLORE ? 0 : matching - runs.length) + tickedMore(query, runs.length)}
        shown={ids}
        canRestore={can(member, "runs.delete", project.id)}
      />
      {!facts ? (
        <NoRun project={project} problem={stored === "" ? problem : "The view of this link is not there (any more)."} />
      ) : runs.length === 1 ? (
        <OneRun member={member} project={project} run={runs[0]!} />
      ) : (
        <>
          <Notices slug={project.slug} facts={noticed(facts)} />
          <PartTabs label="Parts" tabs={tabs.map(({ name, label }) => ({ name, label }))} current={tab} />
          <CompareActs canClaim={can(member, "champions.claim", project.id)}>
            <Tab member={member} project={project} facts={facts} state={state} params={query} />
          </CompareActs>
        </>
      )}
    </div>
  );
}

/** The tab that draws all that match, and not the first hundred. */
const EXPLORE = "explore";

function titleOf(shown: number, matching: number, tab: string): string {
  if (shown < 2) return "Compare runs";
  if (tab === EXPLORE) return `Explore ${countWords(Math.min(matching, COLUMN_RUNS_MAX), "run")}`;
  return `Compare ${countWords(shown, "run")}`;
}

/** How many more were ticked in the table than its link holds, which is full then. */
function tickedMore(query: SearchParams, shown: number): number {
  const more = Number(one(query.more));
  return shown === COMPARED_RUNS_MAX && Number.isSafeInteger(more) && more > 0 ? more : 0;
}

/** What the notices name of the runs, which is little beside their configs. */
const noticed = ({ runs, baseline, notices }: ComparedFacts) => ({
  baseline,
  notices,
  runs: runs.map(({ id, name, manifest }) => ({
    id,
    name,
    manifest: manifest && { id: manifest.id, name: manifest.name },
  })),
});

/** The whole address, other parts' words among it, so that a view keeps what each part shows. */
function addressOf(query: SearchParams): string {
  const whole = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const text of value === undefined ? [] : [value].flat()) whole.append(name, text);
  return compareQuery(readCompareState(query), whole).toString();
}
