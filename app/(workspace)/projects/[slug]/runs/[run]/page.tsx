import { ChartLine, Cpu } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { RunMenu } from "@/app/_ui/domain/run-menu.tsx";
import { LivePage } from "@/app/_ui/live/live.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { runColor } from "@/app/_ui/parts/run-color.ts";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { projectHref } from "@/app/paths.ts";
import type { MemberActor } from "@/lib/access/actor.ts";
import { can } from "@/lib/access/permissions.ts";
import { listArtifacts } from "@/lib/artifacts/artifacts.ts";
import { listCheckpoints } from "@/lib/artifacts/checkpoints.ts";
import { readConsole, readModelRecord } from "@/lib/artifacts/contents.ts";
import { listSeries } from "@/lib/metrics/series.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { getRun, type RunDetail } from "@/lib/runs/runs.ts";
import type { SeriesList } from "@/lib/wire/series.ts";
import { CodeTab } from "./code-tab.tsx";
import { ConfigTab } from "./config-tab.tsx";
import { ConsoleTab } from "./console-tab.tsx";
import { FilesTab } from "./files-tab.tsx";
import { ImagesTab } from "./images-tab.tsx";
import { ModelTab } from "./model-tab.tsx";
import { Quarantine } from "./quarantine.tsx";
import { RunCharts } from "./run-charts.tsx";
import { RunFacts, WhyItEnded } from "./run-facts.tsx";
import { RunName } from "./run-name.tsx";
import { type RunTab, runTabs } from "./run-tab.ts";
import { RunTabs } from "./run-tabs.tsx";

type RunPageProps = {
  params: Promise<{ slug: string; run: string }>;
  searchParams: Promise<{ tab?: string | string[] }>;
};

export async function generateMetadata({ params }: RunPageProps): Promise<Metadata> {
  const run = await getRun(await currentMember(), (await params).run);
  return { title: run?.name ?? "No such run" };
}

export default async function RunPage({ params, searchParams }: RunPageProps) {
  const member = await currentMember();
  const { slug, run: runId } = await params;
  const { tab: wanted } = await searchParams;
  const run = await getRun(member, runId);
  if (!run || run.slug !== decodeURIComponent(slug)) notFound();
  const series = await listSeries(member, runId);
  const tab = runTabs.find((name) => name === wanted) ?? "charts";
  const project = projectHref(run.slug);
  const canUpdate = can(member, "runs.update") && !run.deletedAt;
  const canDelete = can(member, "runs.delete") && !run.deletedAt;
  const overwrittenCount = series.series.reduce((sum, one) => sum + one.overwrittenCount, 0);
  return (
    <>
      <PageHeader
        title={<RunName id={run.id} name={run.name} color={runColor(run.id)} canRename={canUpdate} />}
        above={[{ label: run.projectName, href: project }]}
        actions={
          <>
            <LivePage filter={{ run: run.id }} pauseMs={1000} />
            <RunMenu run={{ id: run.id, name: run.name }} canRename={false} canDelete={canDelete} leaveTo={project} />
          </>
        }
      />
      {run.deletedAt && (
        <p role="status" className="border-b border-line bg-warning-soft px-4 py-2 text-sm text-warning md:px-6">
          This run is deleted. The project's settings bring it back, or purge it for good.
        </p>
      )}
      <RunFacts run={run} overwrittenCount={overwrittenCount} />
      {run.failure && <WhyItEnded failure={run.failure} killed={run.status === "killed"} />}
      <RunTabs current={tab} />
      <TabContent tab={tab} run={run} series={series} member={member} canUpdate={canUpdate} />
    </>
  );
}

/** What the client measures of the machine, which isn't what is learnt. */
const isOfSystem = (metric: string): boolean => metric.startsWith("system/");

type TabContentProps = { tab: RunTab; run: RunDetail; series: SeriesList; member: MemberActor; canUpdate: boolean };

async function TabContent({ tab, run, series, member, canUpdate }: TabContentProps) {
  if (tab === "config") return <ConfigTab run={run} canEdit={canUpdate} />;
  if (tab === "code") return <CodeTab code={run.code} />;
  if (tab === "charts" || tab === "system") {
    const project = await getProject(member, run.projectId);
    const shown = series.series.filter(({ metric }) => isOfSystem(metric) === (tab === "system"));
    return (
      <>
        {shown.length > 0 ? (
          <RunCharts
            key={tab}
            project={{ id: run.projectId, slug: project?.slug ?? "" }}
            run={{ id: run.id, name: run.name, startedAt: run.startedAt }}
            series={shown}
            primaryMetric={project?.primaryMetric ?? null}
          />
        ) : tab === "charts" ? (
          <Empty icon={ChartLine} title="No points yet">
            <p>The first point that the trainer logs appears here by itself.</p>
          </Empty>
        ) : (
          <Empty icon={Cpu} title="Nothing measured of the machine">
            <p>
              The trainer's client logs CPU, memory and GPU of its process every ten seconds, as <code>system/…</code>.
            </p>
          </Empty>
        )}
        {tab === "charts" && series.quarantined.length > 0 && <Quarantine quarantined={series.quarantined} />}
      </>
    );
  }
  const artifacts = await listArtifacts(member, run.id);
  if (tab === "model") return <ModelTab run={run} model={await readModelRecord(member, run.id, artifacts)} />;
  if (tab === "images") return <ImagesTab runId={run.id} artifacts={artifacts} />;
  if (tab === "console") return <ConsoleTab text={await readConsole(member, run.id, artifacts)} />;
  return <FilesTab runId={run.id} artifacts={artifacts} checkpoints={await listCheckpoints(member, run.id)} />;
}
