import { Scale } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { projectHref } from "@/app/paths.ts";
import { compareFacts } from "@/lib/compare/comparison.ts";
import { asProblem } from "@/lib/problem.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { readCompareState, type SearchParams } from "./_tabs/compare-address.ts";
import { tabNamed, tabs } from "./_tabs/tabs.ts";
import { CompareTabs } from "./compare-tabs.tsx";
import { Notices } from "./notices.tsx";

export const metadata: Metadata = { title: "Compare runs" };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<SearchParams> };

export default async function ComparePage({ params, searchParams }: Props) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const query = await searchParams;
  const state = readCompareState(query);
  const { name: tab, Tab } = tabNamed(state.tab);
  const { runs, q: filter, sort, baseline } = state;
  const facts = await compareFacts(member, project.id, {
    runs,
    filter,
    baseline,
    ...(sort !== "" && { sort }),
  }).catch((error: unknown) => {
    const problem = asProblem(error);
    if (!problem || problem.status >= 500) throw error;
    return { problem: problem.detail };
  });
  return (
    <>
      <PageHeader
        title={"problem" in facts ? "Compare runs" : `Compare ${countWords(facts.runs.length, "run")}`}
        above={[{ label: project.name, href: projectHref(project.slug) }]}
        actions={<LivePage filter={{ project: project.id }} pauseMs={1000} />}
      />
      {"problem" in facts ? (
        <Empty icon={Scale} title="Nothing to compare">
          <p>{facts.problem}. Select runs in the table of the project and press c.</p>
        </Empty>
      ) : (
        <>
          <Notices facts={facts} />
          <CompareTabs tabs={tabs.map(({ name, label }) => ({ name, label }))} current={tab} />
          <Tab member={member} project={project} facts={facts} state={state} params={query} />
        </>
      )}
    </>
  );
}
