import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { PartTabs } from "@/app/_ui/domain/part-tabs.tsx";
import { RunMenu } from "@/app/_ui/domain/run-menu.tsx";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { lookAlone } from "@/app/_ui/parts/run-color.ts";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { copyRunHref, projectHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { listSeries } from "@/lib/metrics/list-series.ts";
import { readRunStanding } from "@/lib/table/run-standing.ts";
import { tabNamed, tabs } from "./_tabs/tabs.ts";
import { CompareWith } from "./compare-with.tsx";
import { findRun } from "./find-run.ts";
import { RunHead } from "./run-head.tsx";
import { RunName } from "./run-name.tsx";

type RunPageProps = {
  params: Promise<{ slug: string; run: string }>;
  searchParams: Promise<Partial<Record<"tab" | "differs", string | string[]>>>;
};

export async function generateMetadata({ params }: RunPageProps): Promise<Metadata> {
  const run = await findRun((await params).run);
  return { title: run?.name ?? "No such run" };
}

export default async function RunPage({ params, searchParams }: RunPageProps) {
  const member = await currentMember();
  const { slug, run: runId } = await params;
  const { tab: wanted, differs } = await searchParams;
  const held = Promise.all([listSeries(member, runId), readRunStanding(member, runId)]);
  // they are read beside the run: of one that isn't there they fail, and nobody waits for them
  held.catch(() => undefined);
  const run = await findRun(runId);
  if (!run || run.slug !== decodeURIComponent(slug)) notFound();
  const [series, standing] = await held;
  const { name: tab, Tab } = tabNamed(wanted);
  const project = projectHref(run.slug);
  const canUpdate = can(member, "runs.update", run.projectId) && !run.deletedAt;
  const canDelete = can(member, "runs.delete", run.projectId) && !run.deletedAt;
  return (
    <>
      <PageHeader
        title={<RunName id={run.id} name={run.name} color={lookAlone(run.color).color} canRename={canUpdate} />}
        above={[{ label: run.projectName, href: project }]}
        actions={
          <>
            <LivePage filter={{ run: run.id }} pauseMs={1000} />
            {!run.deletedAt && (
              <CompareWith
                slug={run.slug}
                run={run.id}
                replicates={
                  standing.replicates && { count: standing.replicates.count, digest: standing.replicates.digest }
                }
                best={standing.bestOnManifest && { id: standing.bestOnManifest.id, name: standing.bestOnManifest.name }}
              />
            )}
            <RunMenu
              run={{ id: run.id, name: run.name, tags: null }}
              canRename={false}
              canDelete={canDelete}
              canClaim={can(member, "champions.claim", run.projectId) && !run.deletedAt}
              copyHref={can(member, "trials.queue", run.projectId) ? copyRunHref(run.slug, run.id) : null}
              leaveTo={project}
            />
          </>
        }
      />
      {run.deletedAt && (
        <p role="status" className="border-b border-line bg-warning-soft px-4 py-2 text-sm text-warning md:px-6">
          This run is deleted. The project's settings bring it back, or purge it for good.
        </p>
      )}
      <RunHead run={run} series={series} standing={standing} member={member} canEdit={canUpdate} />
      <PartTabs label="Sections" tabs={tabs.map(({ name, label }) => ({ name, label }))} current={tab} />
      <Tab
        key={tab}
        run={run}
        series={series}
        standing={standing}
        differs={typeof differs === "string" ? differs : undefined}
        member={member}
        canEdit={canUpdate}
      />
    </>
  );
}
